// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.SharedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values and shared objects that hold themselves, or are nested without end: an exception, and no hang. */
class CyclesTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final HoldfastClient client = shared.client();

    private static List<Object> listInItself() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    private static List<Object> nested(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = 1; i < depth; i++) {
            list = new ArrayList<>(List.of(list));
        }
        return list;
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // there is none: the method throws
    void valueThatIsNestedTooDeep_isRefused_byEveryMethodThatWrites() {
        SharedList<Object> list = client.newList();
        SharedDict<Object, Object> dict = client.newDict();
        SharedQueue<Object> queue = client.newQueue();
        SharedNamespace namespace = client.newNamespace();
        for (List<Object> value : List.of(listInItself(), nested(100_000), nested(31))) {
            List<Callable<?>> writes = List.of(
                    () -> list.add(value),
                    () -> list.addAll(List.of(1L, value)),
                    () -> list.addAllAsync(List.of(1L, value)),
                    () -> dict.put("k", value),
                    () -> dict.put(value, "v"),
                    () -> dict.putIfAbsent("k", value),
                    () -> dict.merge("k", value, (a, b) -> a),
                    () -> queue.add(value),
                    () -> queue.addAll(List.of(1L, value)),
                    () -> {
                        dict.putAll(Map.of("k", value));
                        return null;
                    },
                    () -> {
                        namespace.set("x", value);
                        return null;
                    });
            for (Callable<?> write : writes) {
                assertThatThrownBy(write::call)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("more than 30 deep, or contains itself");
            }
            assertThat(list.contains(value)).isFalse();
            assertThat(dict.containsKey(value)).isFalse();
            assertThat(dict.containsValue(value)).isFalse();
            assertThat(queue.contains(value)).isFalse();
        }
        assertThat(list).isEmpty();
        assertThat(dict).isEmpty();
        assertThat(queue).isEmpty();
        assertThat(namespace.names()).isEmpty();
    }

    @Test
    void valueThatIsNestedAsDeepAsItMay_comesBack() {
        SharedList<Object> list = client.newList();
        List<Object> value = nested(30);
        list.add(value);
        assertThat(list.get(0)).isEqualTo(value);
        assertThat(list.contains(value)).isTrue();
    }

    @Test
    void listInItself_hasNoHash_andEqualsOnlyItself() {
        String name = shared.name();
        SharedList<Object> list = client.list(name);
        list.add(1L);
        list.add(list);
        assertThatThrownBy(list::hashCode)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("refer back to it: it cannot be hashed");
        assertThat(list.equals(client.list(name))).isTrue();
        assertThat(list.equals(shared.other().list(name))).isTrue();
        SharedList<Object> like = client.newList();
        like.add(1L);
        like.add(like);
        assertThatThrownBy(() -> list.equals(like))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("refer back to it: it cannot be compared with equals");
        assertThat(list.equals(List.of(1L))).isFalse();
        assertThat(list).hasToString("[1, #" + list.id() + "]");
        assertThat(list.indexOf(list)).isEqualTo(1);
    }

    @Test
    void cycleThroughOtherObjects_andCollectionsOfJava_hasNoHash_andIsPrinted() {
        SharedDict<String, Object> dict = client.newDict();
        SharedList<Object> list = client.newList();
        dict.put("list", List.of(Map.of("deep", list)));
        list.add(List.of(dict));
        assertThatThrownBy(dict::hashCode).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(list::hashCode).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> dict.entrySet().hashCode()).isInstanceOf(IllegalStateException.class);
        SharedDict<String, Object> like = client.newDict();
        SharedList<Object> likeList = client.newList();
        like.put("list", List.of(Map.of("deep", likeList)));
        likeList.add(List.of(like));
        assertThatThrownBy(() -> dict.equals(like)).isInstanceOf(IllegalStateException.class);
        assertThat(dict).hasToString("{list=[{deep=#" + list.id() + "}]}");
        assertThat(list).hasToString("[[#" + dict.id() + "]]");
        assertThat(dict.entrySet().toString()).contains("#" + dict.id());
    }

    @Test
    void queueAndNamespaceInThemselves_arePrinted() {
        SharedQueue<Object> queue = client.newQueue();
        queue.add(queue);
        queue.add(List.of(queue));
        assertThat(queue).hasToString("[#" + queue.id() + ", [#" + queue.id() + "]]");
        assertThat(queue).hasSameHashCodeAs(queue);
        SharedNamespace namespace = client.newNamespace();
        namespace.set("all", List.of(namespace));
        assertThat(namespace).hasToString("Namespace(all=[#" + namespace.id() + "])");
    }

    @Test
    void chainOfObjects_thatIsTooLong_hasNoHash() {
        SharedList<Object> end = client.newList();
        SharedList<Object> chain = end;
        for (int i = 0; i < 99; i++) {
            SharedList<Object> next = client.newList();
            next.add(chain);
            chain = next;
        }
        int hash = chain.hashCode();
        assertThat(chain.hashCode()).isEqualTo(hash);
        SharedList<Object> longer = client.newList();
        longer.add(chain);
        assertThatThrownBy(longer::hashCode)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than 100 shared objects deep");
        assertThat(longer).hasToString("[#" + chain.id() + "]");
    }

    @Test
    void objectsWithoutContents_areEqual_whateverTheirFacade() {
        String name = shared.name();
        SharedList<Object> list = client.newList();
        List<Object> objects = List.of(
                client.lock(name + "/lock"),
                client.rlock(name + "/rlock"),
                client.rlock(name + "/rlock").condition(name + "/condition"),
                client.semaphore(name + "/semaphore", 1),
                client.event(name + "/event"),
                client.barrier(name + "/barrier", 2),
                client.value(name + "/value", Typecode.INT64, 0L),
                client.array(name + "/array", Typecode.INT64, 1),
                client.queue(name + "/queue"),
                client.namespace(name + "/namespace"));
        List<Object> facadesOfAnother = List.of(
                shared.other().lock(name + "/lock"),
                shared.other().rlock(name + "/rlock"),
                shared.other().rlock(name + "/rlock").condition(name + "/condition"),
                shared.other().semaphore(name + "/semaphore", 1),
                shared.other().event(name + "/event"),
                shared.other().barrier(name + "/barrier", 2),
                shared.other().value(name + "/value", Typecode.INT64, 0L),
                shared.other().array(name + "/array", Typecode.INT64, 1),
                shared.other().queue(name + "/queue"),
                shared.other().namespace(name + "/namespace"));
        assertThat(objects).isEqualTo(facadesOfAnother).hasSameHashCodeAs(facadesOfAnother);
        list.addAll(objects);
        assertThat(list.equals(facadesOfAnother)).isTrue();
        assertThat(list.containsAll(facadesOfAnother)).isTrue();
        assertThat(list.removeAll(facadesOfAnother)).isTrue();
        assertThat(list).isEmpty();
        for (int i = 1; i < objects.size(); i++) {
            assertThat(objects.get(i)).isNotEqualTo(facadesOfAnother.get(i - 1));
        }
    }
}
