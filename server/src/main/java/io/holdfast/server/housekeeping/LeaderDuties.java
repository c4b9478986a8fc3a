// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.protocol.SessionId;
import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.gateway.Serving;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the leader does by the clock: lets time pass in the log, and ends sessions that are silent. */
final class LeaderDuties {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderDuties.class);
    private static final long IDLE_PULSE_NANOS = 1_000_000_000;
    /** How long a keep-alive may wait for company. */
    private static final long KEEP_ALIVE_NANOS = 40_000_000;
    /** A gap in the ticks from which on the leader counts as having been away. */
    private static final long AWAY_NANOS = 1_000_000_000;

    private final Gateway gateway;
    private long lastTick = System.nanoTime();
    private long lastPulse = System.nanoTime();

    LeaderDuties(Gateway gateway) {
        this.gateway = gateway;
    }

    void tick() {
        long now = System.nanoTime();
        long gap = now - lastTick;
        lastTick = now;
        Serving serving = gateway.serving();
        if (serving == null) {
            return;
        }
        if (gap > AWAY_NANOS) {
            LOG.warn("this node was away for {} ms; every session gets a full time to live", gap / 1_000_000);
            serving.leases().renewAll(now);
        }
        expire(serving, now);
        pulse(serving, now);
        gateway.resumeReading();
    }

    private void expire(Serving serving, long now) {
        List<SessionId> over = serving.leases().doom(now);
        if (!over.isEmpty()) {
            gateway.expire(serving.term(), over);
        }
    }

    private void pulse(Serving serving, long now) {
        long since = now - lastPulse;
        boolean timerDue = serving.kernel().earliestTimer() <= serving.clock().now();
        boolean keepAliveDue = gateway.isWaiting() && since > KEEP_ALIVE_NANOS;
        boolean idleTooLong = gateway.isIdle() && since > IDLE_PULSE_NANOS;
        if ((timerDue && gateway.isIdle()) || keepAliveDue || idleTooLong) {
            lastPulse = now;
            gateway.pulse();
        }
    }
}
