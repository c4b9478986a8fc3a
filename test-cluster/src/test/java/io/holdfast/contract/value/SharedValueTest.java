// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.inspect.ValueInspection;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedValueTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    /** As wide as the type code says, whatever Java's type could hold. */
    static Stream<Arguments> integers() {
        return Stream.of(
                integer(Typecode.INT8, "-128", "127"),
                integer(Typecode.UINT8, "0", "255"),
                integer(Typecode.INT16, "-32768", "32767"),
                integer(Typecode.UINT16, "0", "65535"),
                integer(Typecode.INT32, "-2147483648", "2147483647"),
                integer(Typecode.UINT32, "0", "4294967295"),
                integer(Typecode.INT64, "-9223372036854775808", "9223372036854775807"),
                integer(Typecode.LONG, "-9223372036854775808", "9223372036854775807"),
                integer(Typecode.UINT64, "0", "18446744073709551615"),
                integer(Typecode.ULONG, "0", "18446744073709551615"));
    }

    private static Arguments integer(Typecode<?> typecode, String least, String greatest) {
        return Arguments.of(typecode, new BigInteger(least), new BigInteger(greatest));
    }

    @SuppressWarnings("unchecked") // as the type code says
    private static <T> T as(Typecode<T> typecode, BigInteger number) {
        boolean big = typecode == Typecode.UINT64 || typecode == Typecode.ULONG;
        return (T) (big ? (Object) number : (Object) number.longValueExact());
    }

    private static boolean isLong(BigInteger number) {
        return number.bitLength() < Long.SIZE;
    }

    @ParameterizedTest
    @MethodSource("integers")
    <T> void integers_keepTheirRange(Typecode<T> typecode, BigInteger least, BigInteger greatest) {
        T one = as(typecode, BigInteger.ONE);
        SharedValue<T> value = shared.client().value(shared.name(), typecode, as(typecode, least));
        assertThat(value.get()).isEqualTo(as(typecode, least));
        value.set(as(typecode, greatest));
        assertThat(value.get()).isEqualTo(as(typecode, greatest));

        assertThatThrownBy(() -> value.addAndGet(one)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> value.getAndAdd(one)).isInstanceOf(ArithmeticException.class);
        BigInteger over = greatest.add(BigInteger.ONE);
        if (isLong(over) || typecode == Typecode.UINT64 || typecode == Typecode.ULONG) {
            T tooMuch = as(typecode, over);
            assertThatThrownBy(() -> value.set(tooMuch)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> value.getAndSet(tooMuch)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> value.compareAndSet(value.get(), tooMuch)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> shared.client().value(shared.name(), typecode, tooMuch))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining(String.valueOf(typecode.letter()));
        }
        assertThat(value.get()).as("nothing was changed").isEqualTo(as(typecode, greatest));

        assertThat(value.getAndSet(as(typecode, least))).isEqualTo(as(typecode, greatest));
        BigInteger minusOne = BigInteger.ONE.negate();
        assertThatThrownBy(() -> value.addAndGet(as(typecode, minusOne))).isInstanceOf(ArithmeticException.class);
        assertThat(value.get()).isEqualTo(as(typecode, least));
    }

    @ParameterizedTest
    @MethodSource("integers")
    <T> void integers_addAndSwap(Typecode<T> typecode, BigInteger least, BigInteger greatest) {
        T one = as(typecode, BigInteger.ONE);
        T two = as(typecode, BigInteger.TWO);
        SharedValue<T> value = shared.client().value(shared.name(), typecode, as(typecode, BigInteger.ZERO));
        assertThat(value.addAndGet(one)).isEqualTo(one);
        assertThat(value.getAndAdd(one)).isEqualTo(one);
        assertThat(value.compareAndSet(one, two)).isFalse();
        assertThat(value.compareAndSet(two, one)).isTrue();
        assertThat(value.getAndSet(two)).isEqualTo(one);
        assertThat(value.addAndGet(as(typecode, BigInteger.TWO.negate()))).isEqualTo(as(typecode, BigInteger.ZERO));
        assertThat(value.update(n -> two)).isEqualTo(two);
        assertThat(value.get()).isEqualTo(two);
        assertThat(least.compareTo(greatest)).isNegative();
    }

    @Test
    void async_answersTheSame() throws Exception {
        SharedValue<Long> value = shared.client().value(shared.name(), Typecode.INT32, 5L);
        assertThat(value.addAndGetAsync(1L).get()).isEqualTo(6);
        assertThat(value.getAndAddAsync(1L).get()).isEqualTo(6);
        assertThat(value.getAndSetAsync(10L).get()).isEqualTo(7);
        assertThat(value.compareAndSetAsync(10L, 11L).get()).isTrue();
        value.setAsync(12L).get();
        assertThat(value.getAsync().get()).isEqualTo(12);
        assertThat(value.updateAsync(n -> n + 1).get()).isEqualTo(13);
        assertThatThrownBy(() -> value.setAsync(1L << 31).get()).hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void doubles_areKeptBitForBit_andComparedByTheirBits() {
        SharedValue<Double> value = shared.client().value(shared.name(), Typecode.FLOAT64, 0.1);
        for (Double real :
                List.of(0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NEGATIVE_INFINITY, Double.NaN, Math.PI)) {
            value.set(real);
            assertThat(value.get()).isEqualTo(real);
        }
        value.set(Double.NaN);
        assertThat(value.compareAndSet(Double.NaN, -0.0)).isTrue();
        assertThat(value.compareAndSet(0.0, 1.0)).isFalse();
        assertThat(value.compareAndSet(-0.0, 1.0)).isTrue();
        assertThat(value.addAndGet(0.5)).isEqualTo(1.5);
        assertThat(value.getAndAdd(Double.MAX_VALUE)).isEqualTo(1.5);
        assertThat(value.addAndGet(Double.MAX_VALUE)).isInfinite();
    }

    @Test
    void floats_areRounded_andOverflowToInfinity() {
        SharedValue<Double> value = shared.client().value(shared.name(), Typecode.FLOAT32, 0.1);
        assertThat(value.get()).isEqualTo((double) 0.1f);
        assertThat(value.compareAndSet(0.1, 1e39)).isTrue();
        assertThat(value.get()).isEqualTo(Double.POSITIVE_INFINITY);
        value.set(16_777_216.0);
        assertThat(value.addAndGet(1.0)).isEqualTo(16_777_216.0);
    }

    @ParameterizedTest
    @ValueSource(chars = {'u', 'w'})
    @SuppressWarnings("unchecked") // both are of String
    void characters_areOneCodePoint(char letter) {
        Typecode<String> typecode = (Typecode<String>) Typecode.of(letter);
        SharedValue<String> value = shared.client().value(shared.name(), typecode, "a");
        for (String one : List.of("é", "漢", "😀", "\0")) {
            value.set(one);
            assertThat(value.get()).isEqualTo(one);
        }
        value.set("x");
        for (String notOne : List.of("", "ab", "😀😀")) {
            assertThatThrownBy(() -> value.set(notOne)).isInstanceOf(ClassCastException.class);
        }
        assertThatThrownBy(() -> value.addAndGet("b")).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> value.getAndAdd("b")).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> value.set("\ud83d")).isInstanceOf(IllegalArgumentException.class);
        assertThat(value.get()).isEqualTo("x");
        assertThat(value.compareAndSet("x", "y")).isTrue();
        assertThat(value.getAndSet("z")).isEqualTo("y");
    }

    @Test
    void nullAndOtherTypes_areRefused_andChangeNothing() {
        SharedValue<Long> value = shared.client().value(shared.name(), Typecode.INT64, 1L);
        assertThatThrownBy(() -> value.set(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> value.addAndGet(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> value.compareAndSet(1L, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> value.compareAndSet(null, 1L)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> value.update(n -> null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> shared.client().value(shared.name(), Typecode.INT64, null))
                .isInstanceOf(NullPointerException.class);
        setRaw(value, "text", 1.5, 1);
        assertThat(value.get()).isEqualTo(1);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // that is what is tested
    private static void setRaw(SharedValue value, Object... wrong) {
        for (Object each : wrong) {
            assertThatThrownBy(() -> value.set(each)).isInstanceOf(ClassCastException.class);
        }
    }

    @Test
    void existing_keepsItsValue_whateverTheOpenerSays() {
        String name = shared.name();
        shared.client().value(name, Typecode.INT64, 7L).addAndGet(1L);
        SharedValue<Long> again = shared.other().value(name, Typecode.INT64, 100L);
        assertThat(again.get()).isEqualTo(8);
        ValueInspection seen = again.inspect();
        assertThat(seen.typecode()).isEqualTo('q');
        assertThat(seen.value()).isEqualTo(8L);
    }

    @Test
    void update_ofManyAtATime_losesNone() throws Exception {
        String name = shared.name();
        int rounds = 20;
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (var client : List.of(shared.client(), shared.other(), shared.client())) {
            SharedValue<Long> value = client.value(name, Typecode.INT64, 0L);
            threads.add(OtherThread.runs(() -> {
                for (int i = 0; i < rounds; i++) {
                    value.update(n -> n + 1);
                }
            }));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(shared.client().value(name, Typecode.INT64, 0L).get()).isEqualTo(3L * rounds);
    }
}
