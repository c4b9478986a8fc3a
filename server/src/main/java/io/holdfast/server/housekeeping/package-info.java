// SPDX-License-Identifier: Apache-2.0
/** What a leader and a node do by the clock: pulses, expiry of sessions, snapshots, watchdogs. */
@NullMarked
package io.holdfast.server.housekeeping;

import org.jspecify.annotations.NullMarked;
