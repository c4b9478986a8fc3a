// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many file descriptors this process may have, and how many of them clients. */
final class FileDescriptors {
    private static final Logger LOG = LoggerFactory.getLogger(FileDescriptors.class);
    /** For the log, the store (512 files), other nodes and the JVM. */
    private static final int RESERVED = 1_024;
    /** However few there are, some clients are let in. */
    private static final int LEAST = 64;

    private FileDescriptors() {}

    /** How many connections clients may have: as many as are configured, or as many as there are file descriptors for. */
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
