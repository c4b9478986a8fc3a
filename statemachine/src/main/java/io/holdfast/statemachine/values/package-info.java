// SPDX-License-Identifier: Apache-2.0
/** The value model: which values are well formed, when two are equal, what they refer to. */
@NullMarked
package io.holdfast.statemachine.values;

import org.jspecify.annotations.NullMarked;
