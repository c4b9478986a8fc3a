// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What some node knew some time ago: the answer of a read that was asked for with {@code stale()}.
 *
 * @param value what was read, as the linearizable method answers it
 * @param age how long ago it may have been at most that the value was the current one: the node had, when it answered,
 *     all that its leader had committed that long ago. It is short while the node keeps up, also in a cluster where
 *     nothing happens; it grows on a node that is cut off from the others, or that applies more than it can. It is as
 *     right as the leader that the node follows: of five members, two that are cut off together may take one of them
 *     for the leader, for some seconds, whom the three others have replaced.
 * @param appliedIndex the log index of the state that was read; it never falls on one and the same node
 */
public record StaleAnswer<T extends @Nullable Object>(T value, Duration age, long appliedIndex) {}
