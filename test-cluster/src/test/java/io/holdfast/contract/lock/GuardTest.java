// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.Guard;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.SharedCluster;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A command that is guarded by a grant takes effect while the grant is current, and never after. */
class GuardTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedLock lock;
    private SharedDict<String, Long> dict;
    private SharedValue<Long> value;
    private SharedEvent event;

    @BeforeEach
    void openObjects() {
        lock = shared.client().lock(shared.name());
        dict = shared.client().dict(shared.name(), String.class, Long.class);
        value = shared.client().value(shared.name(), Typecode.INT64, 1L);
        event = shared.client().event(shared.name());
    }

    private static void requireStale(ThrowingCallable... commands) {
        for (ThrowingCallable command : commands) {
            assertThatThrownBy(command).isInstanceOf(StaleTokenException.class);
        }
    }

    @Test
    void whileHeld_guardedCommandsTakeEffect() throws Exception {
        try (LockHandle held = lock.acquire()) {
            assertThat(dict.guardedBy(held).put("a", 1L)).isNull();
            assertThat(dict.guardedBy(held).merge("a", 1L, Long::sum)).isEqualTo(2);
            assertThat(value.guardedBy(held).addAndGet(1L)).isEqualTo(2);
            event.guardedBy(held).set();
            assertThat(event.guardedBy(held).awaitAsync().get()).isTrue();
        }
        assertThat(dict).containsExactly(Map.entry("a", 2L));
        assertThat(value.get()).isEqualTo(2);
        assertThat(event.isSet()).isTrue();
    }

    @Test
    void afterRelease_everyGuardedCommandIsRefused_andChangesNothing() throws Exception {
        dict.put("a", 1L);
        LockHandle held = lock.acquire();
        SharedDict<String, Long> guarded = dict.guardedBy(held);
        SharedValue<Long> guardedValue = value.guardedBy(held);
        SharedEvent guardedEvent = event.guardedBy(held);
        held.release();
        requireStale(
                () -> guarded.put("b", 1L),
                () -> guarded.putIfAbsent("b", 1L),
                () -> guarded.remove("a"),
                () -> guarded.remove("a", 1L),
                () -> guarded.replace("a", 2L),
                () -> guarded.replace("a", 1L, 2L),
                () -> guarded.merge("a", 1L, Long::sum),
                guarded::clear,
                () -> guarded.putAll(Map.of("c", 1L)),
                () -> guarded.keySet().iterator().forEachRemaining(guarded.keySet()::remove),
                () -> guardedValue.set(2L),
                () -> guardedValue.addAndGet(1L),
                () -> guardedValue.getAndAdd(1L),
                () -> guardedValue.getAndSet(2L),
                () -> guardedValue.compareAndSet(1L, 2L),
                () -> guardedValue.update(n -> n + 1),
                guardedEvent::set,
                guardedEvent::clear,
                () -> guardedEvent.await(java.time.Duration.ZERO));
        assertThatThrownBy(() -> guarded.putAsync("b", 1L).get()).hasCauseInstanceOf(StaleTokenException.class);
        assertThatThrownBy(() -> guardedEvent.awaitAsync().get()).hasCauseInstanceOf(StaleTokenException.class);
        assertThat(dict).containsExactly(Map.entry("a", 1L));
        assertThat(value.get()).isEqualTo(1);
        assertThat(event.isSet()).isFalse();
        assertThat(guarded.get("a")).as("reads are not guarded").isEqualTo(1);
        assertThat(guardedValue.get()).isEqualTo(1);
    }

    @Test
    void tokenOfAnEarlierGrant_isStale_evenForTheSameHolder() throws Exception {
        LockHandle first = lock.acquire();
        first.release();
        try (LockHandle second = lock.acquire()) {
            requireStale(() -> value.guardedBy(first).set(9L));
            value.guardedBy(second).set(2L);
        }
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void forcedRelease_killsTheToken() throws Exception {
        LockHandle held = lock.acquire();
        SharedValue<Long> guarded = value.guardedBy(held);
        guarded.set(2L);
        assertThat(shared.other().lock(lock.name()).forceRelease()).isTrue();
        requireStale(() -> guarded.set(3L));
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void guardAsNumbers_worksInAnotherClient() throws Exception {
        SharedValue<Long> ofOther = shared.other().value(value.name(), Typecode.INT64, 0L);
        SharedDict<String, Long> dictOfOther = shared.other().dict(dict.name(), String.class, Long.class);
        Guard guard;
        try (LockHandle held = lock.acquire()) {
            guard = held.guard();
            assertThat(guard).isEqualTo(new Guard(lock.id(), held.token()));
            assertThat(ofOther.guardedBy(guard).addAndGet(1L)).isEqualTo(2);
            dictOfOther.guardedBy(guard).put("a", 1L);
        }
        requireStale(
                () -> ofOther.guardedBy(guard).addAndGet(1L),
                () -> dictOfOther.guardedBy(guard).clear());
        requireStale(
                () -> ofOther.guardedBy(new Guard(lock.id(), Long.MAX_VALUE)).set(0L));
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void severalGuards_mustAllHold() throws Exception {
        SharedLock another = shared.client().lock(shared.name());
        LockHandle first = lock.acquire();
        LockHandle second = another.acquire();
        SharedValue<Long> guarded = value.guardedBy(first).guardedBy(second);
        guarded.set(2L);
        first.release();
        requireStale(() -> guarded.set(3L));
        second.release();
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void deletedLock_guardsNothing() throws Exception {
        LockHandle held = lock.acquire();
        SharedValue<Long> guarded = value.guardedBy(held);
        assertThat(shared.client().delete(lock.name())).isTrue();
        requireStale(() -> guarded.set(2L));
        assertThatThrownBy(held::release).isInstanceOf(ObjectDeletedException.class);
        assertThat(List.of(value.get())).containsExactly(1L);
    }
}
