// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.protocol.v1.Query;
import io.holdfast.server.metrics.ApplyMetrics;
import io.holdfast.server.node.Emergency;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.StaleAnswer;
import io.holdfast.statemachine.UnknownContent;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.store.Position;
import io.holdfast.statemachine.store.RocksStore;
import io.holdfast.statemachine.store.Store;
import io.holdfast.statemachine.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel as Ratis sees it. The live store is made anew from the latest snapshot at every start, and what the log
 * holds beyond is applied again: what is on disk there after a crash never matters.
 */
final class ReplicatedState extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedState.class);
    /** Time above which an entry is logged: no other entry is applied meanwhile, and keep-alives wait. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Index that stands for no snapshot. Ratis does not pass on an exception. */
    private static final long NO_SNAPSHOT = -1;

    private final Path liveFolder;
    private final Emergency emergency;
    private final ApplyMetrics metrics;
    private final Function<Path, Store> open;
    private final StateHashes hashes;
    private final SnapshotFolder snapshots = new SnapshotFolder();
    private final Followers followers = new Followers(System::nanoTime);
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();
    /** The write side opens and closes the store, the read side uses it. */
    private final ReentrantReadWriteLock storeLock = new ReentrantReadWriteLock();

    private volatile LeadershipListener listener;
    private volatile @Nullable Live live;
    /** An entry could not be applied: what is here must neither go on nor become a snapshot. */
    private volatile boolean broken;

    private volatile long snapshotPauseNanos;
    /** The reason why the last attempt to take a snapshot failed; empty: it did not. */
    private volatile String snapshotFailure = "";

    private record Live(Store store, Kernel kernel) {}

    /** @param stateHashes how many hashes of the state are computed at the same time */
    ReplicatedState(
            Path liveFolder, Emergency emergency, LeadershipListener listener, ApplyMetrics metrics, int stateHashes) {
        this(liveFolder, emergency, listener, metrics, stateHashes, RocksStore::open);
    }

    /** @param open opens the store of a folder */
    ReplicatedState(
            Path liveFolder,
            Emergency emergency,
            LeadershipListener listener,
            ApplyMetrics metrics,
            int stateHashes,
            Function<Path, Store> open) {
        this.metrics = metrics;
        this.open = open;
        this.liveFolder = liveFolder;
        this.emergency = emergency;
        this.listener = listener;
        this.hashes = new StateHashes(storeLock.readLock(), stateHashes);
    }

    StateHashes hashes() {
        return hashes;
    }

    Followers followers() {
        return followers;
    }

    /** Bytes of entries that were applied since the last snapshot. */
    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    @Nullable
    Kernel kernel() {
        Live now = live;
        return now == null ? null : now.kernel();
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        getLifeCycle().startAndTransition(() -> {
            snapshots.init(storage);
            load();
        });
    }

    @Override
    public void pause() {
        storeLock.writeLock().lock();
        try {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            unload();
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        } finally {
            storeLock.writeLock().unlock();
        }
    }

    @Override
    public void reinitialize() throws IOException {
        LOG.info("loading the state from a snapshot that the leader sent");
        getLifeCycle().startAndTransition(() -> {
            snapshots.refresh();
            Path installed = snapshots.latestFolder();
            if (installed != null) {
                Folders.sync(installed); // Ratis has not
            }
            load();
        });
    }

    private void load() throws IOException {
        storeLock.writeLock().lock();
        try {
            unload();
            Folders.delete(liveFolder);
            FileListSnapshotInfo snapshot = snapshots.getLatestSnapshot();
            Path folder = snapshots.latestFolder();
            if (snapshot != null && folder != null) {
                Folders.linkStore(folder, liveFolder);
            }
            Store store = open.apply(liveFolder);
            live = new Live(store, new Kernel(store));
            setLastAppliedTermIndex(snapshot == null ? TermIndex.INITIAL_VALUE : snapshot.getTermIndex());
            bytesSinceSnapshot.set(0);
        } finally {
            storeLock.writeLock().unlock();
        }
    }

    private void unload() {
        Live old = live;
        live = null;
        if (old != null) {
            hashes.forget();
            old.kernel().close();
            old.store().close();
        }
    }

    @Override
    public void close() {
        storeLock.writeLock().lock();
        try {
            unload();
        } finally {
            storeLock.writeLock().unlock();
        }
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(request.getMessage())
                .build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        storeLock.readLock().lock();
        try {
            Live now = live;
            if (now == null || broken) {
                return CompletableFuture.failedFuture(new IllegalStateException(
                        broken
                                ? "an earlier entry could not be applied"
                                : "a snapshot is being installed; it holds this entry"));
            }
            apply(now, transaction);
            return CompletableFuture.completedFuture(Message.EMPTY);
        } catch (IOException | RuntimeException | Error e) {
            // To go on would make this replica differ from the others.
            broken = true;
            emergency.stop("applying the log failed", e);
            return CompletableFuture.failedFuture(e);
        } finally {
            storeLock.readLock().unlock();
        }
    }

    private void apply(Live now, TransactionContext transaction) throws IOException {
        RaftProtos.LogEntryProto entry = transaction.getLogEntry();
        var data = entry.getStateMachineLogEntry().getLogData();
        Batch batch = transaction.getStateMachineContext() instanceof Batch own ? own : null;
        if (entry.getIndex() > now.kernel().appliedIndex()) {
            LogEntry content =
                    batch != null ? batch.entry() : UnknownContent.read(entry.getIndex(), data.toByteArray());
            Onlooker onlooker = batch != null ? batch.audience() : Onlooker.NONE;
            long began = System.nanoTime();
            Applied applied = now.kernel().apply(entry.getIndex(), entry.getTerm(), content, onlooker);
            if (applied.marks() > 0) {
                hashes.begin(entry.getIndex(), now.store().snapshot());
            }
            bytesSinceSnapshot.addAndGet(data.size());
            if (batch != null) {
                batch.audience().applied(applied);
            }
            long nanos = System.nanoTime() - began;
            metrics.applied(nanos);
            metrics.backlog(applied.backlog());
            if (nanos > SLOW_NANOS) {
                LOG.warn(
                        "slow entry index={} millis={} bytes={} left={} items={}",
                        entry.getIndex(),
                        nanos / 1_000_000,
                        data.size(),
                        applied.backlog(),
                        EntryText.of(content));
            }
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    }

    /** Returns the reason why the last attempt to take a snapshot failed; empty: it did not. */
    String snapshotFailure() {
        return snapshotFailure;
    }

    /** How long the last snapshot kept entries from being applied. */
    long snapshotPauseNanos() {
        return snapshotPauseNanos;
    }

    /**
     * Writes a snapshot of what is applied now or during this call, while further entries are applied. Ratis learns of it
     * from the next {@link #takeSnapshot()}. One thread at a time writes; any may call it.
     *
     * @return the last entry that it holds; -1: there is no snapshot, for the reason that {@link #snapshotFailure()} tells
     */
    long writeSnapshot() {
        synchronized (snapshots) {
            storeLock.readLock().lock();
            try {
                Live now = live;
                if (now == null || broken || now.kernel().appliedIndex() == 0) {
                    return NO_SNAPSHOT;
                }
                return write(now);
            } catch (StoreException | IOException e) {
                // The node goes on. Neither the state nor the log has changed: a checkpoint only reads the store, its
                // files are deleted, and the log after the last snapshot is kept, so a restart still finds everything.
                // The common cause is a full disk, which may have space again later; DiskGuard stops the node before
                // the
                // log fills the rest. A damaged or read-only store fails the next entry, and that stops the node.
                snapshotFailure = String.valueOf(e.getMessage());
                LOG.error("taking the snapshot failed; the log is kept, and it is tried again", e);
                return NO_SNAPSHOT;
            } catch (RuntimeException e) {
                emergency.stop("taking a snapshot failed", e); // a bug: the state may be damaged
                throw e;
            } finally {
                storeLock.readLock().unlock();
            }
        }
    }

    private long write(Live now) throws IOException {
        long began = System.nanoTime();
        long bytes = bytesSinceSnapshot.get();
        TermIndex at = snapshots.take(folder -> {
            now.store().checkpoint(folder);
            Position position = Position.of(now.store(), folder);
            return TermIndex.valueOf(position.term(), position.index());
        });
        bytesSinceSnapshot.addAndGet(-bytes);
        snapshotFailure = "";
        LOG.info("took the snapshot {} in {} ms", at, (System.nanoTime() - began) / 1_000_000);
        return at.getIndex();
    }

    /**
     * Tells Ratis of the snapshot that was written last. Entries wait meanwhile, so it writes one only if there is none:
     * Ratis asks by itself when this node stops.
     */
    @Override
    public long takeSnapshot() {
        long began = System.nanoTime();
        if (!snapshots.announce()) {
            writeSnapshot();
            snapshots.announce();
        }
        snapshotPauseNanos = System.nanoTime() - began;
        FileListSnapshotInfo latest = snapshots.getLatestSnapshot();
        return latest == null ? NO_SNAPSHOT : latest.getIndex();
    }

    /** Deletes snapshots that are not needed any more. */
    void deleteOldSnapshots() {
        try {
            snapshots.deleteOld();
        } catch (IOException e) {
            LOG.warn("old snapshots could not be deleted; it is tried again after the next one", e);
        }
    }

    /** Answers from what this node has applied, on any thread; null: a snapshot is being installed. */
    @Nullable
    StaleAnswer answerStale(Query query) {
        storeLock.readLock().lock();
        try {
            Live now = live;
            return now == null ? null : now.kernel().answerStale(query);
        } finally {
            storeLock.readLock().unlock();
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    @Override
    public @Nullable FileListSnapshotInfo getLatestSnapshot() {
        return snapshots.getLatestSnapshot();
    }

    private long currentTerm() {
        try {
            return getServer().join().getDivision(getGroupId()).getInfo().getCurrentTerm();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the group is gone from this server", e);
        }
    }

    @Override
    public void notifyLeaderReady() {
        Kernel kernel = kernel();
        if (kernel != null) {
            listener.leads(currentTerm(), kernel);
        }
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        listener.leadsNoMore(currentTerm());
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        LOG.info("{} is the leader now", leader);
        if (!member.getPeerId().equals(leader)) {
            listener.leadsNoMore(currentTerm());
        }
    }

    @Override
    public void notifyFollowerSlowness(RaftProtos.RoleInfoProto leader, RaftPeer follower) {
        followers.isSilent(follower.getId().toString());
    }

    @Override
    public void notifyLogFailed(Throwable cause, RaftProtos.@Nullable LogEntryProto entry) {
        emergency.stop("the Raft log failed", cause);
    }
}
