// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.contract.SharedCluster;
import io.holdfast.protocol.v1.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program that does not know a new constant of an enum, among values of programs that do: no value is lost to it. */
@Timeout(120) // an item that is lost would be waited for without end
class UndecodableValuesTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    enum Old {
        RED,
        GREEN
    }

    enum New {
        RED,
        GREEN,
        BLUE
    }

    private final String name = shared.name();
    private final HoldfastClient client = shared.client();

    private static DecodingException thrownBy(Callable<?> call) {
        DecodingException thrown = catchThrowableOfType(DecodingException.class, call::call);
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static List<New> decoded(DecodingException thrown) {
        return thrown.raw().stream().map(Codec.of(New.class)::decode).toList();
    }

    /** That it has taken effect, and says what it took. */
    private static void assertTakes(Callable<?> call, New... values) {
        DecodingException thrown = thrownBy(call);
        assertThat(thrown.tookEffect()).isTrue();
        assertThat(decoded(thrown)).containsExactly(values);
    }

    /** That it has changed nothing, and says what it read. */
    private static void assertReads(Callable<?> call, New... values) {
        DecodingException thrown = thrownBy(call);
        assertThat(thrown.tookEffect()).isFalse();
        assertThat(decoded(thrown)).containsExactly(values);
    }

    private static <T> Callable<T> of(Callable<java.util.concurrent.CompletableFuture<T>> async) {
        return () -> {
            try {
                return async.call().get();
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        };
    }

    // ---- queues -----------------------------------------------------------------------------------

    private SharedQueue<New> newQueue() {
        return client.queue(name, New.class);
    }

    private SharedQueue<Old> oldQueue() {
        return client.queue(name, Old.class);
    }

    private void putThousandWithOneNew() throws InterruptedException {
        List<New> items = new ArrayList<>(Collections.nCopies(1_000, New.RED));
        items.set(500, New.BLUE);
        newQueue().putAll(items);
    }

    @Test
    void drainTo_deliversAllOthers_andThrowsTheItem() throws Exception {
        putThousandWithOneNew();
        List<Old> sink = new ArrayList<>();
        assertTakes(() -> oldQueue().drainTo(sink), New.BLUE);
        assertThat(sink).hasSize(999).containsOnly(Old.RED);
        assertThat(newQueue()).isEmpty();
    }

    @Test
    void pollOfMany_returnsAllOthers_andTheNextTakeThrowsTheItem() throws Exception {
        SharedQueue<Old> old = oldQueue();
        List<Callable<?>> takes = List.of(
                old::take,
                old::poll,
                old::remove,
                () -> old.poll(1, TimeUnit.SECONDS),
                () -> old.poll(5, Duration.ZERO),
                () -> old.drainTo(new ArrayList<>()),
                of(old::takeAsync),
                of(old::pollAsync),
                of(() -> old.pollAsync(Duration.ZERO)),
                of(() -> old.pollAsync(5, Duration.ZERO)));
        for (Callable<?> take : takes) {
            putThousandWithOneNew();
            newQueue().put(New.GREEN);
            assertThat(old.poll(1_000, Duration.ZERO)).hasSize(999).containsOnly(Old.RED);
            assertTakes(take, New.BLUE);
            assertThat(old.poll(5, Duration.ZERO)).containsExactly(Old.GREEN);
        }
        assertThat(newQueue()).isEmpty();
    }

    @Test
    void pollOfMany_withoutBlocking_doesTheSame() throws Exception {
        newQueue().putAll(List.of(New.BLUE, New.RED, New.BLUE));
        SharedQueue<Old> old = oldQueue();
        assertThat(old.pollAsync(5, Duration.ZERO).get()).containsExactly(Old.RED);
        assertTakes(old::poll, New.BLUE, New.BLUE);
        assertThat(old.poll()).isNull();
    }

    @Test
    void everyOtherWayToTake_throwsTheItem() throws Exception {
        SharedQueue<Old> old = oldQueue();
        List<Callable<?>> takes = List.of(
                old::take,
                old::poll,
                old::remove,
                () -> old.poll(1, TimeUnit.SECONDS),
                () -> old.poll(5, Duration.ZERO),
                of(old::takeAsync),
                of(old::pollAsync),
                of(() -> old.pollAsync(Duration.ZERO)),
                of(() -> old.pollAsync(5, Duration.ZERO)));
        for (Callable<?> take : takes) {
            newQueue().put(New.BLUE);
            assertTakes(take, New.BLUE);
            assertThat(newQueue()).isEmpty();
        }
    }

    @Test
    void queueThatIsLookedAt_isAsItWas_andIteratorsGoOnBehindTheItem() throws Exception {
        newQueue().putAll(List.of(New.BLUE, New.RED));
        SharedQueue<Old> old = oldQueue();
        assertReads(old::peek, New.BLUE);
        assertReads(old::element, New.BLUE);
        assertReads(old::toArray, New.BLUE);
        Delivery<Old> delivery = old.receive();
        assertReads(delivery::value, New.BLUE);
        delivery.nack();
        Iterator<Old> items = old.iterator();
        assertReads(items::next, New.BLUE);
        items.remove();
        assertThat(items.next()).isEqualTo(Old.RED);
        assertThat(newQueue()).containsExactly(New.RED);
    }

    @Test
    void itemWhoseReferenceCannotBeResolved_isNotLost() throws Exception {
        SharedQueue<Object> queue = client.queue(name);
        SharedEvent event = client.event(shared.name());
        queue.put(event);
        SharedQueue<Object> unbound = client.queue(name, Codec.standard().objects(), QueueOptions.DEFAULT);
        DecodingException thrown = thrownBy(unbound::take);
        assertThat(client.codec().decode(thrown.raw().get(0))).isEqualTo(event);
    }

    // ---- dicts ------------------------------------------------------------------------------------

    @Test
    void dict_handsOutWhatItReplacedOrRemoved() {
        SharedDict<String, New> written = client.dict(name, String.class, New.class);
        SharedDict<String, Old> old = client.dict(name, String.class, Old.class);
        List<Callable<?>> removals = List.of(() -> old.remove("k"), of(() -> old.removeAsync("k")));
        List<Callable<?>> changes = List.of(
                () -> old.put("k", Old.GREEN),
                () -> old.put("k", Old.GREEN, Duration.ofDays(1)),
                () -> old.replace("k", Old.GREEN),
                of(() -> old.putAsync("k", Old.GREEN)),
                of(() -> old.replaceAsync("k", Old.GREEN)));
        for (Callable<?> removal : removals) {
            written.put("k", New.BLUE);
            assertTakes(removal, New.BLUE);
            assertThat(written).isEmpty();
        }
        for (Callable<?> change : changes) {
            written.put("k", New.BLUE);
            assertTakes(change, New.BLUE);
            assertThat(written).containsExactly(Map.entry("k", New.GREEN));
        }
    }

    @Test
    void dict_popLast_handsOutKeyAndValue() {
        SharedDict<String, New> written = client.dict(name, String.class, New.class);
        SharedDict<String, Old> old = client.dict(name, String.class, Old.class);
        SharedDict<Old, New> otherKeys = client.dict(name, Old.class, New.class);
        List<Callable<?>> pops =
                List.of(old::popLast, of(old::popLastAsync), otherKeys::popLast, of(otherKeys::popLastAsync));
        for (Callable<?> pop : pops) {
            written.put("k", New.BLUE);
            DecodingException thrown = thrownBy(pop);
            assertThat(thrown.tookEffect()).isTrue();
            List<Value> raw = thrown.raw();
            assertThat(Codec.of(String.class).decode(raw.get(0))).isEqualTo("k");
            assertThat(Codec.of(New.class).decode(raw.get(1))).isEqualTo(New.BLUE);
            assertThat(written).isEmpty();
        }
    }

    @Test
    void dict_thatIsReadOrNotChanged_isAsItWas() {
        SharedDict<String, New> written = client.dict(name, String.class, New.class);
        written.put("k", New.BLUE);
        SharedDict<String, Old> old = client.dict(name, String.class, Old.class);
        List<Callable<?>> reads = List.of(
                () -> old.get("k"),
                () -> old.getOrThrow("k"),
                () -> old.putIfAbsent("k", Old.RED),
                () -> old.setDefault("k", Old.RED),
                () -> old.compute("k", (key, before) -> Old.RED),
                () -> old.computeIfAbsent("k", key -> Old.RED),
                () -> old.computeIfPresent("k", (key, before) -> Old.RED),
                () -> old.merge("k", Old.RED, (before, more) -> more),
                () -> old.values().removeIf(value -> true),
                old::copy,
                of(() -> old.getAsync("k")),
                of(() -> old.putIfAbsentAsync("k", Old.RED)),
                of(() -> old.setDefaultAsync("k", Old.RED)));
        for (Callable<?> read : reads) {
            assertReads(read, New.BLUE);
            assertThat(written).containsExactly(Map.entry("k", New.BLUE));
        }
        assertThat(old.remove("k", Old.RED)).isFalse();
        assertThat(old.replace("k", Old.RED, Old.GREEN)).isFalse();
        assertThat(old.containsKey("k")).isTrue();
    }

    @Test
    void dict_iteratorsGoOnBehindTheEntry_andEntriesCanBeSet() {
        SharedDict<String, New> written = client.dict(name, String.class, New.class);
        written.put("a", New.BLUE);
        written.put("b", New.RED);
        SharedDict<String, Old> old = client.dict(name, String.class, Old.class);
        Iterator<Map.Entry<String, Old>> entries = old.entrySet().iterator();
        assertReads(entries::next, New.BLUE);
        entries.remove();
        Map.Entry<String, Old> entry = entries.next();
        written.put("b", New.BLUE);
        assertThat(entry.setValue(Old.GREEN)).isEqualTo(Old.RED);
        assertThat(written).containsExactly(Map.entry("b", New.GREEN));
    }

    // ---- lists ------------------------------------------------------------------------------------

    @Test
    void list_handsOutWhatItReplacedOrRemoved() {
        SharedList<New> written = client.list(name, New.class);
        SharedList<Old> old = client.list(name, Old.class);
        List<Callable<?>> removals = List.of(
                () -> old.remove(0),
                old::removeFirst,
                old::removeLast,
                of(() -> old.removeAtAsync(0)),
                of(old::removeFirstAsync),
                of(old::removeLastAsync),
                () -> old.subList(0, 1).remove(0));
        for (Callable<?> removal : removals) {
            written.add(New.BLUE);
            assertTakes(removal, New.BLUE);
            assertThat(written).isEmpty();
        }
        List<Callable<?>> changes = List.of(
                () -> old.set(0, Old.RED),
                of(() -> old.setAsync(0, Old.RED)),
                () -> old.subList(0, 1).set(0, Old.RED));
        for (Callable<?> change : changes) {
            written.add(New.BLUE);
            assertTakes(change, New.BLUE);
            assertThat(written).containsExactly(New.RED);
            written.clear();
        }
    }

    @Test
    void list_thatIsRead_isAsItWas_andIteratorsGoOnBehindTheElement() {
        SharedList<New> written = client.list(name, New.class);
        written.addAll(List.of(New.RED, New.BLUE, New.GREEN));
        SharedList<Old> old = client.list(name, Old.class);
        List<Callable<?>> reads = List.of(
                () -> old.get(1),
                () -> old.at(-2),
                old::copy,
                () -> old.removeIf(element -> true),
                () -> old.removeAll(List.of(Old.GREEN)),
                () -> old.retainAll(List.of()));
        for (Callable<?> read : reads) {
            assertReads(read, New.BLUE);
        }
        assertThat(written).containsExactly(New.RED, New.BLUE, New.GREEN);
        Iterator<Old> elements = old.iterator();
        assertThat(elements.next()).isEqualTo(Old.RED);
        assertReads(elements::next, New.BLUE);
        elements.remove();
        assertThat(elements.next()).isEqualTo(Old.GREEN);
        assertThat(written).containsExactly(New.RED, New.GREEN);
    }

    // ---- namespaces -------------------------------------------------------------------------------

    @Test
    void namespace_readsWhatItCannotDecode_andKeepsIt() {
        SharedNamespace namespace = client.namespace(name);
        namespace.set("colour", "BLUE");
        assertReads(() -> namespace.get("colour", Old.class), New.BLUE);
        assertThat(namespace.get("colour", New.class)).isEqualTo(New.BLUE);
        assertThatThrownBy(() -> namespace.get("colour", Long.class)).isInstanceOf(DecodingException.class);
    }
}
