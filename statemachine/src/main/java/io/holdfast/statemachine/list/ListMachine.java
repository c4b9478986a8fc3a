// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListInspection;
import io.holdfast.protocol.v1.ListPop;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import io.holdfast.statemachine.waiting.Held;
import io.holdfast.statemachine.waiting.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Python's list. This class applies commands to one element; {@link ListSlices} and {@link Rearranging} those to many,
 * and {@link Pieces} those to more than one entry may touch.
 */
public final class ListMachine implements Machine {
    /** Applies a command to the list that it names. */
    public Outcome apply(Turn turn, ListCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        ListRow list = turn.rows().get(Tables.LISTS, key(object));
        if (list == null) {
            return Objects.missing(turn, object, Kind.KIND_LIST);
        }
        ListWaits waits = new ListWaits(turn, object);
        if (list.getWaiters().getLength() > 0) {
            return waits.park(list, command);
        }
        ListElements elements = new ListElements(turn, object, list);
        Outcome outcome = apply(elements, command);
        if (outcome instanceof Outcome.Parked) {
            return waits.park(list, command);
        }
        elements.settle();
        return outcome;
    }

    /** Applies the command in this entry; {@link Outcome.Parked} if it must be done in pieces. The caller settles. */
    static Outcome apply(ListElements elements, ListCommand command) {
        if (command.hasIfVersion() && command.getIfVersion() != elements.version()) {
            return elements.reply(false);
        }
        Outcome refusal = refusal(elements.turn(), command);
        return refusal != null ? refusal : dispatch(elements, command);
    }

    private static Outcome dispatch(ListElements elements, ListCommand command) {
        return switch (command.getOperationCase()) {
            case SET -> set(elements, command.getSet());
            case INSERT -> insert(elements, command.getInsert());
            case EXTEND -> extend(elements, command.getExtend().getValuesList());
            case POP -> pop(elements, command.getPop());
            case REMOVE -> Rearranging.remove(elements, command.getRemove().getValue());
            case SET_SLICE -> ListSlices.set(elements, command.getSetSlice());
            case DELETE_SLICE ->
                ListSlices.delete(elements, command.getDeleteSlice().getSlice());
            case REPEAT -> Rearranging.repeat(elements, command.getRepeat().getTimes());
            case REVERSE -> Rearranging.reverse(elements);
            case SORT -> Rearranging.sort(elements, command.getSort().getDescending());
            case ARRANGE -> Rearranging.arrange(elements, command.getArrange().getOrderList());
            case KEEP -> Rearranging.keep(elements, command.getKeep().getKept());
            case CLEAR -> clear(elements);
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome set(ListElements elements, ListSet command) {
        long place = elements.place(command.getIndex());
        if (place < 0) {
            return outOfBounds(elements.size(), command.getIndex());
        }
        Value before = elements.nodes().get(place);
        if (command.hasExpected() && !Values.equal(before, command.getExpected())) {
            return elements.reply(false, before);
        }
        List<Value> value = List.of(command.getValue());
        elements.replace(place, place + 1, value, value, List.of(before));
        return elements.reply(true, before);
    }

    private static Outcome insert(ListElements elements, ListInsert command) {
        if (command.getValuesCount() == 0) {
            return malformed("an insertion has no value");
        }
        long index = command.getIndex();
        long place = index < 0 ? index + elements.size() : index;
        if (command.getExact() && (place < 0 || place > elements.size())) {
            return outOfBounds(elements.size(), index);
        }
        elements.insert(Math.max(0, Math.min(place, elements.size())), command.getValuesList());
        return elements.reply(true);
    }

    private static Outcome extend(ListElements elements, List<Value> values) {
        if (!values.isEmpty()) {
            elements.insert(elements.size(), values);
        }
        return elements.reply(true);
    }

    private static Outcome pop(ListElements elements, ListPop command) {
        long index = command.hasIndex() ? command.getIndex() : -1;
        long place = elements.place(index);
        if (place < 0) {
            return outOfBounds(elements.size(), index);
        }
        Value before = elements.nodes().get(place);
        if (command.hasExpected() && !Values.equal(before, command.getExpected())) {
            return elements.reply(false, before);
        }
        elements.replace(place, place + 1, List.of(), List.of(), List.of(before));
        return elements.reply(true, before);
    }

    private static Outcome clear(ListElements elements) {
        elements.clear();
        return elements.reply(true);
    }

    /** Returns the refusal that does not depend on the elements of the list; null if there is none. */
    static @Nullable Outcome refusal(Turn turn, ListCommand command) {
        for (Value value : Held.of(command)) {
            String problem = Values.problem(value);
            if (problem != null) {
                return malformed(problem);
            }
        }
        String sought = command.hasRemove() ? Values.problem(command.getRemove().getValue()) : null;
        if (sought != null) {
            return malformed(sought);
        }
        for (Value value : Held.of(command)) {
            Outcome missing = turn.objects().refusal(turn, Values.references(value));
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    static Outcome malformed(String problem) {
        return Outcome.refused(RefusalCode.INVALID_ARGUMENT, "The command is malformed: " + problem + ".");
    }

    private static Outcome outOfBounds(long size, long index) {
        return Outcome.refused(RefusalCode.OUT_OF_BOUNDS, outOfBoundsDetail(size, index));
    }

    static String outOfBoundsDetail(long size, long index) {
        return size == 0
                ? "The list is empty: there is no index " + index + "."
                : "The list has " + size + " elements: there is no index " + index + ".";
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        turn.rows()
                .insert(
                        Tables.LISTS,
                        key(object),
                        ListRow.newBuilder()
                                .setContents(turn.revision())
                                .setVersion(turn.revision())
                                .build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        ListRow list = turn.rows().require(Tables.LISTS, key(object));
        turn.objects().sweeps().add(turn, Contents.LIST, list.getContents());
        new ListWaits(turn, object).sweepWork(list);
        turn.rows().delete(Tables.LISTS, key(object));
        return list.getWaiters().getLength() > 0;
    }

    /** Traces the values of parked commands, then the elements: values move only in this direction. */
    @Override
    public Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        Key elements =
                Tables.LIST_NODES.key(view.require(Tables.LISTS, key(object)).getContents());
        if (from == null || from.compareTo(Tables.WAITERS.key().afterPrefix()) < 0) {
            Key waiters = Tables.WAITERS.key(object.value());
            Traced page = Traced.of(view, Tables.WAITERS, waiters, from, limit, ListMachine::references);
            return page.next() != null ? page : new Traced(page.references(), page.rows(), elements);
        }
        return Traced.of(view, Tables.LIST_NODES, elements, from, limit, ListNodes::references);
    }

    private static List<ObjectId> references(WaiterRow waiter) {
        return Held.of(waiter).stream()
                .flatMap(value -> Values.references(value).stream())
                .toList();
    }

    @Override
    public void letGo(Turn turn, ObjectId object) {
        ListRow list = turn.rows().require(Tables.LISTS, key(object));
        ListWaits waits = new ListWaits(turn, object);
        waits.sweepWork(list);
        ListRow idle = list.toBuilder()
                .clearWork()
                .setCondemned(list.getWaiters().getLength() > 0)
                .build();
        turn.rows().update(Tables.LISTS, key(object), idle);
        new ListElements(turn, object, idle).clear();
        waits.serve();
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        new ListWaits(turn, waiter.object()).end(waiter, end);
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        new ListWaits(turn, object).serve();
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        ListRow list = sight.view().require(Tables.LISTS, key(object));
        inspection.setList(ListInspection.newBuilder().setSize(list.getSize()).setBytes(list.getBytes()));
    }

    static Key key(ObjectId object) {
        return Tables.LISTS.key(object.value());
    }
}
