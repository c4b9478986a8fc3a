// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one node: each a folder {@code snapshot_<term>_<index>} of RocksDB files below Ratis' folder for the
 * state machine. When Ratis installs one from the leader, it replaces that folder as a whole.
 */
final class SnapshotFolder implements StateMachineStorage {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFolder.class);
    private static final Pattern NAME = Pattern.compile("snapshot_(\\d+)_(\\d+)");
    private static final String UNFINISHED = "unfinished";
    private static final String DIGEST = ".md5";
    /**
     * The latest, and one that may be on its way to another node. Meanwhile others are put off; if two are taken all the
     * same, Ratis begins again with the latest.
     */
    private static final int KEPT = 2;

    private @Nullable Path folder;
    private volatile @Nullable FileListSnapshotInfo latest;
    /** A snapshot that is finished, and of which Ratis does not know. */
    private final AtomicReference<@Nullable FileListSnapshotInfo> unannounced = new AtomicReference<>();

    @Override
    public void init(RaftStorage storage) throws IOException {
        folder = storage.getStorageDir().getStateMachineDir().toPath();
        Files.createDirectories(folder());
        deleteUnfinished();
        refresh();
    }

    @Override
    public void format() {}

    @Override
    public @Nullable FileListSnapshotInfo getLatestSnapshot() {
        return latest;
    }

    private void deleteUnfinished() throws IOException {
        try (Stream<Path> entries = Files.list(folder())) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(UNFINISHED)) {
                    Folders.delete(entry);
                }
            }
        }
    }

    /** Looks again which snapshots there are. */
    void refresh() throws IOException {
        List<Path> snapshots = snapshots();
        unannounced.set(null);
        latest = snapshots.isEmpty() ? null : info(snapshots.get(snapshots.size() - 1));
    }

    /** The folder of the latest snapshot; null: there is none. */
    @Nullable
    Path latestFolder() {
        FileListSnapshotInfo snapshot = latest;
        return snapshot == null ? null : path(snapshot.getTermIndex());
    }

    /**
     * Takes a snapshot, durably. It becomes the latest one with {@link #announce()}; an earlier one that was not announced is
     * deleted. A failed attempt deletes its files at once: on a disk that is nearly full, the next attempt and the log need
     * the space. One thread at a time takes snapshots.
     *
     * @param write writes the state as files of the new folder that it is given, and returns the last entry that it holds
     * @return the last entry that the snapshot holds
     */
    TermIndex take(Function<Path, TermIndex> write) throws IOException {
        Path unfinished = folder().resolve(UNFINISHED);
        Folders.delete(unfinished);
        try {
            TermIndex at = write.apply(unfinished);
            finish(unfinished, at);
            return at;
        } catch (IOException | RuntimeException e) {
            try {
                deleteUnfinished();
            } catch (IOException left) {
                e.addSuppressed(left); // the next start deletes it
            }
            throw e;
        }
    }

    private void finish(Path unfinished, TermIndex at) throws IOException {
        if (isAt(unannounced.get(), at) || isAt(latest, at)) {
            Folders.delete(unfinished); // the same state; the one that is there may be on its way to another node
            return;
        }
        Folders.sync(unfinished);
        Path finished = path(at);
        Folders.delete(finished);
        Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
        Folders.syncEntry(folder());
        FileListSnapshotInfo replaced = unannounced.getAndSet(info(finished));
        if (replaced != null) {
            Folders.delete(path(replaced.getTermIndex()));
        }
    }

    private static boolean isAt(@Nullable FileListSnapshotInfo snapshot, TermIndex at) {
        return snapshot != null && snapshot.getTermIndex().equals(at);
    }

    /**
     * Makes the snapshot that was taken last the latest one. Returns false if there is none, or if it is the latest already.
     * Any thread may call it; it does not wait.
     */
    boolean announce() {
        FileListSnapshotInfo taken = unannounced.getAndSet(null);
        if (taken != null) {
            latest = taken;
        }
        return taken != null;
    }

    /** Does nothing, since Ratis calls it on the thread that applies: see {@link #deleteOld}. */
    @Override
    public void cleanupOldSnapshots(@Nullable SnapshotRetentionPolicy policy) {}

    /** Deletes all snapshots but the last two. */
    void deleteOld() throws IOException {
        List<Path> snapshots = snapshots();
        for (Path old : snapshots.subList(0, Math.max(0, snapshots.size() - KEPT))) {
            LOG.info("deleting the snapshot {}", old.getFileName());
            Folders.delete(old);
        }
    }

    /** All snapshots, oldest first. */
    private List<Path> snapshots() throws IOException {
        List<Path> snapshots = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder())) {
            for (Path entry : entries.toList()) {
                if (NAME.matcher(entry.getFileName().toString()).matches()) {
                    snapshots.add(entry);
                }
            }
        }
        snapshots.sort(Comparator.comparing(path -> at(path).getIndex()));
        return snapshots;
    }

    private static FileListSnapshotInfo info(Path snapshot) throws IOException {
        List<FileInfo> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(snapshot)) {
            entries.filter(file -> !file.toString().endsWith(DIGEST))
                    .sorted()
                    .forEach(file -> files.add(new FileInfo(file, null)));
        }
        return new FileListSnapshotInfo(files, at(snapshot));
    }

    private static TermIndex at(Path snapshot) {
        Matcher name = NAME.matcher(snapshot.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException(snapshot + " is no snapshot");
        }
        return TermIndex.valueOf(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
    }

    private Path path(TermIndex at) {
        return folder().resolve("snapshot_" + at.getTerm() + "_" + at.getIndex());
    }

    private Path folder() {
        Path path = folder;
        if (path == null) {
            throw new IllegalStateException("the folder of the snapshots is not known before init");
        }
        return path;
    }
}
