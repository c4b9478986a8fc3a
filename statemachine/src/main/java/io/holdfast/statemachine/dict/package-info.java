// SPDX-License-Identifier: Apache-2.0
/** The room of dict. */
@NullMarked
package io.holdfast.statemachine.dict;

import org.jspecify.annotations.NullMarked;
