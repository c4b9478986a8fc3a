// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.DeadlockLink;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.rows.OwnerWaitRow;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds cycles in the graph of who waits for whom. An owner (a session and a tag) waits for the holder of each lock that
 * it waits for; only waits without end count, and only for locks whose holder is certain to be the one to release them.
 *
 * <p>The search goes along the holders, one look-up a step, and gives up after {@link #MOST_STEPS}: what a lock costs
 * must not grow with the number of those who wait.
 */
final class Deadlocks {
    /** Maximum number of waits that one search reads; it does not find a longer cycle. */
    static final int MOST_STEPS = 100;

    private record Party(long session, long tag) {
        static final Comparator<Party> ORDER =
                Comparator.comparingLong(Party::session).thenComparingLong(Party::tag);
    }

    /** A wait for a lock, and the one that led to it. */
    private record Step(@Nullable Step before, Party waiter, ObjectId lock, long ticket) {}

    private Deadlocks() {}

    /** Not null: the session of this turn would wait for that lock for ever, because it is waited for itself. */
    static @Nullable Outcome refusal(Turn turn, ObjectId lock, long tag) {
        Party self = new Party(turn.session().value(), tag);
        Step last = search(turn.rows(), self, new Step(null, self, lock, 0));
        return last == null ? null : refused(turn, last);
    }

    private static @Nullable Step search(View view, Party self, Step first) {
        Deque<Step> open = new ArrayDeque<>(List.of(first));
        TreeSet<Party> seen = new TreeSet<>(Party.ORDER);
        for (int steps = 0; steps < MOST_STEPS && !open.isEmpty(); steps++) {
            Step step = open.pop();
            LockRow lock = Locks.require(view, step.lock());
            if (Locks.isFree(lock) || !lock.getCertain()) {
                continue;
            }
            Party holder = new Party(lock.getSession(), lock.getTag());
            if (holder.equals(self)) {
                return step;
            }
            if (seen.add(holder)) {
                waitsOf(view, step, holder, MOST_STEPS - open.size()).forEach(open::push);
            }
        }
        return null;
    }

    private static List<Step> waitsOf(View view, Step before, Party owner, int limit) {
        List<Step> steps = new ArrayList<>();
        var prefix = Tables.OWNER_WAITS.key(owner.session(), owner.tag());
        for (View.Row<OwnerWaitRow> wait : view.scan(Tables.OWNER_WAITS, prefix, limit)) {
            steps.add(new Step(
                    before,
                    owner,
                    new ObjectId(wait.row().getObject()),
                    wait.key().number(2)));
        }
        return steps;
    }

    private static Outcome refused(Turn turn, Step last) {
        List<DeadlockLink> links = new ArrayList<>();
        for (Step step = last; step != null; step = step.before()) {
            links.add(link(turn, step));
        }
        Collections.reverse(links);
        String cycle = links.stream().map(Deadlocks::describe).collect(Collectors.joining("; "));
        return new Outcome.Refused(Refusal.newBuilder()
                .setCode(RefusalCode.DEADLOCK)
                .addAllDeadlock(links)
                .setDetail("To wait would be for ever: " + cycle + ".")
                .build());
    }

    private static DeadlockLink link(Turn turn, Step step) {
        LockRow lock = Locks.require(turn.rows(), step.lock());
        DeadlockLink.Builder link = DeadlockLink.newBuilder()
                .setWaiter(Sessions.owner(
                        turn.rows(),
                        new SessionId(step.waiter().session()),
                        step.waiter().tag()))
                .setObject(step.lock().value())
                .setName(Objects.require(turn.rows(), step.lock()).getName())
                .setHolder(Locks.holder(turn.rows(), lock))
                .setHeldNanos(turn.now() - lock.getSince());
        if (step.ticket() != 0) {
            WaiterRow row = turn.waiters()
                    .waiter(turn.rows(), step.lock(), step.ticket())
                    .row();
            link.setWaitedNanos(turn.now() - row.getSince());
        }
        return link.build();
    }

    private static String describe(DeadlockLink link) {
        return describe(link.getWaiter()) + " waits for '" + link.getName() + "' (object " + link.getObject()
                + "), which " + describe(link.getHolder()) + " has held for " + link.getHeldNanos() / 1_000_000 + " ms";
    }

    private static String describe(Owner owner) {
        return owner.getClientName() + " on " + owner.getHost() + " (session " + owner.getSession() + ", thread "
                + owner.getTag() + ")";
    }
}
