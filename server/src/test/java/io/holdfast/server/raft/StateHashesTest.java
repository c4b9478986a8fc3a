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
    private final StateHashes hashes = new StateHashes(storeLock.readLock(), 2);
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

    private CompletableFuture<StateHash> at(long index) {
        return hashes.at(index, 0).hash();
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

        assertThat(get(at(7))).isEqualTo(before).isNotEqualTo(StateHash.of(store));
        awaitClosed(1);
    }

    @Test
    void hash_thatIsAskedForBefore_comesLater() throws Exception {
        CompletableFuture<StateHash> asked = at(7);
        assertThat(asked).isNotDone();

        hashes.begin(7, pinned(true));

        assertThat(get(asked)).isEqualTo(StateHash.of(store));
    }

    @Test
    void state_thatCannotBeRead_failsTheHash_andIsLetGo() {
        hashes.begin(7, pinned(false));

        assertThatThrownBy(() -> get(at(7))).hasMessageContaining("the disk is gone");
        awaitClosed(1);
    }

    @Test
    void store_thatIsReplaced_failsThoseWhoWait() {
        CompletableFuture<StateHash> asked = at(7);

        hashes.forget();

        assertThatThrownBy(() -> get(asked)).hasMessageContaining("the state was replaced before it was hashed");
    }

    @Test
    void store_thatIsReplaced_isNotReadAnyMore() {
        CompletableFuture<StateHash> asked = at(7);
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
            assertThat(at(7)).isNotDone();
        } finally {
            storeLock.writeLock().unlock();
        }

        assertThat(get(at(7))).isEqualTo(StateHash.of(store));
    }

    @Test
    void oldHashes_areForgotten() throws Exception {
        CompletableFuture<StateHash> first = at(1);
        for (int index = 1; index <= 20; index++) {
            hashes.begin(index, pinned(true));
            assertThat(get(at(index))).isEqualTo(StateHash.of(store));
        }

        assertThat(get(first)).isEqualTo(StateHash.of(store));
        assertThatThrownBy(() -> get(hashes.at(1, 20).hash()))
                .hasMessageContaining("no hash of its state at the entry 1; request another hash");
        assertThat(get(hashes.at(20, 20).hash())).isEqualTo(StateHash.of(store));
        awaitClosed(20);
    }

    @Test
    void hash_thatIsOneTooMany_fails_byName_andIsLetGo() throws Exception {
        CompletableFuture<StateHash> waiting = at(5);
        storeLock.writeLock().lock();
        try {
            for (int index = 1; index <= 4; index++) {
                hashes.requireRoom();
                hashes.begin(index, pinned(true));
            }
            assertThat(hashes.running()).isEqualTo(4);
            assertThatThrownBy(hashes::requireRoom).isInstanceOf(LimitReachedException.class);

            hashes.begin(5, pinned(true));

            assertThatThrownBy(() -> get(waiting))
                    .cause()
                    .isInstanceOf(LimitReachedException.class)
                    .hasMessage(
                            "This node computes 2 hashes of its state, which is limits.state-hashes, and as many wait."
                                    + " Wait until they are done, and request another hash.");
            assertThat(closed).hasValue(1);
        } finally {
            storeLock.writeLock().unlock();
        }

        for (int index = 1; index <= 4; index++) {
            assertThat(get(at(index))).isEqualTo(StateHash.of(store));
        }
        Eventually.eventually("there is room again", Duration.ofSeconds(10), () -> hashes.running() == 0);
        hashes.requireRoom();
        awaitClosed(5);
    }

    @Test
    void wait_thatIsOver_isNotKept() throws Exception {
        StateHashes.Wait left = hashes.at(7, 0);
        StateHashes.Wait stays = hashes.at(7, 0);
        left.close();

        hashes.begin(7, pinned(true));

        assertThat(get(stays.hash())).isEqualTo(StateHash.of(store));
        assertThat(left.hash()).isNotDone();
    }
}
