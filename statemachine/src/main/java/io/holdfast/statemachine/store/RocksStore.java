// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A store in RocksDB, without a write-ahead log. All tables share one column family, so that whatever RocksDB flushes
 * on its own is a state between two writes, and a checkpoint is one flush and a few hard links.
 */
public final class RocksStore implements Store {
    private static final long MEMTABLE_BYTES = 32L << 20;
    /**
     * Maximum number of memtables: the one that is written, and those that wait to be flushed. RocksDB stops writes when all
     * of them are full. With its default of two, a burst of large values stopped a node for more than a second.
     */
    private static final int MEMTABLES = 4;
    /**
     * Number of bytes of a new file after which RocksDB starts to write them to the disk. Each commit waits for an fsync of the
     * log, which would otherwise wait for whole files of the store.
     */
    private static final long SYNC_BYTES = 1L << 20;
    /**
     * Size from which rows are kept in blob files, which compactions do not write again. Values of up to 1 MiB made
     * compactions take a third of the processor time of a node under load.
     */
    private static final long BLOB_BYTES = 16L << 10;
    /**
     * Part of the oldest blob files that nobody refers to any more from which on RocksDB moves the rest to new files. It
     * bounds the space that removed values take.
     */
    private static final double BLOB_GARBAGE = 0.5;
    /** Blocks, indexes and filters together: what is outside the heap has a bound, however large the state is. */
    private static final long BLOCK_CACHE_BYTES = 128L << 20;
    /**
     * Four shards of it. RocksDB would make 64 of 2 MiB, in which a few filters of half a MiB that fall together drive each
     * other out: then every look for a row that is not there reads filters again.
     */
    private static final int BLOCK_CACHE_SHARD_BITS = 2;
    /** Four times RocksDB's own: the index of ten million entries shrinks with it, and rows are small. */
    private static final long BLOCK_BYTES = 16L << 10;

    private static final int FILES_OF_A_CHECKPOINT = 16;

    static {
        RocksDB.loadLibrary();
    }

    private final Cache blockCache = new LRUCache(BLOCK_CACHE_BYTES, BLOCK_CACHE_SHARD_BITS);
    private final BloomFilter bloomFilter = new BloomFilter(10);
    private final Options options;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions readOptions = new ReadOptions();
    private final RocksDB db;

    private RocksStore(Path folder) throws RocksDBException {
        options = new Options()
                .setCreateIfMissing(true)
                .setParanoidChecks(true)
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(MEMTABLES)
                .setBytesPerSync(SYNC_BYTES)
                .setEnableBlobFiles(true)
                .setMinBlobSize(BLOB_BYTES)
                .setBlobCompressionType(CompressionType.LZ4_COMPRESSION)
                .setEnableBlobGarbageCollection(true)
                .setBlobGarbageCollectionForceThreshold(BLOB_GARBAGE)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(512)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(4L << 20)
                .setLevelCompactionDynamicLevelBytes(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(blockCache)
                        .setFilterPolicy(bloomFilter)
                        .setBlockSize(BLOCK_BYTES)
                        .setIndexType(IndexType.kTwoLevelIndexSearch)
                        .setPartitionFilters(true)
                        .setPinTopLevelIndexAndFilter(true)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setPinL0FilterAndIndexBlocksInCache(true));
        db = RocksDB.open(options, folder.toString());
    }

    /** Opens the store in that folder, or makes a new one there. */
    public static RocksStore open(Path folder) {
        try {
            Files.createDirectories(folder);
            return new RocksStore(folder);
        } catch (IOException | RocksDBException e) {
            throw new StoreException("the store in " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return get(readOptions, key);
    }

    private byte @Nullable [] get(ReadOptions how, byte[] key) {
        try {
            return db.get(how, key);
        } catch (RocksDBException e) {
            throw new StoreException("reading the store failed: " + e.getMessage(), e);
        }
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        return new RocksCursor(db, null, from, to);
    }

    @Override
    public @Nullable Found last(byte[] from, byte[] to) {
        return last(null, from, to);
    }

    private @Nullable Found last(@Nullable Snapshot snapshot, byte[] from, byte[] to) {
        try (Slice begin = new Slice(from);
                Slice end = new Slice(to);
                ReadOptions bounds =
                        new ReadOptions().setIterateLowerBound(begin).setIterateUpperBound(end)) {
            if (snapshot != null) {
                bounds.setSnapshot(snapshot);
            }
            try (RocksIterator rows = db.newIterator(bounds)) {
                rows.seekToLast();
                rows.status();
                return rows.isValid() ? new Found(rows.key(), rows.value()) : null;
            }
        } catch (RocksDBException e) {
            throw new StoreException("reading the store backwards failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void write(List<Change> changes) {
        try (WriteBatch batch = new WriteBatch()) {
            for (Change change : changes) {
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw new StoreException("writing the store failed: " + e.getMessage(), e);
        }
    }

    @Override
    public StoreReader snapshot() {
        return new RocksSnapshot();
    }

    @Override
    public void checkpoint(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(folder.toString());
        } catch (RocksDBException e) {
            throw new StoreException("a checkpoint in " + folder + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public byte @Nullable [] read(Path checkpoint, byte[] key) {
        try (Options few = new Options().setMaxOpenFiles(FILES_OF_A_CHECKPOINT);
                RocksDB written = RocksDB.openReadOnly(few, checkpoint.toString())) {
            return written.get(key);
        } catch (RocksDBException e) {
            throw new StoreException("reading the checkpoint in " + checkpoint + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        db.close();
        readOptions.close();
        writeOptions.close();
        options.close();
        bloomFilter.close();
        blockCache.close();
    }

    private final class RocksSnapshot implements StoreReader {
        private final Snapshot snapshot = db.getSnapshot();
        private final ReadOptions at = new ReadOptions().setSnapshot(snapshot);

        @Override
        public byte @Nullable [] get(byte[] key) {
            return RocksStore.this.get(at, key);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            return new RocksCursor(db, snapshot, from, to);
        }

        @Override
        public @Nullable Found last(byte[] from, byte[] to) {
            return RocksStore.this.last(snapshot, from, to);
        }

        @Override
        public void close() {
            at.close();
            db.releaseSnapshot(snapshot);
            snapshot.close();
        }
    }

    private static final class RocksCursor implements Cursor {
        private final Slice end;
        private final ReadOptions bounds;
        private final RocksIterator rows;
        private boolean started;

        RocksCursor(RocksDB db, @Nullable Snapshot snapshot, byte[] from, byte[] to) {
            end = new Slice(to);
            bounds = new ReadOptions().setIterateUpperBound(end);
            if (snapshot != null) {
                bounds.setSnapshot(snapshot).setFillCache(false); // whoever reads all must not push out what is used
            }
            rows = db.newIterator(bounds);
            rows.seek(from);
        }

        @Override
        public boolean next() {
            if (started) {
                rows.next();
            }
            started = true;
            if (rows.isValid()) {
                return true;
            }
            try {
                rows.status();
            } catch (RocksDBException e) {
                throw new StoreException("scanning the store failed: " + e.getMessage(), e);
            }
            return false;
        }

        @Override
        public byte[] key() {
            return rows.key();
        }

        @Override
        public byte[] value() {
            return rows.value();
        }

        @Override
        public void close() {
            rows.close();
            bounds.close();
            end.close();
        }
    }
}
