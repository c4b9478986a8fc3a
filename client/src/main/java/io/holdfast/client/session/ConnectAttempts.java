// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Record of what was seen at each address since the last connection to the leader. The error that says why there is no
 * session contains it. It has one row for each address that was given or that the cluster has named. Safe for any thread.
 */
final class ConnectAttempts {
    private final LongSupplier nanoTime;
    /** Given addresses first, then those that the cluster has named. */
    private final Map<String, Attempts> byAddress = new LinkedHashMap<>();

    private final List<String> given;
    private String leader = "";

    /** The attempts at one address. */
    private static final class Attempts {
        private int count;
        private long begunAt;
        private long tookNanos;
        private @Nullable ConnectProgress underWay;
        private String seen = "";
    }

    /**
     * Creates the record of a client without attempts.
     *
     * @param given the addresses that the user gave
     * @param nanoTime the monotonic clock, in nanoseconds
     */
    ConnectAttempts(List<String> given, LongSupplier nanoTime) {
        this.given = List.copyOf(given);
        this.nanoTime = nanoTime;
        reset();
    }

    /** Forgets all: there is a connection to the leader. */
    final synchronized void reset() {
        byAddress.clear();
        given.forEach(address -> byAddress.put(address, new Attempts()));
        leader = "";
    }

    /** Notes the beginning of an attempt. */
    synchronized void begin(String address, ConnectProgress progress) {
        Attempts attempts = byAddress.computeIfAbsent(address, added -> new Attempts());
        attempts.count++;
        attempts.begunAt = nanoTime.getAsLong();
        attempts.underWay = progress;
    }

    /**
     * Notes the end of an attempt.
     *
     * @param seen what was seen, as the end of a sentence that begins with the address
     * @return true if that differs from what was seen at the attempt before
     */
    synchronized boolean end(String address, String seen) {
        Attempts attempts = byAddress.get(address);
        if (attempts == null || attempts.underWay == null) {
            return true; // a connection that had succeeded
        }
        attempts.tookNanos = nanoTime.getAsLong() - attempts.begunAt;
        attempts.underWay = null;
        boolean changed = !attempts.seen.equals(seen);
        attempts.seen = seen;
        return changed;
    }

    /** Notes that an attempt has ended without an answer. */
    synchronized void endUnanswered(String address, ConnectProgress progress) {
        end(address, unanswered(progress));
    }

    /** Any node answers Hello at once, except the leader: it answers when it has committed an entry. */
    private static String unanswered(ConnectProgress progress) {
        return progress.step() == ConnectProgress.Step.OPEN
                ? "the node did not answer Hello: it is overloaded or suspended, or leads and cannot reach a majority of"
                        + " the nodes"
                : progress.step().unanswered();
    }

    /** Notes which address another node names as the leader's; empty: it knows none. */
    synchronized void named(String address) {
        if (!address.isEmpty()) {
            leader = address;
        }
    }

    /** Returns whether each of the addresses has an attempt that has ended. */
    synchronized boolean haveEndedAt(List<String> addresses) {
        return addresses.stream().allMatch(address -> {
            Attempts attempts = byAddress.get(address);
            return attempts != null && !attempts.seen.isEmpty();
        });
    }

    /** Returns what was seen at each address, with the time that it took. */
    synchronized String text() {
        long now = nanoTime.getAsLong();
        return byAddress.entrySet().stream()
                .map(each -> name(each.getKey()) + ": " + text(each.getValue(), now))
                .collect(Collectors.joining("; "));
    }

    private String name(String address) {
        String source = given.contains(address) ? "" : " (an address that the cluster has named)";
        return address + source + (address.equals(leader) ? " (the leader, as another node says)" : "");
    }

    private static String text(Attempts attempts, long now) {
        ConnectProgress underWay = attempts.underWay;
        if (attempts.seen.isEmpty()) {
            return underWay == null
                    ? "not tried yet"
                    : unanswered(underWay) + " (for " + Timeouts.words(now - attempts.begunAt) + ")";
        }
        String took = Timeouts.words(attempts.tookNanos);
        int ended = attempts.count - (underWay == null ? 0 : 1);
        return attempts.seen
                + (ended == 1 ? " (1 attempt, which took " : " (" + ended + " attempts, the last took ")
                + took + ")";
    }
}
