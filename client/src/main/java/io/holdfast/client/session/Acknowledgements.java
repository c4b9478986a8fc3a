// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Command;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sequences whose outcomes have come and that the cluster has not been told yet to forget.
 *
 * <p>Each is told in exactly one command. A command is sent again with the same acknowledgements, so
 * none is lost with a connection.
 */
final class Acknowledgements {
    /** The most that one command carries, so that none grows out of proportion. */
    private static final int MOST_PER_COMMAND = 1_000;

    private final ConcurrentLinkedQueue<Long> received = new ConcurrentLinkedQueue<>();

    void add(long sequence) {
        received.add(sequence);
    }

    void drainTo(Command.Builder command) {
        for (int i = 0; i < MOST_PER_COMMAND; i++) {
            Long sequence = received.poll();
            if (sequence == null) {
                return;
            }
            command.addAcknowledged(sequence);
        }
    }
}
