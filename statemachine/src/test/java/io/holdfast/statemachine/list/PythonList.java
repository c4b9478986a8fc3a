// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListPop;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Python's list in plain Java, the slow way: a slice is the list of its places. */
final class PythonList {
    final List<Value> all = new ArrayList<>();

    /** What became of a command. */
    sealed interface Result {}

    /** @param changed whether the list is of a new version now, though it may be as before */
    record Done(boolean done, @Nullable Value value, boolean changed) implements Result {}

    record Refused(RefusalCode code) implements Result {}

    private static final Result MALFORMED = new Refused(RefusalCode.INVALID_ARGUMENT);
    private static final Result OUT = new Refused(RefusalCode.OUT_OF_BOUNDS);

    Result apply(ListCommand command) {
        return switch (command.getOperationCase()) {
            case SET -> set(command.getSet());
            case INSERT -> insert(command.getInsert());
            case EXTEND -> done(all.addAll(command.getExtend().getValuesList()));
            case POP -> pop(command.getPop());
            case REMOVE -> remove(command.getRemove().getValue());
            case SET_SLICE -> setSlice(command.getSetSlice());
            case DELETE_SLICE -> deleteSlice(command.getDeleteSlice().getSlice());
            case REPEAT -> {
                List<Value> once = List.copyOf(all);
                all.clear();
                for (long i = 0; i < command.getRepeat().getTimes(); i++) {
                    all.addAll(once);
                }
                yield done(all.size() != once.size());
            }
            case REVERSE -> {
                Collections.reverse(all);
                yield done(all.size() > 1);
            }
            case SORT -> sort(command.getSort().getDescending());
            case ARRANGE -> arrange(command.getArrange().getOrderList());
            case KEEP -> keep(command.getKeep().getKept().toByteArray());
            case CLEAR -> done(all.removeAll(List.copyOf(all)));
            case OPERATION_NOT_SET -> new Refused(RefusalCode.UNSUPPORTED);
        };
    }

    private static Result done(boolean changed) {
        return new Done(true, null, changed);
    }

    private static Result only(boolean done) {
        return new Done(done, null, done);
    }

    /** Where the index is; null: nowhere. */
    @Nullable
    Integer place(long index) {
        long place = index < 0 ? index + all.size() : index;
        return place < 0 || place >= all.size() ? null : (int) place;
    }

    /** The places that a slice selects, in its order: those of {@code range(*slice.indices(len))}. */
    List<Integer> places(Slice slice) {
        long step = slice.hasStep() ? slice.getStep() : 1;
        List<Integer> places = new ArrayList<>();
        long size = all.size();
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1;
        long start = slice.hasStart() ? bounded(slice.getStart(), low, high) : step > 0 ? 0 : size - 1;
        long stop = slice.hasStop() ? bounded(slice.getStop(), low, high) : step > 0 ? size : -1;
        for (long at = start; step > 0 ? at < stop : at > stop; at += step) {
            places.add((int) at);
        }
        return places;
    }

    private long bounded(long index, long low, long high) {
        long place = index < 0 ? index + all.size() : index;
        return place < low ? low : place > high ? high : place;
    }

    private Result set(ListSet set) {
        Integer place = place(set.getIndex());
        if (place == null) {
            return OUT;
        }
        Value before = all.get(place);
        boolean done = !set.hasExpected() || same(before, set.getExpected());
        if (done) {
            all.set(place, set.getValue());
        }
        return new Done(done, before, done);
    }

    private Result insert(ListInsert insert) {
        if (insert.getValuesCount() == 0) {
            return MALFORMED;
        }
        long place = insert.getIndex() < 0 ? insert.getIndex() + all.size() : insert.getIndex();
        if (insert.getExact() && (place < 0 || place > all.size())) {
            return OUT;
        }
        return done(all.addAll((int) bounded(insert.getIndex(), 0, all.size()), insert.getValuesList()));
    }

    private Result pop(ListPop pop) {
        Integer place = place(pop.hasIndex() ? pop.getIndex() : -1);
        if (place == null) {
            return OUT;
        }
        Value before = all.get(place);
        boolean done = !pop.hasExpected() || same(before, pop.getExpected());
        if (done) {
            all.remove((int) place);
        }
        return new Done(done, before, done);
    }

    private Result remove(Value value) {
        for (int i = 0; i < all.size(); i++) {
            if (same(all.get(i), value)) {
                all.remove(i);
                return only(true);
            }
        }
        return only(false);
    }

    private Result setSlice(ListSetSlice set) {
        Slice slice = set.getSlice();
        if (slice.hasStep() && slice.getStep() == 0) {
            return MALFORMED;
        }
        List<Integer> places = places(slice);
        if (slice.hasStep() && slice.getStep() != 1) {
            if (places.size() != set.getValuesCount()) {
                return MALFORMED;
            }
            for (int i = 0; i < places.size(); i++) {
                all.set(places.get(i), set.getValues(i));
            }
            return done(!places.isEmpty());
        }
        int at = (int) bounded(slice.getStart(), 0, all.size());
        places.forEach(place -> all.remove(at));
        all.addAll(at, set.getValuesList());
        return done(!places.isEmpty() || set.getValuesCount() > 0);
    }

    private Result deleteSlice(Slice slice) {
        if (slice.hasStep() && slice.getStep() == 0) {
            return MALFORMED;
        }
        List<Integer> places = places(slice);
        places.stream().sorted(Comparator.reverseOrder()).forEach(place -> all.remove((int) place));
        return only(!places.isEmpty());
    }

    /** Of the types that worlds have: booleans, integers, reals and texts. */
    private Result sort(boolean descending) {
        if (all.size() < 2) {
            return done(false);
        }
        Set<Value.KindCase> types = new HashSet<>();
        all.forEach(value -> types.add(value.getKindCase()));
        boolean isOrdered = types.size() == 1
                && Set.of(Value.KindCase.BOOLEAN, Value.KindCase.INTEGER, Value.KindCase.REAL, Value.KindCase.TEXT)
                        .containsAll(types);
        if (!isOrdered) {
            return new Refused(RefusalCode.WRONG_TYPE);
        }
        Comparator<Value> order = Comparator.<Value>comparingLong(Value::getInteger)
                .thenComparing(Value::getBoolean)
                .thenComparingDouble(Value::getReal)
                .thenComparing(Value::getText);
        all.sort(descending ? order.reversed() : order);
        return done(true);
    }

    private Result arrange(List<Integer> order) {
        List<Integer> sorted = order.stream().sorted().toList();
        if (!sorted.equals(IntStream.range(0, all.size()).boxed().toList())) {
            return MALFORMED;
        }
        List<Value> before = List.copyOf(all);
        for (int i = 0; i < order.size(); i++) {
            all.set(i, before.get(order.get(i)));
        }
        return done(order.size() > 1);
    }

    private Result keep(byte[] kept) {
        int size = all.size();
        if (kept.length != (size + 7) / 8) {
            return MALFORMED;
        }
        for (int i = size - 1; i >= 0; i--) {
            if ((kept[i / 8] >> (i % 8) & 1) == 0) {
                all.remove(i);
            }
        }
        return only(all.size() < size);
    }

    /** What a command would store. */
    static List<Value> values(ListCommand command) {
        return command.hasSet()
                ? List.of(command.getSet().getValue())
                : command.hasInsert()
                        ? command.getInsert().getValuesList()
                        : command.hasExtend()
                                ? command.getExtend().getValuesList()
                                : command.getSetSlice().getValuesList();
    }

    /** Whether it is the one malformed value that worlds have. */
    static boolean isMalformed(Value value) {
        return value.getKindCase() == Value.KindCase.KIND_NOT_SET;
    }

    /** Whether a command that leaves nothing behind gives up the contents. */
    static boolean empties(ListCommand command) {
        return command.hasClear() || command.hasDeleteSlice() || command.hasRepeat();
    }

    /** Whether both values are equal. */
    static boolean same(Value a, Value b) {
        return text(a).equals(text(b));
    }

    private static String text(Value value) {
        if (value.hasMap()) {
            Map<String, String> sorted = new TreeMap<>();
            value.getMap().getEntriesList().forEach(entry -> sorted.put(text(entry.getKey()), text(entry.getValue())));
            return sorted.toString();
        }
        return Texts.tell(value);
    }
}
