// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a test cluster is to be like, where the defaults do not do.
 *
 * <pre>{@code
 * HoldfastTestCluster cluster = HoldfastTestCluster.builder()
 *         .nodes(3)
 *         .ttl(Duration.ofSeconds(2))
 *         .grace(Duration.ofMillis(500))
 *         .start();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class HoldfastTestClusterBuilder {
    private static final Duration LEAST_TTL = Duration.ofSeconds(1);
    private static final Duration LEAST_GRACE = Duration.ofMillis(100);
    /** As in the configuration of a real cluster. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private int nodes = 1;
    private Duration ttl = Duration.ofSeconds(30);
    private Duration grace = Duration.ofSeconds(10);
    private @Nullable Path folder;

    HoldfastTestClusterBuilder() {}

    /**
     * How many nodes: one is fast to start, three survive the loss of one. Default: one.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public HoldfastTestClusterBuilder nodes(int count) {
        if (count != 1 && count != 3) {
            throw new IllegalArgumentException("A test cluster has one node or three, not " + count);
        }
        this.nodes = count;
        return this;
    }

    /**
     * How long the session of a client lives in silence: so long do others wait for what a frozen client holds. It goes
     * for clients that ask for no other, as those of {@link HoldfastTestCluster#connect()}. Default: 30 s, where a real
     * cluster has 10 s: machines that build are busy, and a pause must not cost a test its sessions.
     *
     * @param timeToLive a second to 24 hours, and longer than the grace
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public HoldfastTestClusterBuilder ttl(Duration timeToLive) {
        this.ttl = within(LEAST_TTL, timeToLive, "ttl");
        return this;
    }

    /**
     * How long a session whose connection has closed is kept: so long do others wait for what a killed client held.
     * Default: 10 s, where a real cluster has 2 s, for the same reason.
     *
     * @param time 100 ms to 24 hours, and shorter than the time to live
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public HoldfastTestClusterBuilder grace(Duration time) {
        this.grace = within(LEAST_GRACE, time, "grace");
        return this;
    }

    /**
     * Where the nodes keep their data, for somebody who wants to look at it afterwards. Default: a temporary folder,
     * which is removed when the cluster is closed.
     *
     * @param path an empty folder, or one to be made; it stays
     */
    public HoldfastTestClusterBuilder folder(Path path) {
        this.folder = path;
        return this;
    }

    /**
     * Starts the cluster, and waits until it serves.
     *
     * @throws IllegalArgumentException if the grace is not shorter than the time to live
     * @throws TestClusterException if it does not start; the message says why
     */
    public HoldfastTestCluster start() {
        if (grace.compareTo(ttl) >= 0) {
            throw new IllegalArgumentException("The grace, " + grace + ", must be shorter than the ttl, " + ttl);
        }
        return HoldfastTestCluster.start(nodes, ttl, grace, folder);
    }

    private static Duration within(Duration least, Duration given, String what) {
        if (given.compareTo(least) < 0 || given.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "The " + what + " must be between " + least + " and " + LONGEST + ": " + given);
        }
        return given;
    }
}
