// SPDX-License-Identifier: Apache-2.0
/** The room of the Queue. */
@NullMarked
package io.holdfast.statemachine.queue;

import org.jspecify.annotations.NullMarked;
