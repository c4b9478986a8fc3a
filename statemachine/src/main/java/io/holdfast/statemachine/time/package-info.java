// SPDX-License-Identifier: Apache-2.0
/** Timers in log time. */
@NullMarked
package io.holdfast.statemachine.time;

import org.jspecify.annotations.NullMarked;
