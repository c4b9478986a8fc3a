// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueCompareAndSet;
import io.holdfast.protocol.v1.ValueGet;
import io.holdfast.protocol.v1.ValueQuery;
import io.holdfast.protocol.v1.ValueReply;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import org.jspecify.annotations.Nullable;

/** What a value must be. */
final class ValueModel extends ObjectModel {
    private final Cell cell;
    private Value held;

    ValueModel(long id, Parameters parameters) {
        super(id, Kind.KIND_VALUE, parameters);
        cell = new Cell(parameters.getValue().getTypecode());
        held = cell.stored(parameters.getValue().getInitial());
    }

    @Override
    public void apply(Realm realm, Command command) {
        ValueCommand operation = command.getValue();
        switch (operation.getOperationCase()) {
            case SET -> set(realm, operation.getSet().getValue(), Replied.acknowledged());
            case GET_AND_SET -> set(realm, operation.getGetAndSet().getValue(), reply(held));
            case COMPARE_AND_SET -> compareAndSet(realm, operation.getCompareAndSet());
            case GET_AND_ADD -> add(realm, operation.getGetAndAdd().getDelta(), true);
            case ADD_AND_GET -> add(realm, operation.getAddAndGet().getDelta(), false);
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void set(Realm realm, Value value, Reply.Builder reply) {
        if (!isRefused(realm, cell.refusal(value))) {
            held = cell.stored(value);
            realm.done(reply);
        }
    }

    private void compareAndSet(Realm realm, ValueCompareAndSet command) {
        if (isRefused(realm, cell.refusal(command.getExpected()))
                || isRefused(realm, cell.refusal(command.getUpdate()))) {
            return;
        }
        boolean equal = cell.stored(command.getExpected()).equals(held);
        if (equal) {
            held = cell.stored(command.getUpdate());
        }
        realm.decided(equal);
    }

    private void add(Realm realm, Value delta, boolean tellBefore) {
        if (!isRefused(realm, cell.refusalToAdd(held, delta))) {
            Value before = held;
            held = cell.sum(held, delta);
            realm.done(reply(tellBefore ? before : held));
        }
    }

    private static boolean isRefused(Realm realm, @Nullable RefusalCode refusal) {
        if (refusal != null) {
            realm.refused(refusal);
        }
        return refusal != null;
    }

    private static Reply.Builder reply(Value value) {
        return Reply.newBuilder().setValue(ValueReply.newBuilder().setValue(value));
    }

    @Override
    public void check(View view, Realm realm) {
        Value stored = view.require(Tables.VALUES, Tables.VALUES.key(id)).getValue();
        unless(stored.equals(held), Invariant.SEMANTICS, "value %s holds %s, not %s", id, stored, held);
    }

    @Override
    public void checkGone(View view) {
        unless(view.get(Tables.VALUES, Tables.VALUES.key(id)) == null, Invariant.NOTHING_LEFT, "value %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return dice.oneIn(2)
                ? Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id))
                : Query.newBuilder()
                        .setValue(ValueQuery.newBuilder().setObject(id).setGet(ValueGet.getDefaultInstance()));
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        Value told = query.hasInspect()
                ? answer.getInspection().getValue().getValue()
                : answer.getValue().getValue();
        unless(told.equals(held), Invariant.SEMANTICS, "value %s is told as %s, not %s", id, answer, held);
    }
}
