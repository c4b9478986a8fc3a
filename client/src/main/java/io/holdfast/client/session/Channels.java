// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;

/** The seam to the network: makes channels to nodes. */
public interface Channels extends AutoCloseable {
    /**
     * A new channel to that address, not connected yet; the caller shuts it down.
     *
     * @param address {@code host:port}
     * @param progress receives the steps of its connection, and of each later one
     * @throws IllegalArgumentException if that is not an address; the message says what is wrong
     */
    ManagedChannel open(String address, ConnectProgress progress);

    /** As {@link #open(String, ConnectProgress)}, where nobody asks for the steps. */
    default ManagedChannel open(String address) {
        return open(address, new ConnectProgress());
    }

    /** Frees what the channels share; they must be shut down before. */
    @Override
    void close();
}
