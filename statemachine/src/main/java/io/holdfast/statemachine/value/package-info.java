// SPDX-License-Identifier: Apache-2.0
/** The room of Value: one typed cell. */
@NullMarked
package io.holdfast.statemachine.value;

import org.jspecify.annotations.NullMarked;
