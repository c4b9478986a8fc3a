// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

/** The leader's log time: goes on from the log's last time, at the pace of this machine's monotonic clock. */
public final class LogClock {
    private final long base;
    private final long since = System.nanoTime();

    LogClock(long base) {
        this.base = base;
    }

    /** Log time, in nanoseconds. */
    public long now() {
        return base + (System.nanoTime() - since);
    }
}
