// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Guard;
import java.util.List;

/**
 * A command that waits; {@code deadline} 0: without end. {@code order}: how many had parked before it, anywhere;
 * {@code permits}: how many it waits for, of a semaphore; {@code guards}: of its command.
 */
public record Wait(
        long session,
        long sequence,
        long tag,
        long object,
        long since,
        long deadline,
        long order,
        long permits,
        List<Guard> guards) {
    @Override
    public String toString() {
        return "command " + sequence + " of session " + session + ", tag " + tag + " (for object " + object + ")";
    }
}
