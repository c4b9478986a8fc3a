// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.handovers;

import io.holdfast.chaos.cluster.ClientProcess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What client processes saw of one lock, judged. All processes of a machine read the same clock, so what they printed
 * can be compared.
 */
final class Grants {
    /** @param until when its owner stopped using it; {@link Long#MAX_VALUE}: it never said so */
    private record Grant(String client, long token, long ticket, long from, long until) {}

    private final List<Grant> grants = new ArrayList<>();
    /** Grants whose session was lost before the next one was had: their owner may have gone on for a moment. */
    private final Set<Long> excused = new HashSet<>();

    private final List<String> unexplained = new ArrayList<>();

    /** Adds what the client printed. */
    void add(ClientProcess client) {
        Map<Long, Long> freed = new HashMap<>();
        Set<Long> lost = new LinkedHashSet<>();
        long current = 0;
        for (ClientProcess.Event event : client.events()) {
            if (event.text().startsWith("held ")) {
                current = event.number(1);
            } else if (event.text().startsWith("freed ")) {
                freed.put(event.number(1), event.number(2));
            } else if (event.text().startsWith("lost ")) {
                lost.add(event.number(1));
            } else if (event.text().equals("state LOST")) {
                excused.add(current);
            }
        }
        lost.removeAll(excused);
        lost.forEach(token -> unexplained.add(client.name() + " lost the grant " + token + ", and not its session"));
        unexplained.addAll(client.failures());
        client.events().stream()
                .filter(event -> event.text().startsWith("held "))
                .forEach(event -> grants.add(new Grant(
                        client.name(),
                        event.number(1),
                        event.number(2),
                        event.number(3),
                        freed.getOrDefault(event.number(1), Long.MAX_VALUE))));
    }

    int count() {
        return grants.size();
    }

    /** How many grants went with their owner's session. */
    int lostCount() {
        return (int)
                grants.stream().filter(grant -> excused.contains(grant.token())).count();
    }

    /** How long after that moment the next grant was had, in nanoseconds; -1: there was none. */
    long nextAfter(long token, long moment) {
        return grants.stream()
                .filter(grant -> grant.token() > token)
                .min(Comparator.comparingLong(Grant::token))
                .map(grant -> grant.from() - moment)
                .orElse(-1L);
    }

    /** What was not as it must be; empty: all was. */
    List<String> violations() {
        List<String> found = new ArrayList<>(unexplained);
        grants.sort(Comparator.comparingLong(Grant::token));
        for (int i = 1; i < grants.size(); i++) {
            Grant before = grants.get(i - 1);
            Grant after = grants.get(i);
            if (before.token() == after.token()) {
                found.add("two grants have one token: " + before + ", " + after);
            }
            if (before.ticket() >= after.ticket()) {
                found.add("it came later and was served first: " + before + ", " + after);
            }
            // Who never said that it stopped was killed; the lock went on when its session was over.
            boolean judged = before.until() != Long.MAX_VALUE && !excused.contains(before.token());
            if (judged && after.from() < before.until()) {
                found.add("two had it at once: " + before + ", " + after);
            }
        }
        return found;
    }
}
