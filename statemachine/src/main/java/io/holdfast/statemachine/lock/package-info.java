// SPDX-License-Identifier: Apache-2.0
/** The room of Lock. */
@NullMarked
package io.holdfast.statemachine.lock;

import org.jspecify.annotations.NullMarked;
