// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of all shared objects, as one deterministic state machine: the same log entries make the same state, byte
 * for byte, on every node. Nothing here knows of Raft, networks, clocks or threads.
 */
@NullMarked
package io.holdfast.statemachine;

import org.jspecify.annotations.NullMarked;
