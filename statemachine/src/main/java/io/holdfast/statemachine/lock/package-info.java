// SPDX-License-Identifier: Apache-2.0
/** The room of Lock and RLock, and of their Conditions. */
@NullMarked
package io.holdfast.statemachine.lock;

import org.jspecify.annotations.NullMarked;
