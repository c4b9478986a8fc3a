// SPDX-License-Identifier: Apache-2.0
/** Parked commands: their waiters, in FIFO queues. */
@NullMarked
package io.holdfast.statemachine.waiting;

import org.jspecify.annotations.NullMarked;
