// SPDX-License-Identifier: Apache-2.0
/** The room of Barrier. */
@NullMarked
package io.holdfast.statemachine.barrier;

import org.jspecify.annotations.NullMarked;
