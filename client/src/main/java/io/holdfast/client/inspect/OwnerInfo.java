// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/**
 * Who holds a thing or waits for it.
 *
 * @param session the session's number
 * @param tag what the client calls the owner within its session; the Java client: the thread's id, unless it was told
 *     another one; 0 where a session as a whole is meant
 * @param clientName the name that the client was given
 * @param host the host it runs on, as it says
 */
public record OwnerInfo(long session, long tag, String clientName, String host) {}
