// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArrayCompareAndSet;
import io.holdfast.protocol.v1.ArrayGet;
import io.holdfast.protocol.v1.ArrayGetRange;
import io.holdfast.protocol.v1.ArrayLength;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.ArrayQuery;
import io.holdfast.protocol.v1.ArrayReply;
import io.holdfast.protocol.v1.ArraySetRange;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.rows.ArrayChunkRow;
import io.holdfast.statemachine.rows.ArrayRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.value.Cell;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an array must be: Java's list of as many values. */
final class ArrayModel extends ObjectModel {
    private final Cell cell;
    private final List<Value> cells;

    ArrayModel(long id, Parameters parameters) {
        super(id, Kind.KIND_ARRAY, parameters);
        ArrayParameters array = parameters.getArray();
        cell = new Cell(array.getTypecode());
        cells = array.hasInitial()
                ? new ArrayList<>(ArrayWords.values(array.getInitial()).stream()
                        .map(cell::stored)
                        .toList())
                : new ArrayList<>(Collections.nCopies((int) array.getLength(), zero(array.getTypecode())));
    }

    int length() {
        return cells.size();
    }

    private static Value zero(String typecode) {
        return switch (typecode) {
            case "u" -> Texts.text("\0");
            case "d" -> Value.newBuilder().setReal(0).build();
            default -> Texts.integer(0);
        };
    }

    /** Why the cells do not fit, for a cause in themselves; null: they do. */
    static @Nullable RefusalCode refusal(String typecode, Cells given) {
        boolean rightKind = switch (given.getCellsCase()) {
            case INTEGERS, UNSIGNED -> !typecode.equals("u");
            case REALS -> typecode.equals("d");
            case TEXT -> typecode.equals("u");
            case CELLS_NOT_SET -> throw new AssertionError("looked at before");
        };
        if (!rightKind) {
            return RefusalCode.WRONG_TYPE;
        }
        for (Value value : ArrayWords.values(given)) {
            RefusalCode refusal = new Cell(typecode).refusal(value);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    /** The indexes that Python's {@code range(*slice.indices(length))} would give. */
    static List<Integer> indexes(Slice slice, int length) {
        long step = slice.hasStep() ? slice.getStep() : 1;
        List<Integer> indexes = new ArrayList<>();
        long start = slice.hasStart() ? slice.getStart() : step > 0 ? 0 : length - 1;
        long stop = slice.hasStop() ? slice.getStop() : step > 0 ? length : -1 - length;
        start = start < 0 ? start + length : start;
        stop = stop < 0 ? stop + length : stop;
        if (step > 0) {
            for (long i = Math.max(0, start); i < Math.min(length, stop); i += step) {
                indexes.add((int) i);
            }
        } else {
            for (long i = Math.min(length - 1, start); i > Math.max(-1, stop); i += step) {
                indexes.add((int) i);
            }
        }
        return indexes;
    }

    @Override
    public void apply(Realm realm, Command command) {
        ArrayCommand operation = command.getArray();
        switch (operation.getOperationCase()) {
            case SET ->
                set(realm, operation.getSet().getIndex(), operation.getSet().getValue(), false);
            case GET_AND_SET ->
                set(
                        realm,
                        operation.getGetAndSet().getIndex(),
                        operation.getGetAndSet().getValue(),
                        true);
            case COMPARE_AND_SET -> compareAndSet(realm, operation.getCompareAndSet());
            case GET_AND_ADD ->
                add(
                        realm,
                        operation.getGetAndAdd().getIndex(),
                        operation.getGetAndAdd().getDelta(),
                        true);
            case ADD_AND_GET ->
                add(
                        realm,
                        operation.getAddAndGet().getIndex(),
                        operation.getAddAndGet().getDelta(),
                        false);
            case SET_RANGE -> setRange(realm, operation.getSetRange());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void set(Realm realm, long index, Value value, boolean tellBefore) {
        if (isRefused(realm, index, cell.refusal(value))) {
            return;
        }
        Value before = cells.set(place(index), cell.stored(value));
        realm.done(tellBefore ? reply(before) : Replied.acknowledged());
    }

    private void compareAndSet(Realm realm, ArrayCompareAndSet command) {
        if (isRefused(realm, command.getIndex(), cell.refusal(command.getExpected()))
                || isRefused(realm, command.getIndex(), cell.refusal(command.getUpdate()))) {
            return;
        }
        boolean equal = cell.stored(command.getExpected()).equals(cells.get(place(command.getIndex())));
        if (equal) {
            cells.set(place(command.getIndex()), cell.stored(command.getUpdate()));
        }
        realm.decided(equal);
    }

    private void add(Realm realm, long index, Value delta, boolean tellBefore) {
        Value held = isThere(index) ? cells.get(place(index)) : null;
        if (isRefused(realm, index, held == null ? null : cell.refusalToAdd(held, delta))) {
            return;
        }
        cells.set(place(index), cell.sum(held, delta));
        realm.done(reply(tellBefore ? held : cells.get(place(index))));
    }

    private void setRange(Realm realm, ArraySetRange command) {
        Cells given = command.getCells();
        List<Value> values = ArrayWords.values(given);
        if ((command.getSlice().hasStep() && command.getSlice().getStep() == 0)
                || given.getCellsCase() == Cells.CellsCase.CELLS_NOT_SET
                || indexes(command.getSlice(), length()).size() != values.size()) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return;
        }
        RefusalCode refusal = refusal(parameters.getArray().getTypecode(), given);
        if (refusal != null) {
            realm.refused(refusal);
            return;
        }
        List<Integer> indexes = indexes(command.getSlice(), length());
        for (int i = 0; i < values.size(); i++) {
            cells.set(indexes.get(i), cell.stored(values.get(i)));
        }
        realm.acknowledged();
    }

    private boolean isThere(long index) {
        return index >= -length() && index < length();
    }

    private int place(long index) {
        return (int) (index < 0 ? index + length() : index);
    }

    private boolean isRefused(Realm realm, long index, @Nullable RefusalCode refusal) {
        RefusalCode first = isThere(index) ? refusal : RefusalCode.OUT_OF_BOUNDS;
        if (first != null) {
            realm.refused(first);
        }
        return first != null;
    }

    private static Reply.Builder reply(Value value) {
        return Reply.newBuilder().setArray(ArrayReply.newBuilder().setValue(value));
    }

    @Override
    public void check(View view, Realm realm) {
        ArrayRow row = view.require(Tables.ARRAYS, Tables.ARRAYS.key(id));
        unless(row.getLength() == length(), Invariant.SEMANTICS, "array %s has %s cells", id, row.getLength());
        List<Value> left = new ArrayList<>(Collections.nCopies(length(), zero(row.getTypecode())));
        for (View.Row<ArrayChunkRow> chunk :
                view.scan(Tables.ARRAY_CHUNKS, Tables.ARRAY_CHUNKS.key(id), Integer.MAX_VALUE)) {
            int first = (int) chunk.key().number(1) * 1_024;
            unless(
                    chunk.row().getCellsCount() == Math.min(1_024, length() - first),
                    Invariant.CONSISTENT_ROWS,
                    "a chunk of array %s has %s cells from %s on",
                    id,
                    chunk.row().getCellsCount(),
                    first);
            for (int i = 0; i < chunk.row().getCellsCount(); i++) {
                left.set(first + i, value(row.getTypecode(), chunk.row().getCells(i)));
            }
        }
        unless(left.equals(cells), Invariant.SEMANTICS, "array %s holds %s, not %s", id, left, cells);
    }

    private static Value value(String typecode, long bits) {
        return switch (typecode) {
            case "u" -> Texts.text(Character.toString((int) bits));
            case "d" ->
                Value.newBuilder().setReal(Double.longBitsToDouble(bits)).build();
            case "Q" -> Texts.integer(new BigInteger(Long.toUnsignedString(bits)));
            default -> Texts.integer(bits);
        };
    }

    @Override
    public void checkGone(View view) {
        boolean gone = view.get(Tables.ARRAYS, Tables.ARRAYS.key(id)) == null
                && view.scan(Tables.ARRAY_CHUNKS, Tables.ARRAY_CHUNKS.key(id), 1)
                        .isEmpty();
        unless(gone, Invariant.NOTHING_LEFT, "array %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        ArrayQuery.Builder query = ArrayQuery.newBuilder().setObject(id);
        switch (dice.below(4)) {
            case 0 -> {
                return Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id));
            }
            case 1 -> query.setGet(ArrayGet.newBuilder().setIndex(ArrayRoom.index(dice)));
            case 2 -> query.setLength(ArrayLength.getDefaultInstance());
            default ->
                query.setGetRange(ArrayGetRange.newBuilder()
                        .setSlice(ArrayRoom.slice(dice))
                        .setSkip(dice.oneIn(2) ? 0 : dice.below(4)));
        }
        return Query.newBuilder().setArray(query);
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        boolean right = query.hasInspect()
                ? ArrayWords.values(answer.getInspection().getArray().getFirst())
                        .equals(cells.subList(0, Math.min(100, length())))
                : isRight(query.getArray(), answer);
        unless(right, Invariant.SEMANTICS, "array %s: %s to %s", id, answer, query);
    }

    private boolean isRight(ArrayQuery query, Answer answer) {
        return switch (query.getQuestionCase()) {
            case GET -> {
                long index = query.getGet().getIndex();
                yield isThere(index)
                        ? answer.getArray().getValue().equals(cells.get(place(index)))
                        : answer.getRefused().getCode() == RefusalCode.OUT_OF_BOUNDS;
            }
            case LENGTH -> answer.getArray().hasLength() && answer.getArray().getLength() == length();
            case GET_RANGE -> {
                List<Value> selected = indexes(query.getGetRange().getSlice(), length()).stream()
                        .skip(query.getGetRange().getSkip())
                        .map(cells::get)
                        .toList();
                yield ArrayWords.values(answer.getArray().getPage().getCells()).equals(selected)
                        && answer.getArray().getPage().getNext() == 0;
            }
            case QUESTION_NOT_SET -> false;
        };
    }
}
