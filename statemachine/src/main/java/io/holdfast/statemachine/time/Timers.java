// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.time;

import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.TimerRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;

/**
 * Deadlines in log time, in the order in which they fire: by deadline, then object, then ticket. Every entry first fires
 * what is due at its time.
 */
public final class Timers {
    /** No timer is armed. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int FIRED_AT_ONCE = 100;

    /**
     * No timer is due before; there may be none at that time either, where one was disarmed. Not a part of the state:
     * it only spares a scan.
     */
    private volatile long earliest;

    /** Lower bound of the keys of timers: a scan that begins here skips what removed timers left in the store. */
    private Key first = Tables.TIMERS.key();

    /** A timer that is due: the timeout of a waiter, or, with ticket 0, the object's own. */
    public record Due(long deadline, ObjectId object, long ticket) {}

    /** The deadline after that time, which is never beyond what a timer can have. */
    public static long deadline(long now, long nanos) {
        long sum = now + nanos;
        return sum < now || sum == NEVER ? NEVER - 1 : sum;
    }

    /** When the next timer may be due, in log time; {@link #NEVER}: there is none. Any thread may ask. */
    public long earliest() {
        return earliest;
    }

    /** Arms a timer of the object, for the waiter with that ticket, or for itself (0). */
    public void arm(Turn turn, long deadline, ObjectId object, long ticket) {
        Key key = key(deadline, object, ticket);
        turn.rows().insert(Tables.TIMERS, key, TimerRow.getDefaultInstance());
        if (key.compareTo(first) < 0) {
            first = key;
        }
        if (deadline < earliest) {
            earliest = deadline;
        }
    }

    public void disarm(Turn turn, long deadline, ObjectId object, long ticket) {
        turn.rows().delete(Tables.TIMERS, key(deadline, object, ticket));
    }

    /** Whether the timer has neither fired nor been disarmed since it was found to be due. */
    public boolean isArmed(Turn turn, Due timer) {
        return turn.rows().get(Tables.TIMERS, key(timer.deadline(), timer.object(), timer.ticket())) != null;
    }

    /** The next timers that are due; empty: no more. Those that were returned before must have been disarmed. */
    public List<Due> due(Turn turn) {
        if (turn.now() < earliest) {
            return List.of();
        }
        Key to = Tables.TIMERS.key(turn.now() + 1);
        Key from = first;
        List<View.Row<TimerRow>> rows =
                turn.rows().uncounted(() -> turn.rows().scan(Tables.TIMERS, from, to, FIRED_AT_ONCE));
        if (rows.isEmpty()) {
            first = from.compareTo(to) < 0 ? to : from;
            earliest = turn.rows().uncounted(() -> first(turn.rows(), to));
        } else {
            first = rows.get(0).key();
        }
        return rows.stream().map(row -> timer(row.key())).toList();
    }

    private static long first(View view, Key from) {
        List<View.Row<TimerRow>> first =
                view.scan(Tables.TIMERS, from, Tables.TIMERS.key().afterPrefix(), 1);
        return first.isEmpty() ? NEVER : first.get(0).key().number(0);
    }

    private static Due timer(Key key) {
        return new Due(key.number(0), new ObjectId(key.number(1)), key.number(2));
    }

    private static Key key(long deadline, ObjectId object, long ticket) {
        return Tables.TIMERS.key(deadline, object.value(), ticket);
    }
}
