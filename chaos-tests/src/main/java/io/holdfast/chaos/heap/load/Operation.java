// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

/** One operation on a random object. {@link Tally} counts its exceptions, and decides which of them are faults. */
@FunctionalInterface
interface Operation {
    void run(OperationContext context) throws Exception;
}
