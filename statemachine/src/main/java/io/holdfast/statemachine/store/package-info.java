// SPDX-License-Identifier: Apache-2.0
/** The state on disk: typed tables over an ordered byte store, written once a log entry. */
@NullMarked
package io.holdfast.statemachine.store;

import org.jspecify.annotations.NullMarked;
