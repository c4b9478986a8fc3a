// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

/** One operation on a random object. What it throws is counted; {@link Tally} says what is a fault. */
@FunctionalInterface
interface Operation {
    void run(OperationContext context) throws Exception;
}
