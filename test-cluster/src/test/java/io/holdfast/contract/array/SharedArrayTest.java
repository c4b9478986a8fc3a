// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.array.ArrayView;
import io.holdfast.client.array.SharedArray;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.inspect.ArrayInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SharedArrayTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final HoldfastClient client = shared.client();

    /** As wide as the type code says, whatever Java's type could hold. */
    static Stream<Arguments> integers() {
        return Stream.of(
                Arguments.of(Typecode.INT8, -128L, 127L),
                Arguments.of(Typecode.UINT8, 0L, 255L),
                Arguments.of(Typecode.INT16, -32_768L, 32_767L),
                Arguments.of(Typecode.UINT16, 0L, 65_535L),
                Arguments.of(Typecode.INT32, -2_147_483_648L, 2_147_483_647L),
                Arguments.of(Typecode.UINT32, 0L, 4_294_967_295L));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void integers_keepTheirRange(Typecode<Long> typecode, long least, long greatest) {
        SharedArray<Long> array = client.array(shared.name(), typecode, List.of(least, greatest));
        assertThat(array.read()).containsExactly(least, greatest);
        assertThat(array.asLongs().read()).containsExactly(least, greatest);

        assertThatThrownBy(() -> array.set(0, greatest + 1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array.set(0, least - 1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array.addAndGet(1, 1L)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array.getAndAdd(0, -1L)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array.getAndSet(0, greatest + 1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array.compareAndSet(0, least, greatest + 1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> array.write(0, List.of(1L, greatest + 1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> client.array(shared.name(), typecode, List.of(greatest + 1)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(String.valueOf(typecode.letter()));
        assertThat(array.read()).as("nothing was changed").containsExactly(least, greatest);
    }

    @Test
    void integersOf64Bits_keepTheirRange() {
        SharedArray<Long> array = client.array(shared.name(), Typecode.LONG, List.of(Long.MIN_VALUE, Long.MAX_VALUE));
        assertThatThrownBy(() -> array.addAndGet(1, 1L)).isInstanceOf(ArithmeticException.class);
        assertThat(array.asLongs().read()).containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Test
    void unsignedIntegersOf64Bits_areBigIntegers_andLongsWithoutASign() {
        BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
        for (Typecode<BigInteger> typecode : List.of(Typecode.UINT64, Typecode.ULONG)) {
            SharedArray<BigInteger> array =
                    client.array(shared.name(), typecode, List.of(most, BigInteger.ZERO, BigInteger.TEN));
            assertThat(array.get(0)).isEqualTo(most);
            assertThat(array.read()).containsExactly(most, BigInteger.ZERO, BigInteger.TEN);
            assertThat(array.asLongs().read()).containsExactly(-1, 0, 10);
            array.asLongs().write(1, new long[] {-2});
            assertThat(array.addAndGet(1, BigInteger.ONE)).isEqualTo(most);
            assertThatThrownBy(() -> array.addAndGet(1, BigInteger.ONE)).isInstanceOf(ArithmeticException.class);
            for (BigInteger outside : List.of(BigInteger.ONE.negate(), most.add(BigInteger.ONE))) {
                assertThatThrownBy(() -> array.set(0, outside)).isInstanceOf(ArithmeticException.class);
                assertThatThrownBy(() -> array.write(0, List.of(outside))).isInstanceOf(ArithmeticException.class);
            }
            assertThatThrownBy(array::asInts).isInstanceOf(ClassCastException.class);
            assertThat(array.read()).containsExactly(most, most, BigInteger.TEN);
        }
    }

    @Test
    void reals_areRounded_andOverflowToInfinity() {
        SharedArray<Double> floats =
                client.array(shared.name(), Typecode.FLOAT32, List.of(0.1, 1e39, -0.0, Double.NaN));
        assertThat(floats.asDoubles().read())
                .containsExactly((double) 0.1f, Double.POSITIVE_INFINITY, -0.0, Double.NaN);
        SharedArray<Double> doubles = client.array(shared.name(), Typecode.FLOAT64, 2);
        doubles.asDoubles().write(0, new double[] {0.1, Double.NaN});
        assertThat(doubles.read()).containsExactly(0.1, Double.NaN);
        assertThat(doubles.compareAndSet(1, Double.NaN, 0.5)).isTrue();
        assertThat(doubles.addAndGet(1, 0.5)).isEqualTo(1.0);
        assertThatThrownBy(doubles::asLongs).isInstanceOf(ClassCastException.class);
    }

    @Test
    void characters_areCodePoints() {
        SharedArray<String> array = client.array(shared.name(), Typecode.UNICODE, List.of("a", "😀", "\0"));
        assertThat(array.read()).containsExactly("a", "😀", "\0");
        assertThat(array.asText().read()).isEqualTo("a😀\0");
        array.asText().write(1, "漢é");
        assertThat(array.asText().read(1, 3)).isEqualTo("漢é");
        assertThat(array.getAndSet(0, "😀")).isEqualTo("a");
        assertThatThrownBy(() -> array.addAndGet(0, "a")).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> array.set(0, "ab")).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> array.write(0, List.of("ab", ""))).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> array.asText().write(0, "\ud83d")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(array::asDoubles).isInstanceOf(ClassCastException.class);
        assertThat(client.array(shared.name(), Typecode.CODE_POINT, 2).asText().read())
                .isEqualTo("\0\0");
    }

    @Test
    void index_outsideIsRefused_andAtCountsFromTheEnd() {
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT32, List.of(1L, 2L, 3L));
        assertThat(array.at(-1)).isEqualTo(3);
        assertThat(array.at(-3)).isEqualTo(1);
        assertThat(array.at(1)).isEqualTo(2);
        for (int outside : new int[] {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> array.get(outside)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.set(outside, 1L)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.addAndGet(outside, 1L)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.update(outside, n -> n)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> array.at(-4)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.at(3)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.read(1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.read(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.write(2, List.of(1L, 2L))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.asLongs().write(-1, new long[1])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(array.read(3, 3)).isEmpty();
    }

    @Test
    void slices_arePythons() {
        List<Long> numbers = LongStream.range(0, 10).boxed().toList();
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT64, numbers);
        assertThat(array.slice(2, 5, 1)).containsExactly(2L, 3L, 4L);
        assertThat(array.slice(-3, null, 1)).containsExactly(7L, 8L, 9L);
        assertThat(array.slice(null, null, 4)).containsExactly(0L, 4L, 8L);
        assertThat(array.slice(null, null, -4)).containsExactly(9L, 5L, 1L);
        assertThat(array.slice(-100, 100, 9)).containsExactly(0L, 9L);
        assertThat(array.slice(5, 2, 1)).isEmpty();
        assertThatThrownBy(() -> array.slice(0, 1, 0)).isInstanceOf(IllegalArgumentException.class);

        array.setSlice(null, null, 4, List.of(100L, 104L, 108L));
        array.setSlice(-1, -3, -1, List.of(109L, 208L));
        assertThat(array.read()).containsExactly(100L, 1L, 2L, 3L, 104L, 5L, 6L, 7L, 208L, 109L);
        // Python's would shrink
        assertThatThrownBy(() -> array.setSlice(0, 2, 1, List.of(9L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array.setSlice(0, 2, 1, List.of(9L, 9L, 9L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(array.read(0, 2)).containsExactly(100L, 1L);
    }

    @Test
    void nullAndOtherTypes_areRefused_andChangeNothing() {
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT64, List.of(1L, 2L));
        assertThatThrownBy(() -> array.set(0, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> array.addAndGet(0, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> array.compareAndSet(0, null, 1L)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> array.write(0, Collections.singletonList(null)))
                .isInstanceOf(NullPointerException.class);
        setRaw(array, "text", 1.5, 1);
        assertThat(array.read()).containsExactly(1L, 2L);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // that is what is tested
    private static void setRaw(SharedArray array, Object... wrong) {
        for (Object each : wrong) {
            assertThatThrownBy(() -> array.set(0, each)).isInstanceOf(ClassCastException.class);
            assertThatThrownBy(() -> array.write(0, List.of(each))).isInstanceOf(ClassCastException.class);
        }
    }

    @Test
    void existing_keepsItsCells_andMustBeOpenedAsItIs() {
        String name = shared.name();
        client.array(name, Typecode.INT16, List.of(7L, 8L)).addAndGet(0, 1L);
        SharedArray<Long> again = shared.other().array(name, Typecode.INT16, 2);
        assertThat(again.read()).containsExactly(8L, 8L);
        assertThat(shared.other().array(name, Typecode.INT16, List.of(1L, 1L)).read())
                .containsExactly(8L, 8L);
        assertThatThrownBy(() -> client.array(name, Typecode.INT16, 3)).isInstanceOf(ObjectMismatchException.class);
        assertThatThrownBy(() -> client.array(name, Typecode.INT32, 2)).isInstanceOf(ObjectMismatchException.class);
        assertThatThrownBy(() -> client.array(name, Typecode.INT16, -1)).isInstanceOf(IllegalArgumentException.class);
        ArrayInspection seen = again.inspect();
        assertThat(seen.typecode()).isEqualTo('h');
        assertThat(seen.length()).isEqualTo(2);
    }

    @Test
    void async_answersTheSame() throws Exception {
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT32, List.of(5L, 6L));
        assertThat(array.addAndGetAsync(0, 1L).get()).isEqualTo(6);
        assertThat(array.getAndAddAsync(0, 1L).get()).isEqualTo(6);
        assertThat(array.getAndSetAsync(0, 10L).get()).isEqualTo(7);
        assertThat(array.compareAndSetAsync(0, 10L, 11L).get()).isTrue();
        array.setAsync(1, 12L).get();
        assertThat(array.getAsync(1).get()).isEqualTo(12);
        array.writeAsync(0, List.of(1L, 2L)).get();
        assertThat(array.readAsync(0, 2).get()).containsExactly(1L, 2L);
        array.setSliceAsync(null, null, -1, List.of(1L, 2L)).get();
        assertThat(array.sliceAsync(null, null, 1).get()).containsExactly(2L, 1L);
        assertThat(array.asInts().readAsync(0, 2).get()).containsExactly(2, 1);
        assertThat(array.asInts().readAsync().get()).containsExactly(2, 1);
        assertThat(array.updateAsync(1, n -> n + 8).get()).isEqualTo(9);
        assertThat(array.atAsync(-1).get()).isEqualTo(9);
        assertThat(array.readAsync().get()).containsExactly(2L, 9L);
        assertThatThrownBy(() -> array.setAsync(0, 1L << 31).get()).hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void list_isTheArrayItself() {
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT8, List.of(3L, 1L, 2L));
        List<Long> list = array.asList();
        assertThat(list).containsExactly(3L, 1L, 2L).isEqualTo(List.of(3L, 1L, 2L));
        assertThat(list).hasSameHashCodeAs(List.of(3L, 1L, 2L)).hasToString("[3, 1, 2]");
        assertThat(list.set(0, 5L)).isEqualTo(3);
        list.sort(null);
        assertThat(array.read()).containsExactly(1L, 2L, 5L);
        list.replaceAll(n -> n + 1);
        assertThat(array.asInts().read()).containsExactly(2, 3, 6);
        assertThat(list.indexOf(3L)).isEqualTo(1);
        assertThat(list.contains(7L)).isFalse();
        assertThat(list.toArray()).containsExactly(2L, 3L, 6L);
        assertThat(list.subList(1, 3)).containsExactly(3L, 6L);
        assertThat(new ArrayList<>(list)).isEqualTo(list);
        assertThatThrownBy(() -> list.add(1L)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void largeArray_isMadeAtOnce_andReadAndWrittenInRanges() throws Exception {
        int length = 10_000_000;
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT32, length);
        ArrayView<int[]> ints = array.asInts();
        int[] many = IntStream.range(0, 100_000).toArray();
        ints.write(length - many.length, many);
        assertThat(ints.read(length - many.length, length)).isEqualTo(many);
        assertThat(array.at(-1)).isEqualTo(99_999);
        int[] most = ints.read(length - 1_000_000, length);
        assertThat(most).hasSize(1_000_000);
        assertThat(IntStream.of(most).asLongStream().sum())
                .isEqualTo(IntStream.of(many).asLongStream().sum());
        assertThat(array.slice(-1, null, -1_000_000)).hasSize(10).startsWith(99_999L, 0L);

        assertThat(ints.readAsync(length - 1_000_000, length).get()).isEqualTo(most);
        int[] tooMany = new int[2_000_000];
        assertThatThrownBy(() -> ints.write(0, tooMany)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array.setSlice(null, null, 9_000_000, List.of(1L, 1L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(array.get(0)).isZero();
    }

    @Test
    void read_ofMoreThanAMessage_isOfOneInstant() throws Exception {
        int length = 300_000;
        String name = shared.name();
        SharedArray<Long> written = shared.other().array(name, Typecode.INT64, length);
        AtomicBoolean done = new AtomicBoolean();
        OtherThread<Void> writer = OtherThread.runs(() -> {
            for (long round = 1; !done.get(); round++) {
                written.set(0, round);
                written.set(length - 1, round);
            }
        });
        SharedArray<Long> array = client.array(name, Typecode.INT64, length);
        for (int i = 0; i < 10; i++) {
            long[] cells = array.asLongs().read();
            assertThat(cells[0] - cells[length - 1])
                    .as("the last cell is written behind the first")
                    .isBetween(0L, 1L);
        }
        done.set(true);
        writer.result();
        List<Long> list = array.asList();
        assertThat(list.indexOf(array.at(-1))).isZero();
        assertThat(list.lastIndexOf(array.get(0))).isEqualTo(length - 1);
        assertThat(list.contains(-1L)).isFalse();
        assertThat(list).isEqualTo(array.read()).hasSameHashCodeAs(array.read()).isNotEqualTo(array.read(1, length));
    }

    @Test
    void emptyArray_hasNothing() {
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT32, 0);
        assertThat(array.read()).isEmpty();
        assertThat(array).isEmpty();
        array.write(0, List.of());
        assertThatThrownBy(() -> array.get(0)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.at(-1)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
    }

    @Test
    void reference_isReadBackAsALiveHandle() {
        SharedArray<Double> inner = client.newArray(Typecode.FLOAT64, List.of(1.5, 2.5));
        var dict = client.dict(shared.name());
        dict.put("inner", inner);
        SharedArray<?> read = (SharedArray<?>) shared.other().dict(dict.name()).get("inner");
        assertThat(read.id()).isEqualTo(inner.id());
        assertThat(read.asDoubles().read()).containsExactly(1.5, 2.5);
        assertThat(client.drop(inner)).isTrue();
        assertThat(inner.addAndGet(0, 1.0)).isEqualTo(2.5);
        dict.clear();
        assertThatThrownBy(() -> inner.get(0)).isInstanceOf(ObjectDeletedException.class);
    }

    @Test
    void guard_refusesAllWrites_onceTheGrantIsOver() throws Exception {
        var lock = client.lock(shared.name());
        LockHandle held = lock.acquire();
        SharedArray<Long> array = client.array(shared.name(), Typecode.INT32, 2);
        array.guardedBy(held).write(0, List.of(1L, 2L));
        SharedArray<Long> guarded = array.guardedBy(held.guard());
        lock.forceRelease();
        assertThatThrownBy(() -> guarded.write(0, List.of(9L))).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(() -> guarded.addAndGet(0, 1L)).isInstanceOf(StaleTokenException.class);
        assertThat(array.read()).containsExactly(1L, 2L);
    }

    @Test
    void update_ofManyAtATime_losesNone() throws Exception {
        String name = shared.name();
        int rounds = 20;
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (var each : List.of(shared.client(), shared.other())) {
            SharedArray<Long> array = each.array(name, Typecode.INT64, 3);
            threads.add(OtherThread.runs(() -> {
                for (int i = 0; i < rounds; i++) {
                    array.update(i % 3, n -> n + 1);
                    array.addAndGet(2, 1L);
                }
            }));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        long sum = LongStream.of(client.array(name, Typecode.INT64, 3).asLongs().read())
                .sum();
        assertThat(sum).isEqualTo(4L * rounds);
    }
}
