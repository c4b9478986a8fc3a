// SPDX-License-Identifier: Apache-2.0
/** The room of Event. */
@NullMarked
package io.holdfast.statemachine.event;

import org.jspecify.annotations.NullMarked;
