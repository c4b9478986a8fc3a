// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.values;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.values.Typecode.Fitted;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cell, and what the operations make of what it holds.
 *
 * @param held fits the typecode
 * @param reply how a value is answered
 */
public record TypedCell(Typecode typecode, Value held, Function<Value, Outcome> reply) {
    /**
     * What an operation does.
     *
     * @param update what the cell holds from now on; null: what it held
     */
    public record Change(@Nullable Value update, Outcome outcome) {}

    public Change set(Value value) {
        return change(typecode.fit(value), fitted -> Outcome.acknowledged());
    }

    public Change getAndSet(Value value) {
        return change(typecode.fit(value), fitted -> reply.apply(held));
    }

    public Change getAndAdd(Value delta) {
        return change(typecode.add(held, delta), sum -> reply.apply(held));
    }

    public Change addAndGet(Value delta) {
        return change(typecode.add(held, delta), reply);
    }

    /** What is expected goes through the typecode, as what is set does. */
    public Change compareAndSet(Value expected, Value update) {
        Fitted comparand = typecode.fit(expected);
        if (comparand.value() == null) {
            return new Change(null, comparand.refusal());
        }
        Change change = change(typecode.fit(update), fitted -> Outcome.decided(true));
        return change.update() == null || Values.equal(held, comparand.value())
                ? change
                : new Change(null, Outcome.decided(false));
    }

    private static Change change(Fitted update, Function<Value, Outcome> outcome) {
        return update.value() == null
                ? new Change(null, update.refusal())
                : new Change(update.value(), outcome.apply(update.value()));
    }
}
