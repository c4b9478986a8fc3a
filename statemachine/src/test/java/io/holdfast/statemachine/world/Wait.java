// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

/** A command that waits; {@code deadline} 0: without end. {@code order}: how many had parked before it, anywhere. */
public record Wait(long session, long sequence, long object, long since, long deadline, long order) {
    @Override
    public String toString() {
        return "command " + sequence + " of session " + session + " (for object " + object + ")";
    }
}
