// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks which members have low disks. Each entry of the log goes to the disks of all members, so the leader refuses
 * commands that make the state grow while any member is short of space.
 *
 * <p>The leader asks the other members ({@link #ask}); each one reports by its own {@code disk.low}. A member that does
 * not answer keeps its last report for 30 seconds and then does not count, so that a member that is down does not stop
 * writes for good. One thread asks; any thread may read.
 */
public final class MemberDisks {
    private static final Logger LOG = LoggerFactory.getLogger(MemberDisks.class);
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Optional<String> self;
    private final DiskGuard own;
    private final Supplier<List<Identity>> others;
    private final LongSupplier nanos;
    private final Map<String, Report> reports = new ConcurrentSkipListMap<>();
    /** Other members with low disks, by name. */
    private volatile List<String> low = List.of();

    private volatile Optional<String> firstLow = Optional.empty();

    private record Report(boolean low, long at) {}

    /**
     * @param self this node's name
     * @param others asks all other nodes that can be reached; may block for some seconds
     * @param nanos the monotonic clock
     */
    public MemberDisks(String self, DiskGuard own, Supplier<List<Identity>> others, LongSupplier nanos) {
        this.self = Optional.of(self);
        this.own = own;
        this.others = others;
        this.nanos = nanos;
    }

    /** Asks the other nodes once. Blocks until each has answered or its deadline has passed. */
    void ask() {
        for (Identity identity : others.get()) {
            if (identity.getState() == NodeState.MEMBER) {
                reports.put(identity.getNode(), new Report(identity.getDiskLow(), nanos.getAsLong()));
            } else {
                reports.remove(identity.getNode());
            }
        }
        note();
    }

    private void note() {
        long now = nanos.getAsLong();
        reports.values().removeIf(report -> now - report.at() > KEPT_NANOS);
        List<String> before = low;
        List<String> found = reports.entrySet().stream()
                .filter(report -> report.getValue().low())
                .map(Map.Entry::getKey)
                .toList();
        low = found;
        firstLow = found.stream().findFirst();
        if (!found.equals(before)) {
            LOG.warn("members with low disks: {} (before: {})", found, before);
        }
    }

    /** Removes all reports, because this node does not lead. */
    void forget() {
        reports.clear();
        low = List.of();
        firstLow = Optional.empty();
    }

    /** Returns a member whose disk is low, this node first; empty if none reported that. Never blocks. */
    public Optional<String> lowNode() {
        return own.isLow() ? self : firstLow;
    }

    /** Returns all members that reported a low disk, this node first. */
    public List<String> lowNodes() {
        List<String> nodes = new ArrayList<>(low);
        if (own.isLow()) {
            nodes.add(0, self.orElseThrow());
        }
        return nodes;
    }
}
