// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.server.fixture.Eventually;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.StateHash;
import io.holdfast.statemachine.store.Store;
import io.holdfast.statemachine.store.StoreReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

class StateHashesTest {
    private final ReentrantReadWriteLock storeLock = new ReentrantReadWriteLock();
    private final StateHashes hashes = new StateHashes(storeLock.readLock());
    private final MemoryStore store = new MemoryStore();
    private final AtomicInteger closed = new AtomicInteger();

    /** A pinned state that counts how often it was let go. */
    private StoreReader pinned(boolean readable) {
        StoreReader reader = store.snapshot();
        return new StoreReader() {
            @Override
            public byte[] get(byte[] key) {
                return reader.get(key);
            }

            @Override
            public Cursor scan(byte[] from, byte[] to) {
                if (!readable) {
                    throw new IllegalStateException("the disk is gone");
                }
                return reader.scan(from, to);
            }

            @Override
            public Found last(byte[] from, byte[] to) {
                return reader.last(from, to);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
                reader.close();
            }
        };
    }

    private void write(int key, int value) {
        store.write(List.of(new Store.Change(new byte[] {1, (byte) key}, new byte[] {(byte) value})));
    }

    private static StateHash get(CompletableFuture<StateHash> hash)
            throws ExecutionException, InterruptedException, TimeoutException {
        return hash.get(10, TimeUnit.SECONDS);
    }

    private void awaitClosed(int times) {
        Eventually.eventually("the pinned state is let go", Duration.ofSeconds(10), () -> closed.get() == times);
    }

    @Test
    void hash_isOfTheStateAsItWas_whenTheEntryWasApplied() throws Exception {
        write(1, 1);
        StateHash before = StateHash.of(store);
        StoreReader pinned = pinned(true);
        write(2, 2);

        hashes.begin(7, pinned);

        assertThat(get(hashes.at(7))).isEqualTo(before).isNotEqualTo(StateHash.of(store));
        awaitClosed(1);
    }

    @Test
    void hash_thatIsAskedForBefore_comesLater() throws Exception {
        CompletableFuture<StateHash> asked = hashes.at(7);
        assertThat(asked).isNotDone();

        hashes.begin(7, pinned(true));

        assertThat(get(asked)).isEqualTo(StateHash.of(store));
    }

    @Test
    void state_thatCannotBeRead_failsTheHash_andIsLetGo() {
        hashes.begin(7, pinned(false));

        assertThatThrownBy(() -> get(hashes.at(7))).hasMessageContaining("the disk is gone");
        awaitClosed(1);
    }

    @Test
    void store_thatIsReplaced_failsThoseWhoWait() {
        CompletableFuture<StateHash> asked = hashes.at(7);

        hashes.forget();

        assertThatThrownBy(() -> get(asked)).hasMessageContaining("the state was replaced before it was hashed");
    }

    @Test
    void store_thatIsReplaced_isNotReadAnyMore() {
        CompletableFuture<StateHash> asked = hashes.at(7);
        storeLock.writeLock().lock();
        try {
            hashes.begin(7, pinned(true));
            hashes.forget();
        } finally {
            storeLock.writeLock().unlock();
        }

        assertThatThrownBy(() -> get(asked)).hasMessageContaining("the state was replaced");
        assertThat(closed).as("a reader of a closed store must not be touched").hasValue(0);
    }

    @Test
    void store_isNotReplaced_whileItIsHashed() throws Exception {
        storeLock.writeLock().lock();
        try {
            hashes.begin(7, pinned(true));
            assertThat(hashes.at(7)).isNotDone();
        } finally {
            storeLock.writeLock().unlock();
        }

        assertThat(get(hashes.at(7))).isEqualTo(StateHash.of(store));
    }

    @Test
    void oldHashes_areForgotten() throws Exception {
        CompletableFuture<StateHash> first = hashes.at(1);
        for (int index = 1; index <= 20; index++) {
            hashes.begin(index, pinned(true));
        }

        assertThat(get(first)).isEqualTo(StateHash.of(store));
        assertThat(hashes.at(1)).isNotSameAs(first);
        assertThat(get(hashes.at(20))).isEqualTo(StateHash.of(store));
        awaitClosed(20);
    }
}
