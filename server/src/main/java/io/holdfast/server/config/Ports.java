// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Looks, before a node starts, whether its ports are to be had, so that the one that is not can be named. */
public final class Ports {
    private Ports() {}

    /**
     * Binds each of the node's ports for a moment.
     *
     * @throws ConfigException if one is in use, or is not of this machine
     */
    public static void requireFree(MemberConfig node) {
        requireFree(node, "client", node.client());
        requireFree(node, "raft", node.raft());
        requireFree(node, "http", node.http());
    }

    private static void requireFree(MemberConfig node, String key, Endpoint endpoint) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the node itself will: connections that its predecessor left in TIME_WAIT do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()));
        } catch (UnknownHostException e) {
            throw complaint(node, key, "the host '" + endpoint.host() + "' cannot be resolved to an address", e);
        } catch (BindException e) {
            String what = String.valueOf(e.getMessage()).contains("assign")
                    ? endpoint.host() + " is not an address of this machine; start the node where it is"
                    : endpoint + " is in use by another program, or this node already runs";
            throw complaint(node, key, what, e);
        } catch (IOException e) {
            throw complaint(node, key, "cannot listen on " + endpoint + ": " + e.getMessage(), e);
        }
    }

    private static ConfigException complaint(MemberConfig node, String key, String what, IOException cause) {
        return new ConfigException("nodes." + node.name() + "." + key + ": " + what, cause);
    }
}
