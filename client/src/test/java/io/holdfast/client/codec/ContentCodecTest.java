// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.v1.Value;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a codec throws, the value that it was given is in the exception. */
class ContentCodecTest {
    private static final Value VALUE = Values.text("BLUE");

    /** Throws that, whatever it is to decode. */
    private record Failing(Throwable failure) implements Codec<String> {
        @Override
        public Value encode(String value) {
            return Values.text(value);
        }

        @Override
        public String decode(Value value) {
            throw sneakily(failure);
        }

        @SuppressWarnings("unchecked") // the compiler is to take it for an unchecked exception
        private static <E extends Throwable> RuntimeException sneakily(Throwable failure) throws E {
            throw (E) failure;
        }
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new DecodingException("no such colour"),
                new IllegalStateException("a codec of the user's"),
                new ClassCastException(),
                new StackOverflowError(),
                new NoClassDefFoundError("Colour"),
                new ClusterUnavailableException("a reference could not be resolved"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void takenValue_isInTheException(Throwable failure) {
        ContentCodec<String> codec = ContentCodec.of(new Failing(failure));
        DecodingException thrown = catchThrowableOfType(DecodingException.class, () -> codec.decodeTaken(VALUE));
        assertThat(thrown.raw()).containsExactly(VALUE);
        assertThat(thrown.tookEffect()).isTrue();
        assertThat(thrown).hasRootCause(failure).hasMessageContaining("took effect");
    }

    @Test
    void readValue_isInTheException_unlessTheClusterCouldNotBeAsked() {
        for (Throwable failure :
                List.of(new DecodingException("no"), new IllegalStateException(), new StackOverflowError())) {
            DecodingException thrown = catchThrowableOfType(
                    DecodingException.class,
                    () -> ContentCodec.of(new Failing(failure)).decode(VALUE));
            assertThat(thrown.raw()).containsExactly(VALUE);
            assertThat(thrown.tookEffect()).isFalse();
        }
        ClusterUnavailableException gone = new ClusterUnavailableException("gone");
        assertThatThrownBy(() -> ContentCodec.of(new Failing(gone)).decode(VALUE))
                .isSameAs(gone);
    }

    @Test
    void innermostException_keepsTheValueThatTheContainerHolds() {
        Value list = Codec.listOf(Codec.of(String.class)).encode(List.of("a", "b"));
        DecodingException thrown = catchThrowableOfType(
                DecodingException.class,
                () -> ContentCodec.of(Codec.listOf(Codec.of(Long.class))).decode(list));
        assertThat(thrown.raw()).containsExactly(list);
    }

    @Test
    void nullIsNull_exceptWhereTheCodecHasNone() {
        assertThat(ContentCodec.of(Codec.of(String.class)).decode(Values.NULL)).isNull();
        Supplier<String> exact =
                () -> ContentCodec.exactly(Codec.of(String.class)).decode(Values.NULL);
        assertThatThrownBy(exact::get).isInstanceOf(DecodingException.class);
    }
}
