// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.v1.DeadlockLink;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Wait;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who waits for whom in a realm, found by brute force. */
final class Cycles {
    private Cycles() {}

    /** Whether the party, waiting for that lock, would wait for itself. */
    static boolean wouldClose(Realm realm, LockModel lock, Party party) {
        Party holder = lock.certainHolder();
        Set<Party> reached = new LinkedHashSet<>();
        boolean grew = holder != null && reached.add(holder);
        while (grew) {
            grew = false;
            for (LockModel other : locks(realm).toList()) {
                Party next = other.certainHolder();
                boolean waitedFor = next != null
                        && other.certainWaits().stream()
                                .anyMatch(wait -> reached.contains(new Party(wait.session(), wait.tag())));
                grew |= waitedFor && reached.add(next);
            }
        }
        return reached.contains(party);
    }

    private static Stream<LockModel> locks(Realm realm) {
        return realm.objects().stream().filter(LockModel.class::isInstance).map(LockModel.class::cast);
    }

    /** Whether the links are a cycle that there would be, from the party's wait for that lock back to itself. */
    static boolean isOne(Realm realm, LockModel lock, Party party, List<DeadlockLink> links) {
        Party waiter = party;
        for (DeadlockLink link : links) {
            boolean isFirst = link.equals(links.get(0));
            if (!Party.of(link.getWaiter()).equals(waiter)
                    || (isFirst ? link.getObject() != lock.id || link.getWaitedNanos() != 0 : !waits(realm, link))
                    || !isHeld(realm, link)) {
                return false;
            }
            waiter = Party.of(link.getHolder());
        }
        return !links.isEmpty() && waiter.equals(party);
    }

    private static boolean waits(Realm realm, DeadlockLink link) {
        return realm.object(link.getObject()) instanceof LockModel lock
                && lock.certainWaits().stream()
                        .anyMatch(wait -> isBy(wait, link) && realm.now() - wait.since() == link.getWaitedNanos());
    }

    private static boolean isBy(Wait wait, DeadlockLink link) {
        return Queues.owner(wait.session(), wait.tag()).equals(link.getWaiter());
    }

    private static boolean isHeld(Realm realm, DeadlockLink link) {
        Party holder = Party.of(link.getHolder());
        return realm.object(link.getObject()) instanceof LockModel lock
                && holder.equals(lock.certainHolder())
                && Queues.owner(holder.session(), holder.tag()).equals(link.getHolder())
                && link.getHeldNanos() == realm.now() - lock.since()
                && link.getName().equals(lock.name());
    }
}
