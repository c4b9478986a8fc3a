// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a client is asked to be.
 *
 * @param addresses {@code host:port} each, at least one
 * @param ttl the session's time to live that is asked for; zero: the server's default
 * @param connectTimeout how long a call waits for a session to be opened
 * @param maxQueued asynchronous calls that may wait to be sent
 * @param nanoTime the monotonic clock, as {@link System#nanoTime()}
 */
public record SessionOptions(
        List<String> addresses,
        String clientName,
        String hostName,
        Duration ttl,
        Duration connectTimeout,
        int maxQueued,
        LongSupplier nanoTime) {
    public SessionOptions {
        addresses = List.copyOf(addresses);
    }
}
