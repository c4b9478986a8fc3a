// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

/**
 * A condition on a command: it takes effect only while {@code token} is the current token of the lock.
 * Two numbers, so it can be sent to another process that works on the holder's behalf.
 *
 * @param lock the lock's id, {@link SharedObject#id()}
 * @param token the fencing token of one of its grants
 */
public record Guard(long lock, long token) {}
