// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.SharedObject;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.SharedCluster;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Objects without a name: they live while their session has a handle to them, or another object refers to them. */
class AnonymousObjectsTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final HoldfastClient client = shared.client();

    private static void requireGone(SharedObject object) {
        assertThatThrownBy(object::inspect).isInstanceOf(ObjectDeletedException.class);
    }

    @Test
    void ofEveryKind_liveUntilTheyAreDropped() {
        SharedRLock lock = client.newRLock();
        List<SharedObject> objects = List.of(
                client.newCondition(lock),
                client.newLock(),
                client.newSemaphore(2),
                client.newBarrier(2),
                client.newEvent(),
                client.newValue(Typecode.INT64, 3L),
                client.newDict(String.class, Long.class),
                client.newQueue(Long.class),
                client.newList(Long.class),
                client.newNamespace(),
                client.newArray(Typecode.INT64, 3),
                lock);
        for (SharedObject object : objects) {
            assertThat(object.name()).isEmpty();
            assertThat(object.inspect().object().name()).isEmpty();
            assertThat(client.drop(object)).isTrue();
            requireGone(object);
            assertThat(client.drop(object)).isFalse();
        }
    }

    @Test
    void twoOfThem_areNotTheSame() {
        SharedEvent one = client.newEvent();
        SharedEvent two = client.newEvent();
        one.set();
        assertThat(two.isSet()).isFalse();
        assertThat(client.drop(one)).isTrue();
        assertThat(client.drop(two)).isTrue();
    }

    @Test
    void onlyTheSessionThatCreatedIt_hasAHandle() {
        SharedEvent event = client.newEvent();
        assertThat(shared.other().drop(event)).isFalse();
        assertThat(client.drop(client.event(shared.name())))
                .as("one with a name")
                .isFalse();
        assertThat(client.drop(event)).isTrue();
    }

    @Test
    void whatADictRefersTo_outlivesItsSession_andGoesWithTheEntry() {
        SharedDict<String, Object> dict = client.dict(shared.name());
        SharedEvent kept;
        SharedEvent lost;
        try (HoldfastClient brief = shared.cluster().connect()) {
            kept = brief.newEvent();
            lost = brief.newEvent();
            brief.<String, Object>dict(dict.name()).put("event", kept);
        }
        SharedEvent read = (SharedEvent) dict.get("event");
        assertThat(read.id()).isEqualTo(kept.id());
        read.set();
        assertThatThrownBy(() -> client.inspect("~" + lost.id())).isNotNull();
        dict.remove("event");
        requireGone(read);
    }

    @Test
    void whatAQueueHandsOver_isTheTakers_ifNobodyElseHasIt() throws Exception {
        SharedQueue<Object> queue = client.queue(shared.name(), Object.class);
        try (HoldfastClient brief = shared.cluster().connect()) {
            brief.queue(queue.name(), Object.class).put(brief.newEvent());
        }
        SharedEvent taken = (SharedEvent) queue.take();
        taken.set();
        assertThat(taken.isSet()).isTrue();
        assertThat(client.drop(taken)).isTrue();
        requireGone(taken);
    }

    @Test
    void removedEntry_thatHeldTheLastReference_readsAsNull_andIsGone() {
        SharedDict<String, Object> dict = client.dict(shared.name());
        SharedEvent event = client.newEvent();
        dict.put("event", event);
        assertThat(client.drop(event)).isTrue();
        assertThat(dict.remove("event")).isNull();
        requireGone(event);
        assertThat(dict).isEmpty();
    }

    @Test
    void removedElement_thatWasTheLastReference_readsAsNull_andIsGone() {
        SharedList<Object> list = client.list(shared.name(), Object.class);
        SharedEvent event = client.newEvent();
        list.add(event);
        assertThat(client.drop(event)).isTrue();
        assertThat(list.remove(0)).isNull();
        requireGone(event);
        assertThat(list).isEmpty();
    }

    @Test
    void whatWasBesideTheLastReference_isReadAllTheSame() {
        SharedList<Object> list = client.list(shared.name());
        SharedDict<String, Object> dict = client.dict(shared.name());
        try (HoldfastClient brief = shared.cluster().connect()) {
            brief.<Object>list(list.name()).addAll(List.of(List.of("job", brief.newEvent()), brief.newEvent()));
            brief.<String, Object>dict(dict.name())
                    .put("job", new TreeMap<>(Map.of("signal", brief.newEvent(), "name", "job")));
        }
        assertThat(list.remove(0)).isEqualTo(Arrays.asList("job", null));
        assertThat(shared.client().list(list.name(), SharedEvent.class).remove(0))
                .isNull();
        assertThat((Map<?, ?>) dict.remove("job")).hasToString("{name=job, signal=null}");
    }

    @Test
    void condition_keepsItsLock() {
        SharedRLock lock = client.newRLock();
        SharedCondition condition = lock.newCondition();
        assertThat(client.drop(lock)).isTrue();
        assertThat(lock.isLocked()).isFalse();
        assertThat(client.drop(condition)).isTrue();
        requireGone(lock);
    }
}
