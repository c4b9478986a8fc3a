// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.NoSuchObjectException;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.inspect.NamedObject;
import io.holdfast.client.inspect.ObjectKind;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names, kinds and parameters, deletion and references: what all objects have in common. */
@SuppressWarnings("LockNotBeforeTry") // what else can be done with a lock is what is tested
class ObjectLifeTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final HoldfastClient client = shared.client();

    private static void requireDeleted(ThrowingCallable... calls) {
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(ObjectDeletedException.class);
        }
    }

    private static void requireMismatch(ThrowingCallable call, String... said) {
        assertThatThrownBy(call).isInstanceOf(ObjectMismatchException.class).hasMessageContainingAll(said);
    }

    @Test
    void nameOfAnotherKind_isRefused() {
        String name = shared.name();
        SharedLock lock = client.lock(name);
        requireMismatch(() -> client.event(name), name);
        requireMismatch(() -> client.value(name, Typecode.INT64, 0L), name);
        requireMismatch(() -> shared.other().dict(name), name);
        lock.lock();
        lock.unlock();
    }

    @Test
    void otherParameters_areRefused() {
        String lock = shared.name();
        client.lock(lock);
        requireMismatch(() -> client.lock(lock, LockOptions.DEFAULT.ownedByNobody()), lock);
        requireMismatch(() -> client.lock(lock, LockOptions.DEFAULT.lockDelay(Duration.ofSeconds(1))), lock);
        String value = shared.name();
        client.value(value, Typecode.INT64, 0L);
        requireMismatch(() -> client.value(value, Typecode.LONG, 0L), value, "q", "l");
        assertThat(client.value(value, Typecode.INT64, 99L).get()).isZero();
    }

    @Test
    void sameName_isTheSameObject() {
        String name = shared.name();
        assertThat(client.event(name).id())
                .isEqualTo(shared.other().event(name).id())
                .isNotEqualTo(client.event(shared.name()).id());
    }

    @Test
    void names_haveTheirLimits() {
        String longest = shared.name() + "x".repeat(512);
        String fits = longest.substring(0, 512);
        assertThat(client.event(fits).name()).isEqualTo(fits);
        for (String name : List.of("", longest, "é".repeat(257), "~mine", "x".repeat(5 << 20))) {
            assertThatThrownBy(() -> client.event(name)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> client.event("\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.event(null)).isInstanceOf(NullPointerException.class);
        assertThat(client.delete(fits)).isTrue();
    }

    @Test
    void deleted_isGone_andTheNameIsFree() {
        String name = shared.name();
        SharedDict<String, Long> dict = client.dict(name, String.class, Long.class);
        dict.put("a", 1L);
        assertThat(shared.other().delete(name)).isTrue();
        assertThat(client.delete(name)).isFalse();
        requireDeleted(
                () -> dict.put("b", 1L),
                () -> dict.get("a"),
                dict::size,
                dict::clear,
                () -> dict.keySet().iterator(),
                dict::inspect);
        assertThatThrownBy(() -> dict.putAsync("b", 1L).get()).hasCauseInstanceOf(ObjectDeletedException.class);
        assertThatThrownBy(() -> client.inspect(name)).isInstanceOf(NoSuchObjectException.class);

        SharedValue<Long> next = client.value(name, Typecode.INT64, 5L);
        assertThat(next.id()).isNotEqualTo(dict.id());
        assertThat(client.delete(name)).isTrue();
        requireDeleted(next::get, () -> next.set(1L), () -> next.addAndGet(1L), () -> next.update(n -> n));
    }

    @Test
    void deletion_endsAllWaits() throws Exception {
        String lockName = shared.name();
        SharedLock lock = client.lock(lockName);
        LockHandle held = lock.acquire();
        String eventName = shared.name();
        SharedEvent event = shared.other().event(eventName);
        CompletableFuture<LockHandle> acquire = shared.other().lock(lockName).acquireAsync(Duration.ofMinutes(1));
        CompletableFuture<Boolean> wait = event.awaitAsync();
        Await.until(() -> lock.inspect().waiters().total() == 1);
        Await.until(() -> event.inspect().waiters().total() == 1);
        client.delete(lockName);
        client.delete(eventName);
        assertThatThrownBy(() -> acquire.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(ObjectDeletedException.class);
        assertThatThrownBy(() -> wait.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(ObjectDeletedException.class);
        requireDeleted(held::release, lock::lock, lock::tryLock, event::set, event::isSet, () -> event.await());
    }

    @Test
    void referredTo_outlivesItsName() {
        SharedDict<String, Object> holder = client.dict(shared.name());
        String name = shared.name();
        SharedValue<Long> value = client.value(name, Typecode.INT64, 1L);
        holder.put("v", List.of(value));
        holder.put("w", value);
        assertThat(client.delete(name)).isTrue();
        assertThat(value.addAndGet(1L)).isEqualTo(2);
        assertThat(value.inspect().object().name()).isEmpty();
        holder.remove("v");
        assertThat(((SharedValue<?>) holder.get("w")).get()).isEqualTo(2L);
        holder.put("w", 1L);
        requireDeleted(value::get);
    }

    @Test
    void clearedDict_letsGoOfItsReferences() {
        SharedDict<String, Object> holder = client.dict(shared.name());
        String name = shared.name();
        SharedEvent event = client.event(name);
        holder.put("e", event);
        client.delete(name);
        event.set();
        holder.clear();
        requireDeleted(event::isSet);
    }

    @Test
    void objects_listsByPrefix_inOrder() {
        String prefix = shared.name() + "/";
        for (String name : List.of("b", "a/2", "a/1")) {
            client.event(prefix + name);
        }
        SharedLock lock = client.lock(prefix + "c");
        assertThat(client.objects(prefix))
                .extracting(NamedObject::name)
                .containsExactly(prefix + "a/1", prefix + "a/2", prefix + "b", prefix + "c");
        assertThat(client.objects(prefix + "c"))
                .containsExactly(new NamedObject(prefix + "c", lock.id(), ObjectKind.LOCK));
        client.delete(prefix + "b");
        assertThat(client.objects(prefix)).hasSize(3);
        assertThat(client.objects(prefix + "zzz")).isEmpty();
        assertThat(client.inspect(prefix + "c").object().id()).isEqualTo(lock.id());
    }
}
