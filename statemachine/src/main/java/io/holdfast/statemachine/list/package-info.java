// SPDX-License-Identifier: Apache-2.0
/** The room of list. */
@NullMarked
package io.holdfast.statemachine.list;

import org.jspecify.annotations.NullMarked;
