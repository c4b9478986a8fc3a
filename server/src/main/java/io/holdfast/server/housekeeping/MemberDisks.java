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
 * Which members have low disks, as the leader knows it: each entry of the log goes to the disks of all, so the leader
 * refuses commands that make the state grow while any member is short of space.
 *
 * <p>The leader asks the other members ({@link #ask}), and each reports by its own {@code disk.low}. A member that does
 * not answer keeps its last report for 30 seconds and then does not count: a member that is down must not stop writes
 * for good. One thread asks; any thread may read.
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

    /** Forgets the reports: this node does not lead. */
    void forget() {
        reports.clear();
        low = List.of();
        firstLow = Optional.empty();
    }

    /** A member whose disk is low, this node first; empty: there is none that this node knows of. Never blocks. */
    public Optional<String> lowNode() {
        return own.isLow() ? self : firstLow;
    }

    /** All members whose disks are low, as far as this node knows. */
    public List<String> lowNodes() {
        List<String> nodes = new ArrayList<>(low);
        if (own.isLow()) {
            nodes.add(0, self.orElseThrow());
        }
        return nodes;
    }
}
