// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt to find the leader: short, so that a failover is over soon,
 * growing, so that a cluster that is gone is not flooded, and jittered, so that clients do not come in
 * step. Not thread-safe: it belongs to the session thread.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 20;
    private static final long MOST_MILLIS = 200;
    /** After that many failures in a row (some 15 s) the cluster is down rather than failing over. */
    private static final int MANY = 100;

    private static final long MOST_MILLIS_WHEN_DOWN = 1_000;
    /** Hints that are followed without a pause; more of them in a row go in a circle. */
    private static final int HINTS_AT_ONCE = 2;

    private int failures;
    private int hints;

    /** Milliseconds to wait after a failure. */
    long afterFailure() {
        hints = 0;
        long most = failures >= MANY ? MOST_MILLIS_WHEN_DOWN : MOST_MILLIS;
        long base = Math.min(most, FIRST_MILLIS << Math.min(failures / 2, 10));
        failures++;
        return base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1);
    }

    /** Milliseconds to wait before following a hint. */
    long afterHint() {
        return hints++ < HINTS_AT_ONCE ? 0 : afterFailure();
    }

    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
        hints = 0;
    }
}
