// SPDX-License-Identifier: Apache-2.0
/** Sessions: opening, ending, and the outcomes that are kept so that a command takes effect once. */
@NullMarked
package io.holdfast.statemachine.session;

import org.jspecify.annotations.NullMarked;
