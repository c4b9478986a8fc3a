// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.statemachine.store.View;

/** The state as a query sees it: its rows, and the log time and revision that belong to them. */
public record Sight(View view, long now, long revision) {}
