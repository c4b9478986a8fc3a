// SPDX-License-Identifier: Apache-2.0
/** The room of Semaphore. */
@NullMarked
package io.holdfast.statemachine.semaphore;

import org.jspecify.annotations.NullMarked;
