// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What some node knew some time ago: the answer of a read that was asked for with {@code stale()}.
 *
 * @param value what was read, as the linearizable method answers it
 * @param age how long ago that node last applied an entry of the log: the value was current then. A
 *     node that is cut off from the others answers too, with a growing age.
 * @param appliedIndex the log index of the state that was read; it never falls on one and the same node
 */
public record StaleAnswer<T extends @Nullable Object>(T value, Duration age, long appliedIndex) {}
