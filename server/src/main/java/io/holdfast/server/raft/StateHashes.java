// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.statemachine.store.StateHash;
import io.holdfast.statemachine.store.StoreReader;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;

/**
 * Hashes of this node's state at the entries that asked for them. The state is pinned while the entry is applied and
 * read afterwards, by another thread, so that applying goes on.
 */
public final class StateHashes {
    private static final int KEPT = 16;

    private final ConcurrentSkipListMap<Long, CompletableFuture<StateHash>> byIndex = new ConcurrentSkipListMap<>();
    private final Lock storeInUse;
    private final AtomicLong generation = new AtomicLong();

    StateHashes(Lock storeInUse) {
        this.storeInUse = storeInUse;
    }

    /** The hash at that index, once it is known; never, if no entry at that index asked for it. */
    public CompletableFuture<StateHash> at(long index) {
        return byIndex.computeIfAbsent(index, i -> new CompletableFuture<>());
    }

    void begin(long index, StoreReader pinned) {
        CompletableFuture<StateHash> result = at(index);
        long asOf = generation.get();
        Thread hashing = new Thread(() -> compute(pinned, asOf, result), "state-hash-" + index);
        hashing.setDaemon(true);
        hashing.start();
        while (byIndex.size() > KEPT) {
            byIndex.pollFirstEntry();
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
        }
    }

    /** The store is about to be closed: what was pinned there cannot be read any more. */
    void forget() {
        generation.incrementAndGet();
        for (Map.Entry<Long, CompletableFuture<StateHash>> entry : byIndex.entrySet()) {
            entry.getValue()
                    .completeExceptionally(new IllegalStateException("the state was replaced before it was hashed"));
        }
        byIndex.clear();
    }
}
