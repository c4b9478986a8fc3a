// SPDX-License-Identifier: Apache-2.0
/** The room of Array: cells of one typecode, a fixed number of them. */
@NullMarked
package io.holdfast.statemachine.array;

import org.jspecify.annotations.NullMarked;
