// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.SharedObject;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.inspect.ObjectKind;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a namespace does, on three nodes. */
class SharedNamespaceTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private String name;
    private SharedNamespace namespace;
    private SharedNamespace ofOther;

    @BeforeEach
    void openNamespace() {
        name = shared.name();
        namespace = shared.client().namespace(name);
        ofOther = shared.other().namespace(name);
    }

    @Test
    void attributes_areSetReadAndDeleted() {
        namespace.set("x", 1);
        namespace.set("x", "two");
        namespace.set("n", null);
        assertThat(ofOther.get("x")).isEqualTo("two");
        assertThat(ofOther.get("n")).isNull();
        assertThat(ofOther.contains("n")).isTrue();
        assertThat(ofOther.contains("y")).isFalse();
        ofOther.delete("x");
        assertThat(namespace.contains("x")).isFalse();
        assertThat(namespace.inspect().size()).isEqualTo(1);
        assertThat(namespace.inspect().object().kind()).isEqualTo(ObjectKind.NAMESPACE);
    }

    @Test
    void missingAttribute_isNoSuchElement_toGetAndToDelete() {
        assertThatThrownBy(() -> namespace.get("x"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> namespace.get("x", Long.class)).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> namespace.delete("x")).isInstanceOf(NoSuchElementException.class);
        for (var future :
                List.of(namespace.getAsync("x"), namespace.getAsync("x", Long.class), namespace.deleteAsync("x"))) {
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void names_thatBeginWithAnUnderscore_areNotShared() {
        for (String bad : List.of("", "_", "_x", "x".repeat(513), "\u00e9".repeat(257), "\ud83d")) {
            assertThatThrownBy(() -> namespace.set(bad, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> namespace.get(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> namespace.contains(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> namespace.delete(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        namespace.set("x_", 1);
        namespace.set("x".repeat(512), 1);
        assertThat(namespace.names()).hasSize(2);
    }

    @Test
    void namesAndItems_areInOrder_andCopies() {
        for (String each : List.of("b", "a", "B", "\u00e9", "aa")) {
            namespace.set(each, each);
        }
        assertThat(ofOther.names()).containsExactly("B", "a", "aa", "b", "\u00e9");
        Map<String, Object> copy = ofOther.asMap();
        assertThat(copy.keySet()).containsExactly("B", "a", "aa", "b", "\u00e9");
        assertThat(copy.values()).containsExactly("B", "a", "aa", "b", "\u00e9");
        copy.put("c", 1);
        copy.remove("a");
        assertThat(namespace.contains("c")).isFalse();
        assertThat(namespace.contains("a")).isTrue();
    }

    @Test
    void manyAttributes_arePagedThrough() throws Exception {
        CompletableFuture.allOf(IntStream.range(0, 1_200)
                        .mapToObj(i -> namespace.setAsync("x" + i, i))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(ofOther.names()).hasSize(1_200).doesNotHaveDuplicates().isSorted();
        assertThat(ofOther.asMap()).hasSize(1_200).containsEntry("x1199", 1_199L);
        assertThat(ofOther.namesAsync().get()).isEqualTo(ofOther.names());
        assertThat(ofOther.asMapAsync().get()).isEqualTo(ofOther.asMap());
    }

    @Test
    void largeNamespace_thatIsWritten_isReadAsOfOneInstant() throws Exception {
        CompletableFuture.allOf(IntStream.range(1_000, 2_500)
                        .mapToObj(i -> namespace.setAsync("x" + i, 0))
                        .toArray(CompletableFuture[]::new))
                .join();
        AtomicBoolean done = new AtomicBoolean();
        OtherThread<Void> writer = OtherThread.runs(() -> {
            for (long i = 1; !done.get(); i++) {
                // many on their way at a time, in this order
                CompletableFuture<?> first = namespace.setAsync("x1000", i);
                CompletableFuture<?> last = namespace.setAsync("x2499", i);
                if (i % 50 == 0) {
                    CompletableFuture.allOf(first, last).join();
                }
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                Map<String, Object> seen = ofOther.asMap();
                assertThat(seen).hasSize(1_500);
                // whoever reads the first before the last one is written sees the last one behind
                assertThat((Long) seen.get("x1000") - (Long) seen.get("x2499")).isBetween(0L, 1L);
            }
        } finally {
            done.set(true);
            writer.result();
        }
    }

    @Test
    void toString_isAsPythons() {
        assertThat(namespace).hasToString("Namespace()");
        namespace.set("b", "x");
        namespace.set("a", 1);
        namespace.set("me", namespace);
        assertThat(ofOther).hasToString("Namespace(a=1, b='x', me=#" + namespace.id() + ")");
    }

    @Test
    void values_areWhateverTheCodecCarries_andComeBackAsTheTypeThatIsAskedFor() {
        namespace.set("n", 5);
        namespace.set("list", Arrays.asList(1, null, "x"));
        namespace.set("when", Instant.EPOCH);
        assertThat(ofOther.get("n")).isEqualTo(5L);
        assertThat(ofOther.get("n", Integer.class)).isEqualTo(5);
        assertThat(ofOther.get("list")).isEqualTo(Arrays.asList(1L, null, "x"));
        assertThat(ofOther.get("when")).isEqualTo(Instant.EPOCH);
        assertThatThrownBy(() -> ofOther.get("n", String.class)).isInstanceOf(DecodingException.class);
        assertThatThrownBy(() -> namespace.set("x", new Object())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> namespace.set("x", new byte[(1 << 20) + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(namespace.contains("x")).isFalse();
    }

    @Test
    void sharedObjects_areReadBackAsLiveHandles() {
        var event = shared.client().newEvent();
        namespace.set("ready", event);
        assertThat(shared.client().drop(event)).isTrue();
        SharedObject read = ofOther.get("ready", SharedObject.class);
        assertThat(read.id()).isEqualTo(event.id());
        event.set(); // the attribute keeps it
        ofOther.delete("ready");
        assertThatThrownBy(event::set).isInstanceOf(ObjectDeletedException.class);

        SharedNamespace inner = shared.client().newNamespace();
        inner.set("x", 1);
        namespace.set("inner", inner);
        ((SharedNamespace) ofOther.get("inner")).set("x", 2);
        assertThat(inner.get("x")).isEqualTo(2L);
    }

    @Test
    void async_answersTheSame() throws Exception {
        assertThat(namespace.setAsync("x", 1).get()).isNull();
        assertThat(namespace.getAsync("x").get()).isEqualTo(1L);
        assertThat(namespace.getAsync("x", Short.class).get()).isEqualTo((short) 1);
        assertThat(namespace.containsAsync("x").get()).isTrue();
        assertThat(namespace.namesAsync().get()).containsExactly("x");
        assertThat(namespace.asMapAsync().get()).isEqualTo(Map.of("x", 1L));
        assertThat(namespace.deleteAsync("x").get()).isNull();
        assertThat(namespace.containsAsync("x"))
                .succeedsWithin(Duration.ofMinutes(1))
                .isEqualTo(false);
    }

    @Test
    void guardedNamespace_changesNothingOnceTheGrantIsOver() throws Exception {
        LockHandle held = shared.client().lock(shared.name()).acquire();
        SharedNamespace guarded = namespace.guardedBy(held);
        SharedNamespace guardedByAnother = ofOther.guardedBy(held.guard());
        guarded.set("x", 1);
        guardedByAnother.set("y", 2);
        held.release();
        assertThatThrownBy(() -> guarded.set("x", 3)).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(() -> guardedByAnother.delete("y")).isInstanceOf(StaleTokenException.class);
        assertThat(guarded.asMap()).isEqualTo(Map.of("x", 1L, "y", 2L));
    }

    @Test
    void name_isOfOneKind() {
        assertThatThrownBy(() -> shared.client().dict(name)).isInstanceOf(ObjectMismatchException.class);
        shared.client().delete(name);
        assertThatThrownBy(() -> namespace.set("x", 1)).isInstanceOf(ObjectDeletedException.class);
        assertThatThrownBy(() -> namespace.names()).isInstanceOf(ObjectDeletedException.class);
    }
}
