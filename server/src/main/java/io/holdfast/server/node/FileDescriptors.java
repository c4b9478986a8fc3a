// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes how many of the file descriptors of this process clients may use. */
final class FileDescriptors {
    private static final Logger LOG = LoggerFactory.getLogger(FileDescriptors.class);
    /** File descriptors for the log, the store (512 files), other nodes and the JVM. */
    private static final int RESERVED = 1_024;
    /** Minimum for clients, however few file descriptors there are. */
    private static final int LEAST = 64;

    private FileDescriptors() {}

    /** Returns the configured number of connections, or fewer if there are not enough file descriptors. */
    static int connections(int configured) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? connections(configured, system.getMaxFileDescriptorCount())
                : configured;
    }

    static int connections(int configured, long descriptors) {
        long left = Math.max(LEAST, descriptors - RESERVED);
        if (left >= configured) {
            return configured;
        }
        LOG.warn(
                "too few file descriptors for limits.connections limit={} descriptors={} connections={}: raise ulimit -n to"
                        + " {} or lower the limit",
                configured,
                descriptors,
                left,
                configured + (long) RESERVED);
        return (int) left;
    }
}
