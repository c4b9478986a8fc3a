// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Iterator;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ports of the loopback interface that nobody listens on.
 *
 * <p>They are below the range that systems take for outgoing connections (32768 and up on Linux): a port from there
 * could be taken by a client's connection while its node is stopped, and the node could not be started again.
 */
final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int LAST = 29_999;
    private static final int ATTEMPTS = 10_000;

    private FreePorts() {}

    /** Different ports, that were free a moment ago; another process may still be faster. */
    static Iterator<Integer> pick(int count) {
        Random random = new Random();
        Set<Integer> ports = new TreeSet<>();
        for (int attempt = 0; attempt < ATTEMPTS && ports.size() < count; attempt++) {
            int port = FIRST + random.nextInt(LAST - FIRST + 1);
            if (isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new TestClusterException(
                    "There are no " + count + " free ports from " + FIRST + " to " + LAST + " on this machine.", null);
        }
        return ports.iterator();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
