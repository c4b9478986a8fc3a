// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.statemachine.store.StateHash;
import io.holdfast.statemachine.store.StoreReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of this node's state at the entries that asked for them. The state is pinned while the entry is applied and
 * read afterwards, by another thread, so that applying goes on.
 *
 * <p>Each hash reads the whole state and pins it meanwhile, so {@code limits.state-hashes} of them are computed at the
 * same time, and as many again wait. One more fails with {@link LimitReachedException}.
 */
public final class StateHashes {
    /** The limit's key in the configuration. */
    public static final String LIMIT = "limits.state-hashes";

    private static final int KEPT = 16;
    private static final long IDLE_SECONDS = 5;

    private final Lock storeInUse;
    private final int limit;
    private final ThreadPoolExecutor hashing;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong generation = new AtomicLong();
    /** Hashes by the index of the entry that requested each. Guarded by this. */
    private final NavigableMap<Long, CompletableFuture<StateHash>> begun = new TreeMap<>();
    /** Waits for the hash of an entry that has not been applied yet, by its index. Guarded by this. */
    private final Map<Long, Set<Wait>> waiting = new HashMap<>();

    /**
     * Wait for a hash.
     *
     * @param hash completes with the hash, or fails when no hash will be computed
     */
    public record Wait(StateHashes hashes, long index, CompletableFuture<StateHash> hash) implements AutoCloseable {
        /** Ends the wait and removes it from the waits of its entry. */
        @Override
        public void close() {
            hashes.leave(this);
        }
    }

    /**
     * @param storeInUse held while a hash is computed, so that the store is not closed
     * @param limit how many are computed at the same time
     */
    StateHashes(Lock storeInUse, int limit) {
        this.storeInUse = storeInUse;
        this.limit = limit;
        this.hashing = new ThreadPoolExecutor(
                limit, limit, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(limit), task -> {
                    Thread thread = new Thread(task, "state-hashes");
                    thread.setDaemon(true);
                    return thread;
                });
        hashing.allowCoreThreadTimeOut(true);
    }

    /**
     * Returns a wait for the hash of the state at that index, which the caller must close.
     *
     * @param applied the last entry that is applied on this node; the wait fails at once for an index up to there without
     *     a kept hash
     */
    public synchronized Wait at(long index, long applied) {
        CompletableFuture<StateHash> known = begun.get(index);
        if (known != null) {
            return new Wait(this, index, known);
        }
        if (index <= applied) {
            return new Wait(
                    this,
                    index,
                    CompletableFuture.failedFuture(new IllegalStateException(
                            "this node has no hash of its state at the entry " + index + "; request another hash")));
        }
        CompletableFuture<StateHash> hash = new CompletableFuture<>();
        Wait wait = new Wait(this, index, hash);
        waiting.computeIfAbsent(index, i -> new HashSet<>()).add(wait);
        return wait;
    }

    private synchronized void leave(Wait wait) {
        Set<Wait> all = waiting.get(wait.index());
        if (all != null && all.remove(wait) && all.isEmpty()) {
            waiting.remove(wait.index());
        }
    }

    /** Returns the number of hashes that are being computed or wait. */
    public int running() {
        return running.get();
    }

    /** Returns the number of hashes that may be computed at the same time. */
    public int limit() {
        return limit;
    }

    /**
     * Checks that one more hash can be computed on this node.
     *
     * @throws LimitReachedException if it cannot
     */
    public void requireRoom() {
        if (running() >= 2 * limit) {
            throw full();
        }
    }

    private LimitReachedException full() {
        return new LimitReachedException(
                LIMIT,
                "This node computes " + limit + " hashes of its state, which is " + LIMIT + ", and as many wait."
                        + " Wait until they are done, and request another hash.");
    }

    /** Starts to hash the state after an entry. Closes {@code pinned} after reading it. */
    void begin(long index, StoreReader pinned) {
        CompletableFuture<StateHash> result = began(index);
        long asOf = generation.get();
        running.incrementAndGet();
        try {
            hashing.execute(() -> compute(pinned, asOf, result));
        } catch (RejectedExecutionException e) {
            running.decrementAndGet();
            pinned.close();
            result.completeExceptionally(full());
        }
    }

    private synchronized CompletableFuture<StateHash> began(long index) {
        CompletableFuture<StateHash> result = new CompletableFuture<>();
        begun.put(index, result);
        while (begun.size() > KEPT) {
            begun.pollFirstEntry();
        }
        Set<Wait> all = waiting.remove(index);
        if (all != null) {
            CompletableFuture<StateHash> unused =
                    result.whenComplete((hash, failure) -> all.forEach(wait -> end(wait.hash(), hash, failure)));
        }
        return result;
    }

    private static void end(CompletableFuture<StateHash> wait, StateHash hash, @Nullable Throwable failure) {
        if (failure == null) {
            wait.complete(hash);
        } else {
            wait.completeExceptionally(failure);
        }
    }

    private void compute(StoreReader pinned, long asOf, CompletableFuture<StateHash> result) {
        storeInUse.lock();
        try {
            if (asOf != generation.get()) {
                throw new IllegalStateException("the state was replaced by a snapshot before it was hashed");
            }
            try (pinned) {
                result.complete(StateHash.of(pinned));
            }
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        } finally {
            storeInUse.unlock();
            running.decrementAndGet();
        }
    }

    /** Fails all hashes, because the store is about to be closed and pinned states cannot be read any more. */
    synchronized void forget() {
        generation.incrementAndGet();
        IllegalStateException replaced = new IllegalStateException("the state was replaced before it was hashed");
        begun.values().forEach(hash -> hash.completeExceptionally(replaced));
        waiting.values().forEach(all -> all.forEach(wait -> wait.hash().completeExceptionally(replaced)));
        begun.clear();
        waiting.clear();
    }
}
