// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.SharedObject;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.protocol.v1.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** References to objects that are gone when they are read. */
class GoneObjectsTest {
    private static final Value REFERENCE = Values.reference(7);

    private final StandardCodec standard = Codec.standard().boundTo(id -> {
        throw new ObjectDeletedException("object " + id + " was deleted");
    });

    record Task(String name, SharedObject signal, Optional<SharedEvent> done) {}

    private static Value listOf(Value... elements) {
        return new CollectionCodecs.OfList<>(new Verbatim()).encode(List.of(elements));
    }

    private record Verbatim() implements Codec<Value> {
        @Override
        public Value encode(Value value) {
            return value;
        }

        @Override
        public Value decode(Value value) {
            return value;
        }
    }

    @Test
    void standardCodec_readsThemAsNull_andWhatIsBesideThem() {
        assertThat(standard.decode(REFERENCE)).isNull();
        assertThat(standard.decode(listOf(Values.text("job"), REFERENCE))).isEqualTo(Arrays.asList("job", null));
        Value map = Codec.mapOf(Codec.of(String.class), new Verbatim()).encode(Map.of("signal", REFERENCE));
        assertThat(standard.decode(map)).isEqualTo(Collections.singletonMap("signal", null));
    }

    @Test
    void recordsReadThemAsNull_orEmpty() {
        Value task = Codec.mapOf(Codec.of(String.class), new Verbatim())
                .encode(Map.of("name", Values.text("job"), "signal", REFERENCE, "done", REFERENCE));
        assertThat(standard.typed(Task.class).decode(task)).isEqualTo(new Task("job", null, Optional.empty()));
    }

    @Test
    void typedCodec_hasNoNullForIt_unlessItIsMadeToHaveOne() {
        Codec<SharedEvent> typed = standard.typed(SharedEvent.class);
        assertThatThrownBy(() -> typed.decode(REFERENCE)).isInstanceOf(ObjectDeletedException.class);
        assertThat(Codec.nullable(typed).decode(REFERENCE)).isNull();
        assertThat(ContentCodec.of(typed).decode(REFERENCE)).isNull();
        assertThat(ContentCodec.of(Codec.listOf(Codec.nullable(typed))).decode(listOf(REFERENCE, Values.NULL)))
                .isEqualTo(Arrays.asList(null, null));
    }
}
