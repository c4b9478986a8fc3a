// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArrayCompareAndSet;
import io.holdfast.protocol.v1.ArrayInspection;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.ArrayReply;
import io.holdfast.protocol.v1.ArraySetRange;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.ArrayRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Selection;
import io.holdfast.statemachine.values.Typecode;
import io.holdfast.statemachine.values.TypedCell;
import io.holdfast.statemachine.values.TypedCell.Change;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A fixed number of typed cells. What they hold always fits their typecode. */
public final class ArrayMachine implements Machine {
    /** Applies a command to the array that it names. */
    public Outcome apply(Turn turn, ArrayCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        ArrayRow row = turn.rows().get(Tables.ARRAYS, key(object));
        if (row == null) {
            return Objects.missing(turn, object, Kind.KIND_ARRAY);
        }
        CellArray array = CellArray.of(turn.rows(), object, row);
        return switch (command.getOperationCase()) {
            case SET -> {
                Value value = command.getSet().getValue();
                yield change(turn, array, command.getSet().getIndex(), cell -> cell.set(value));
            }
            case GET_AND_SET -> {
                Value value = command.getGetAndSet().getValue();
                yield change(turn, array, command.getGetAndSet().getIndex(), cell -> cell.getAndSet(value));
            }
            case COMPARE_AND_SET -> {
                ArrayCompareAndSet swap = command.getCompareAndSet();
                yield change(
                        turn, array, swap.getIndex(), cell -> cell.compareAndSet(swap.getExpected(), swap.getUpdate()));
            }
            case GET_AND_ADD -> {
                Value delta = command.getGetAndAdd().getDelta();
                yield change(turn, array, command.getGetAndAdd().getIndex(), cell -> cell.getAndAdd(delta));
            }
            case ADD_AND_GET -> {
                Value delta = command.getAddAndGet().getDelta();
                yield change(turn, array, command.getAddAndGet().getIndex(), cell -> cell.addAndGet(delta));
            }
            case SET_RANGE -> setRange(turn, array, command.getSetRange());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome change(Turn turn, CellArray array, long index, Function<TypedCell, Change> operation) {
        Refusal refusal = array.refusal(index);
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        Change change =
                operation.apply(new TypedCell(array.packing().typecode(), array.get(index), ArrayMachine::reply));
        if (change.update() != null) {
            long[] bits = {array.packing().pack(change.update())};
            array.chunks().write(turn.rows(), array.cell(index), bits);
        }
        return change.outcome();
    }

    private static Outcome reply(Value value) {
        return new Outcome.Done(
                Reply.newBuilder().setArray(ArrayReply.newBuilder().setValue(value)));
    }

    private static Outcome setRange(Turn turn, CellArray array, ArraySetRange command) {
        String problem = problem(array, command);
        if (problem != null) {
            return new Outcome.Refused(malformed(problem));
        }
        Selection selected = Selection.of(command.getSlice(), array.length());
        if (Math.abs(selected.step()) > 1 && selected.span() > Limits.ARRAY_SPAN) {
            return new Outcome.Refused(tooWide(selected));
        }
        Outcome refusal = array.packing().refusal(command.getCells());
        if (refusal != null) {
            return refusal;
        }
        array.chunks().write(turn.rows(), selected, array.packing().pack(command.getCells()));
        return Outcome.acknowledged();
    }

    private static @Nullable String problem(CellArray array, ArraySetRange command) {
        String problem = Selection.problem(command.getSlice());
        if (problem == null) {
            problem = Packing.problem(command.getCells());
        }
        if (problem != null) {
            return problem;
        }
        long selected = Selection.of(command.getSlice(), array.length()).count();
        int given = Packing.count(command.getCells());
        return selected == given
                ? null
                : "the slice selects " + selected + " cells and " + given + " are given, but an array keeps its length";
    }

    private static Refusal tooWide(Selection selected) {
        return Refusal.newBuilder()
                .setCode(RefusalCode.TOO_LARGE)
                .setBound("array-span")
                .setDetail("A range with a step that is written may reach over " + Limits.ARRAY_SPAN
                        + " cells; this one reaches over " + selected.span() + ". Write it in parts.")
                .build();
    }

    /** What the cells begin with does not matter to those that open it later, but for how many they are. */
    @Override
    public Parameters lasting(Parameters parameters) {
        ArrayParameters array = parameters.getArray();
        return parameters.toBuilder()
                .setArray(array.toBuilder().clearInitial().setLength(length(array)))
                .build();
    }

    private static long length(ArrayParameters array) {
        return array.getLength() == 0 ? Packing.count(array.getInitial()) : array.getLength();
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        ArrayParameters array = parameters.getArray();
        Typecode typecode = Typecode.of(array.getTypecode());
        if (typecode == null) {
            return Typecode.unknown(array.getTypecode());
        }
        long length = length(array);
        if (length < 0 || length > Integer.MAX_VALUE) {
            return malformed("an array has 0 to " + Integer.MAX_VALUE + " cells, not " + Long.toUnsignedString(length));
        }
        Packing packing = new Packing(typecode);
        Refusal misfit = array.hasInitial() ? misfit(packing, array.getInitial(), length) : null;
        if (misfit != null) {
            return misfit;
        }
        ArrayRow row = ArrayRow.newBuilder()
                .setTypecode(array.getTypecode())
                .setLength(length)
                .build();
        turn.rows().insert(Tables.ARRAYS, key(object), row);
        if (array.hasInitial()) {
            new Chunks(turn.rows(), object, length)
                    .write(turn.rows(), new Selection(0, 1, length), packing.pack(array.getInitial()));
        }
        return null;
    }

    /** Why an array of that length cannot begin with these cells; null: it can. */
    private static @Nullable Refusal misfit(Packing packing, Cells initial, long length) {
        String problem = Packing.problem(initial);
        if (problem != null) {
            return malformed(problem);
        }
        int given = Packing.count(initial);
        if (given != length) {
            return malformed("an array of " + length + " cells cannot begin with " + given);
        }
        Outcome refusal = packing.refusal(initial);
        return refusal == null ? null : ((Outcome.Refused) refusal).refusal();
    }

    private static Refusal malformed(String problem) {
        return Refusal.newBuilder()
                .setCode(RefusalCode.INVALID_ARGUMENT)
                .setDetail("The command is malformed: " + problem + ".")
                .build();
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        turn.rows().delete(Tables.ARRAYS, key(object));
        turn.objects().sweeps().add(turn, Contents.ARRAY, object.value());
        return false;
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        CellArray array = CellArray.of(sight.view(), object, sight.view().require(Tables.ARRAYS, key(object)));
        Selection first = new Selection(0, 1, Math.min(array.length(), Limits.INSPECTED_CELLS));
        inspection.setArray(ArrayInspection.newBuilder()
                .setLength(array.length())
                .setFirst(array.packing().unpack(array.chunks().read(first))));
    }

    private static Key key(ObjectId object) {
        return Tables.ARRAYS.key(object.value());
    }
}
