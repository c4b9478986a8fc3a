// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;

/** The seam to the network: makes channels to nodes. */
public interface Channels extends AutoCloseable {
    /**
     * A new channel to that address, not connected yet; the caller shuts it down.
     *
     * @param address {@code host:port}
     */
    ManagedChannel open(String address);

    /** Frees what the channels share; they must be shut down before. */
    @Override
    void close();
}
