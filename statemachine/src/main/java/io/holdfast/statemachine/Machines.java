// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.v1.Kind;
import io.holdfast.statemachine.dict.DictMachine;
import io.holdfast.statemachine.event.EventMachine;
import io.holdfast.statemachine.lock.LockMachine;
import io.holdfast.statemachine.value.ValueMachine;

/** The machine of every kind. */
public final class Machines {
    final LockMachine lock = new LockMachine();
    final EventMachine event = new EventMachine();
    final ValueMachine value = new ValueMachine();
    final DictMachine dict = new DictMachine();

    public Machine of(Kind kind) {
        return switch (kind) {
            case KIND_LOCK -> lock;
            case KIND_EVENT -> event;
            case KIND_VALUE -> value;
            case KIND_DICT -> dict;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("no object is of kind " + kind);
        };
    }
}
