// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.Guard;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.inspect.ObjectKind;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a SharedList does beyond {@link List}, and how it meets Python's. */
class SharedListTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedList<Object> list;
    private SharedList<Object> ofOther;

    @BeforeEach
    void openList() {
        String name = shared.name();
        list = shared.client().list(name);
        ofOther = shared.other().list(name);
    }

    @Test
    void listMethods_takeIndexesFromZero_atAndSlicesTakePythons() {
        list.addAll(List.of("a", "b", "c"));
        assertThat(ofOther.get(0)).isEqualTo("a");
        assertThat(ofOther.at(-1)).isEqualTo("c");
        assertThat(ofOther.at(2)).isEqualTo("c");
        for (int index : new int[] {-1, 3, 100}) {
            assertOutOfBounds(() -> list.get(index));
            assertOutOfBounds(() -> list.set(index, "x"));
            assertOutOfBounds(() -> list.remove(index));
            assertOutOfBounds(() -> list.add(index < 0 ? index : index + 1, "x"));
            assertOutOfBounds(() -> list.listIterator(index < 0 ? index : index + 1));
            assertOutOfBounds(() -> list.addAll(index < 0 ? index : index + 1, List.of()));
            assertOutOfBounds(() -> list.addAll(index < 0 ? index : index + 1, List.of("x")));
        }
        assertOutOfBounds(() -> list.at(-4));
        assertOutOfBounds(() -> list.at(3));
        assertThat(list).containsExactly("a", "b", "c");
        assertThatThrownBy(() -> list.subList(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertOutOfBounds(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void emptyList_hasNothingToTakeAway() {
        assertOutOfBounds(() -> list.remove(0));
        assertThatThrownBy(list::removeLast).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(list::removeFirst).isInstanceOf(NoSuchElementException.class);
        assertThat(list.remove("a")).isFalse();
        assertThat(list.indexOf("a")).isEqualTo(-1);
        list.addAll(List.of("a", "b", "c"));
        assertThat(list.removeLast()).isEqualTo("c");
        assertThat(list.removeFirst()).isEqualTo("a");
        assertThat(ofOther).containsExactly("b");
    }

    @Test
    void slices_areThoseOfPython() {
        list.addAll(List.of(0L, 1L, 2L, 3L, 4L));
        assertThat(list.slice(1, 3, 1)).containsExactly(1L, 2L);
        assertThat(list.slice(-2, Integer.MAX_VALUE, 1)).containsExactly(3L, 4L);
        assertThat(list.slice(Integer.MAX_VALUE, Integer.MIN_VALUE, -2)).containsExactly(4L, 2L, 0L);
        list.setSlice(1, 2, 1, List.of(7L, 8L, 9L));
        assertThat(ofOther).containsExactly(0L, 7L, 8L, 9L, 2L, 3L, 4L);
        list.setSlice(0, 7, 3, List.of("x", "y", "z"));
        assertThat(ofOther).containsExactly("x", 7L, 8L, "y", 2L, 3L, "z");
        assertThat(list.removeSlice(0, 7, 2)).isTrue();
        assertThat(list.removeSlice(5, 1, 1)).isFalse();
        assertThat(ofOther).containsExactly(7L, "y", 3L);
        assertThatThrownBy(() -> list.setSlice(0, 3, 2, List.of(1L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list.slice(0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list.setSlice(0, 3, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list.removeSlice(0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ofOther).containsExactly(7L, "y", 3L);
    }

    @Test
    void repeatAndReverse_areInPlace() {
        list.addAll(List.of(1L, 2L));
        list.repeat(3);
        list.reverse();
        assertThat(ofOther).containsExactly(2L, 1L, 2L, 1L, 2L, 1L);
        assertThat(list.count(2L)).isEqualTo(3);
        assertThat(list.count(2.0)).isZero();
        list.repeat(-1);
        assertThat(ofOther).isEmpty();
    }

    @Test
    void sort_isInNaturalOrder_orThatOfAComparator() {
        list.addAll(List.of(3L, BigInteger.TEN.pow(30), -1L));
        list.sort(null);
        assertThat(ofOther).containsExactly(-1L, 3L, BigInteger.TEN.pow(30));
        list.clear();
        list.addAll(List.of("b", "a", "C"));
        list.sort(null);
        assertThat(ofOther).containsExactly("C", "a", "b");
        SharedList<String> strings = shared.client().list(list.name(), String.class);
        strings.sort(String.CASE_INSENSITIVE_ORDER.reversed());
        assertThat(ofOther).containsExactly("C", "b", "a");
        Collections.sort(strings, Comparator.reverseOrder());
        assertThat(ofOther).containsExactly("b", "a", "C");
    }

    @Test
    void sort_ofByteArrays_isByTheirUnsignedBytes() {
        SharedList<byte[]> binaries = shared.client().newList(byte[].class);
        binaries.addAll(List.of(new byte[] {-1}, new byte[] {1, 2}, new byte[] {1}));
        binaries.sort(null);
        assertThat(binaries.copy()).containsExactly(new byte[] {1}, new byte[] {1, 2}, new byte[] {-1});
    }

    /** {@code list.index(x, start, stop)} */
    @Test
    void indexOf_honoursARange() throws Exception {
        list.addAll(List.of("a", "b", "a", "c", "a"));
        assertThat(ofOther.indexOf("a", 0, 5)).isZero();
        assertThat(ofOther.indexOf("a", 1, 100)).isEqualTo(2);
        assertThat(ofOther.indexOf("a", -1, 5)).isEqualTo(4);
        assertThat(ofOther.indexOf("a", -3, -1)).isEqualTo(2);
        assertThat(ofOther.indexOf("a", 1, 2)).isEqualTo(-1);
        assertThat(ofOther.indexOf("a", 5, 9)).isEqualTo(-1);
        assertThat(ofOther.indexOf(new Object(), 0, 5)).isEqualTo(-1);
        assertThat(ofOther.indexOfAsync("c", 1, -1).get()).isEqualTo(3);
        list.clear();
        list.addAll(Collections.nCopies(25_000, "x"));
        list.add("y");
        assertThat(ofOther.indexOf("y", 1, 25_000)).isEqualTo(-1);
        assertThat(ofOther.indexOf("y", -24_000, 30_000)).isEqualTo(25_000);
    }

    /** {@code list + list}, {@code list * 2}: plain lists. */
    @Test
    void pythonsPlusAndTimes_areMadeOfCopies() {
        list.addAll(List.of(1L, 2L));
        List<Object> sum = new ArrayList<>(list.copy());
        sum.addAll(ofOther.copy());
        assertThat(sum).containsExactly(1L, 2L, 1L, 2L);
        assertThat(list.copy()).containsExactly(1L, 2L);
        list.repeat(2);
        assertThat(ofOther.copy()).isEqualTo(sum);
    }

    /** {@code outer[0]['z'] = 1} changes nothing. */
    @Test
    void plainCollectionInside_isACopyThatNobodyCanChange() {
        list.add(Map.of("a", List.of(1L)));
        Map<?, ?> read = (Map<?, ?>) list.get(0);
        assertThatThrownBy(read::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(((List<?>) read.get("a"))::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(ofOther.get(0)).isEqualTo(Map.of("a", List.of(1L)));
    }

    @Test
    void sort_ofWhatCannotBeCompared_movesNothing() {
        for (List<Object> mixed : List.of(
                List.<Object>of("b", 1L, "a"),
                List.<Object>of(2L, 1.0),
                Arrays.<Object>asList(2L, null, 1L),
                Arrays.<Object>asList(Instant.EPOCH, null),
                List.<Object>of(Instant.EPOCH, "a"))) {
            list.clear();
            list.addAll(mixed);
            assertThatThrownBy(() -> list.sort(null)).isInstanceOf(ClassCastException.class);
            assertThat(ofOther.copy()).isEqualTo(mixed);
        }
    }

    @Test
    void sort_ofTypesWithAnOrderOfTheirOwn_isJavas() {
        SharedList<Instant> instants = shared.client().newList(Instant.class);
        List<Instant> in = List.of(Instant.ofEpochSecond(58), Instant.ofEpochSecond(58, 500_000_000), Instant.EPOCH);
        instants.addAll(in);
        instants.sort(null);
        assertThat(instants.copy()).isEqualTo(in.stream().sorted().toList());
    }

    @Test
    void sort_isStable_andLosesNothingThatOthersWriteMeanwhile() throws Exception {
        List<Long> numbers = new ArrayList<>(LongStream.range(0, 3_000).boxed().toList());
        Collections.shuffle(numbers, new java.util.Random(1));
        list.addAll(numbers);
        OtherThread<Void> other = OtherThread.runs(() -> {
            for (int i = 0; i < 20; i++) {
                ofOther.add(-1L);
            }
        });
        Comparator<Object> byTens = Comparator.comparingLong(n -> (Long) n / 10);
        list.sort(byTens);
        other.result();
        list.sort(byTens);
        numbers.addAll(Collections.nCopies(20, -1L));
        numbers.sort(byTens);
        assertThat(list.copy().stream().filter(n -> (Long) n >= 10).toList())
                .isEqualTo(numbers.stream().filter(n -> n >= 10).toList());
        assertThat(list).hasSize(3_020);
    }

    @Test
    void removeIfAndItsLike_goAtOnce() {
        list.addAll(LongStream.range(0, 1_000).boxed().toList());
        assertThat(list.removeIf(n -> (Long) n % 2 == 1)).isTrue();
        assertThat(list.removeIf(n -> (Long) n % 2 == 1)).isFalse();
        assertThat(list.removeAll(List.of(0L, 2L, "none"))).isTrue();
        assertThat(list.retainAll(List.of(4L, 6L, 5L))).isTrue();
        assertThat(list.retainAll(List.of(4L, 6L, 5L))).isFalse();
        assertThat(ofOther).containsExactly(4L, 6L);
        list.replaceAll(n -> (Long) n + 1);
        assertThat(ofOther).containsExactly(5L, 7L);
    }

    @Test
    void longList_takesAFewCommands() {
        List<Object> many = new ArrayList<>(LongStream.range(0, 25_000).boxed().toList());
        list.addAll(many);
        assertThat(list.sizeAsLong()).isEqualTo(25_000);
        assertThat(ofOther.copy()).isEqualTo(many);
        assertThat(ofOther).isEqualTo(many).hasSameHashCodeAs(many);
        assertThat(list.indexOf(24_321L)).isEqualTo(24_321);
        assertThat(list.lastIndexOf(5L)).isEqualTo(5);
        assertThat(list.contains(-1L)).isFalse();
        list.addAll(12_500, many);
        many.addAll(12_500, List.copyOf(many));
        assertThat(ofOther.copy()).isEqualTo(many);
        list.replaceAll(n -> (Long) n * 2);
        assertThat(list.at(-1)).isEqualTo(2 * 24_999L);
        list.subList(10, 49_990).clear();
        assertThat(ofOther).hasSize(20);
        assertThat(list.inspect().size()).isEqualTo(20);
    }

    @Test
    void whatIsMoreThanOneCommandCarries_isRefused_orSentWithSeveral() {
        List<Object> tooMany = Collections.nCopies(10_001, 1L);
        assertThatThrownBy(() -> list.addAllAsync(tooMany)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list.setSlice(0, 0, 1, tooMany)).isInstanceOf(IllegalArgumentException.class);
        assertThat(list).isEmpty();
        list.addAll(tooMany);
        assertThat(list).hasSize(10_001);
        assertThatThrownBy(() -> list.repeat(1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000000");
        List<Object> large = Collections.nCopies(5, new byte[1_000_000]);
        list.clear();
        list.addAll(large);
        assertThat(list).hasSize(5);
        assertThatThrownBy(() -> list.add(new byte[1 << 21])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nulls_areElements() {
        list.addAll(Arrays.asList(null, "a", null));
        assertThat(ofOther.copy()).containsExactly(null, "a", null);
        assertThat(list.indexOf(null)).isZero();
        assertThat(list.lastIndexOf(null)).isEqualTo(2);
        assertThat(list.remove(null)).isTrue();
        assertThat(list.set(0, null)).isEqualTo("a");
        assertThat(list).hasToString("[null, null]");
        SharedList<Long> typed = shared.client().newList(Long.class);
        typed.addAll(Arrays.asList(1L, null));
        assertThat(typed).containsExactly(1L, null);
    }

    @Test
    void compareAndSet_looksAtWhatIsThere() {
        list.addAll(List.of(1L, 2L));
        assertThat(list.compareAndSet(-1, 1L, 3L)).isFalse();
        assertThat(list.compareAndSet(-1, 2L, 3L)).isTrue();
        assertThat(list.compareAndRemove(0, 3L)).isFalse();
        assertThat(list.compareAndRemove(0, 1L)).isTrue();
        assertThat(ofOther).containsExactly(3L);
    }

    @Test
    void async_answersTheSame() throws Exception {
        assertThat(list.addAsync("a").get()).isTrue();
        assertThat(list.addAsync(0, "b").get()).isTrue();
        assertThat(list.addAllAsync(List.of("c", "d")).get()).isTrue();
        assertThat(list.atAsync(-1).get()).isEqualTo("d");
        assertThat(list.setAsync(0, "e").get()).isEqualTo("b");
        assertThat(list.compareAndSetAsync(0, "b", "f").get()).isFalse();
        assertThat(list.removeAtAsync(-1).get()).isEqualTo("d");
        assertThat(list.removeAsync("c").get()).isTrue();
        assertThat(list.sizeAsync().get()).isEqualTo(2);
        assertThat(list.addAsync(9, "x"))
                .failsWithin(java.time.Duration.ofMinutes(1))
                .withThrowableThat()
                .withCauseInstanceOf(IndexOutOfBoundsException.class);
        list.clearAsync().get();
        assertThatThrownBy(() -> list.removeFirstAsync().get()).hasCauseInstanceOf(NoSuchElementException.class);
    }

    @Test
    void async_ofManyElements_answersTheSame() throws Exception {
        assertThat(list.addAllAsync(0, List.of(3L, 1L, 2L)).get()).isTrue();
        list.sortAsync(null).get();
        list.reverseAsync().get();
        list.repeatAsync(2).get();
        assertThat(list.copyAsync().get()).containsExactly(3L, 2L, 1L, 3L, 2L, 1L);
        assertThat(list.removeFirstAsync().get()).isEqualTo(3L);
        assertThat(list.removeLastAsync().get()).isEqualTo(1L);
        assertThat(list.compareAndRemoveAsync(0, 9L).get()).isFalse();
        assertThat(list.compareAndRemoveAsync(-1, 2L).get()).isTrue();
        list.setSliceAsync(0, 1, 1, List.of(5L, 6L)).get();
        assertThat(list.sliceAsync(-2, Integer.MAX_VALUE, 1).get()).containsExactly(1L, 3L);
        list.replaceAllAsync(element -> (long) element + 1).get();
        assertThat(ofOther).containsExactly(6L, 7L, 2L, 4L);
        list.sortAsync(Comparator.comparing(element -> (long) element)).get();
        assertThat(list.removeSliceAsync(0, 1, 1).get()).isTrue();
        assertThat(list.removeIfAsync(element -> element.equals(6L)).get()).isTrue();
        assertThat(list.removeAllAsync(List.of(8L)).get()).isFalse();
        assertThat(list.retainAllAsync(List.of(7L)).get()).isTrue();
        assertThat(ofOther).containsExactly(7L);
    }

    @Test
    void async_looksThroughALongList() throws Exception {
        list.addAll(Collections.nCopies(20_000, 1L));
        list.addAllAsync(List.of(2L, 1L)).get();
        assertThat(list.indexOfAsync(2L).get()).isEqualTo(20_000);
        assertThat(list.lastIndexOfAsync(2L).get()).isEqualTo(20_000);
        assertThat(list.countAsync(1L).get()).isEqualTo(20_001);
        assertThat(list.containsAsync(3L).get()).isFalse();
        assertThat(list.indexOfAsync(new Object()).get()).isEqualTo(-1);
        assertThat(list.copyAsync().get()).hasSize(20_002).endsWith(2L, 1L);
        assertThat(list.stale().size().value()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void elements_mayBeSharedObjects_andThisVeryList() {
        SharedList<Object> inner = shared.client().newList();
        inner.add("deep");
        list.add(inner);
        list.add(list);
        assertThat(shared.client().drop(inner)).isTrue();
        @SuppressWarnings("unchecked")
        SharedList<Object> seen = (SharedList<Object>) ofOther.get(0);
        assertThat(seen).containsExactly("deep");
        assertThat(list).hasToString("[#" + inner.id() + ", #" + list.id() + "]");
        assertThat(ofOther.get(1)).isInstanceOf(SharedList.class);
        list.clear();
        assertThatThrownBy(() -> seen.add("x")).isInstanceOf(ObjectDeletedException.class);
    }

    @Test
    void lists_liveInDicts_andAreReadBackAsLiveHandles() {
        SharedDict<String, Object> dict = shared.client().dict(shared.name());
        SharedList<Object> inner = shared.client().newList();
        dict.put("list", inner);
        assertThat(shared.client().drop(inner)).isTrue();
        @SuppressWarnings("unchecked")
        List<Object> seen = (List<Object>) dict.get("list");
        seen.add(1L);
        assertThat(inner).containsExactly(1L);
        dict.remove("list");
        assertThatThrownBy(() -> inner.add(2L)).isInstanceOf(ObjectDeletedException.class);
    }

    @Test
    void guard_thatIsStale_changesNothing() throws Exception {
        LockHandle held = shared.client().lock(shared.name()).acquire();
        list.guardedBy(held).add(1L);
        Guard guard = held.guard();
        held.release();
        assertThatThrownBy(() -> list.guardedBy(guard).add(2L)).isInstanceOf(StaleTokenException.class);
        assertThat(list).containsExactly(1L);
    }

    @Test
    void subList_isAViewOfIndexes() {
        list.addAll(List.of(0L, 1L, 2L, 3L, 4L));
        List<Object> view = list.subList(1, 3);
        ofOther.remove(0);
        assertThat(view).containsExactly(2L, 3L);
        view.set(0, "x");
        view.add("y");
        assertThat(ofOther).containsExactly(1L, "x", 3L, "y", 4L);
        view.clear();
        assertThat(ofOther).containsExactly(1L, 4L);
    }

    @Test
    void concurrentAppends_losesNone() throws Exception {
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (SharedList<Object> each : List.of(list, ofOther)) {
            threads.add(OtherThread.runs(() -> IntStream.range(0, 50).forEach(i -> each.add((long) i))));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(list).hasSize(100);
        assertThat(list.count(7L)).isEqualTo(2);
    }

    @Test
    void nameOfAnotherKind_isRefused() {
        assertThatThrownBy(() -> shared.client().dict(list.name())).isInstanceOf(ObjectMismatchException.class);
        assertThat(list.inspect().object().kind()).isEqualTo(ObjectKind.LIST);
    }
}
