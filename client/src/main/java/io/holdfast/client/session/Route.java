// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where to look for the leader: the hint if there is one, else the known addresses in turn, those that
 * have just failed last. Not thread-safe: it belongs to the session thread.
 *
 * <p>A hint is followed to an address that has just failed, too: it comes from a node that answers, and who is cut off
 * from the leader must be back within the session's grace.
 */
final class Route {
    /** How long an address that did not answer is passed over, unless it is a hint. */
    private static final long SUSPECT_NANOS = Duration.ofSeconds(2).toNanos();

    private final List<String> given;
    private final Set<String> learned = new LinkedHashSet<>();
    private final Map<String, Long> suspectUntil = new HashMap<>();
    private @Nullable String hint;
    private int turn;

    Route(List<String> given) {
        this.given = List.copyOf(given);
    }

    /** Takes the cluster's own addresses over; those the user gave stay. */
    void learn(List<Member> members) {
        if (!members.isEmpty()) {
            learned.clear();
            members.stream()
                    .map(Member::getAddress)
                    .filter(address -> !address.isEmpty())
                    .forEach(learned::add);
        }
    }

    /** Somebody said that the leader is there. */
    void hint(String address) {
        if (!address.isEmpty()) {
            hint = address;
        }
    }

    void suspect(String address, long now) {
        suspectUntil.put(address, now + SUSPECT_NANOS);
        if (address.equals(hint)) {
            hint = null;
        }
    }

    void trust(String address) {
        suspectUntil.remove(address);
    }

    /** Whether a hint is there that is worth following at once: to another address than one that has just failed. */
    boolean hasHint(long now) {
        return hint != null && !isSuspect(hint, now);
    }

    /** All addresses that are known, the user's first. */
    List<String> all() {
        Set<String> all = new LinkedHashSet<>(given);
        all.addAll(learned);
        return new ArrayList<>(all);
    }

    /** The address to try next; there is always one. */
    String next(long now) {
        String hinted = hint;
        hint = null;
        if (hinted != null) {
            return hinted;
        }
        List<String> all = all();
        for (int i = 0; i < all.size(); i++) {
            String candidate = all.get(Math.floorMod(turn++, all.size()));
            if (!isSuspect(candidate, now)) {
                return candidate;
            }
        }
        return all.get(Math.floorMod(turn++, all.size()));
    }

    private boolean isSuspect(String address, long now) {
        Long until = suspectUntil.get(address);
        return until != null && now - until < 0;
    }
}
