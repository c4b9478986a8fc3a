// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueAnswer;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueInspection;
import io.holdfast.protocol.v1.ValueQuery;
import io.holdfast.protocol.v1.ValueReply;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.ValueRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Typecode;
import io.holdfast.statemachine.values.Typecode.Fitted;
import io.holdfast.statemachine.values.TypedCell;
import io.holdfast.statemachine.values.TypedCell.Change;
import org.jspecify.annotations.Nullable;

/** One typed cell. What it holds always fits its typecode. */
public final class ValueMachine implements Machine {
    /** Applies a command to the cell that it names. */
    public Outcome apply(Turn turn, ValueCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        ValueRow cell = turn.rows().get(Tables.VALUES, key(object));
        if (cell == null) {
            return Objects.missing(turn, object, Kind.KIND_VALUE);
        }
        Change change = change(cell, command);
        if (change.update() != null) {
            ValueRow changed = cell.toBuilder().setValue(change.update()).build();
            turn.rows().update(Tables.VALUES, key(object), changed);
        }
        return change.outcome();
    }

    private static Change change(ValueRow row, ValueCommand command) {
        TypedCell cell = new TypedCell(Typecode.valueOf(row.getTypecode()), row.getValue(), ValueMachine::reply);
        return switch (command.getOperationCase()) {
            case SET -> cell.set(command.getSet().getValue());
            case GET_AND_SET -> cell.getAndSet(command.getGetAndSet().getValue());
            case COMPARE_AND_SET ->
                cell.compareAndSet(
                        command.getCompareAndSet().getExpected(),
                        command.getCompareAndSet().getUpdate());
            case GET_AND_ADD -> cell.getAndAdd(command.getGetAndAdd().getDelta());
            case ADD_AND_GET -> cell.addAndGet(command.getAddAndGet().getDelta());
            case OPERATION_NOT_SET ->
                new Change(
                        null,
                        Outcome.refused(
                                RefusalCode.UNSUPPORTED, "This version of the server does not know that operation."));
        };
    }

    private static Outcome reply(Value value) {
        return new Outcome.Done(
                Reply.newBuilder().setValue(ValueReply.newBuilder().setValue(value)));
    }

    /** Answers a question about the cell that it names. */
    public Answer.Builder answer(Sight sight, ValueQuery query) {
        ValueRow cell = sight.view().get(Tables.VALUES, Tables.VALUES.key(query.getObject()));
        if (cell == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_VALUE);
        }
        return switch (query.getQuestionCase()) {
            case GET -> Answer.newBuilder().setValue(ValueAnswer.newBuilder().setValue(cell.getValue()));
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    /** The value that a cell begins with does not matter to those that open it later. */
    @Override
    public Parameters lasting(Parameters parameters) {
        return parameters.toBuilder()
                .setValue(parameters.getValue().toBuilder().clearInitial())
                .build();
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        String name = parameters.getValue().getTypecode();
        Typecode typecode = Typecode.of(name);
        if (typecode == null) {
            return Typecode.unknown(name);
        }
        Fitted initial = typecode.fit(parameters.getValue().getInitial());
        if (initial.value() == null) {
            return ((Outcome.Refused) initial.refusal()).refusal();
        }
        turn.rows()
                .insert(
                        Tables.VALUES,
                        key(object),
                        ValueRow.newBuilder()
                                .setTypecode(name)
                                .setValue(initial.value())
                                .build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        turn.rows().delete(Tables.VALUES, key(object));
        return false;
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        ValueRow cell = sight.view().require(Tables.VALUES, key(object));
        inspection.setValue(ValueInspection.newBuilder().setValue(cell.getValue()));
    }

    private static Key key(ObjectId object) {
        return Tables.VALUES.key(object.value());
    }
}
