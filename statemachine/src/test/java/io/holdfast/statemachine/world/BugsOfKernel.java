// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of what all kinds share: replies, ends of sessions, timers and waiters. */
final class BugsOfKernel {
    private BugsOfKernel() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "a reply is not stored",
                        Invariant.EXACTLY_ONCE,
                        "session/Replies.java",
                        "turn.rows().upsert(Tables.REPLIES, key(session, sequence), kept);",
                        "",
                        ".setOutcomes(row.getOutcomes() + 1)",
                        ""),
                SeededBug.of(
                        "a command that was applied is applied again when it is resent",
                        Invariant.EXACTLY_ONCE,
                        "session/Replies.java",
                        "if (sequence <= row.getLastSequence()) {",
                        "if (false) {"),
                SeededBug.of(
                        "a gap in the sequences is passed over",
                        Invariant.EXACTLY_ONCE,
                        "session/Replies.java",
                        "if (sequence > row.getLastSequence() + 1) {",
                        "if (false) {"),
                SeededBug.of(
                        "an outcome is forgotten before it is acknowledged",
                        Invariant.EXACTLY_ONCE,
                        "session/Replies.java",
                        "for (long acknowledged : command.getAcknowledgedList()) {",
                        "for (long acknowledged = 1; acknowledged < command.getSequence(); acknowledged++) {"),
                SeededBug.of(
                        "a waiter is not removed when its session ends",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.ONLY_THE_LIVING),
                        "session/SessionEnds.java",
                        "turn.waiters().end(turn, waiter, Waiter.End.SESSION_ENDED);",
                        ""),
                SeededBug.of(
                        "what an ended session holds is freed before its waits are ended",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.ONLY_THE_LIVING, Invariant.FIXED_ORDER),
                        "session/SessionEnds.java",
                        "Key next = end(turn, session, end);",
                        """
                        for (View.Row<?> row : turn.rows()
                                .scan(Tables.HOLDINGS, Tables.HOLDINGS.key(session.value()), CHUNK_ROWS)) {
                            endHolding(turn, session, row.key(), end.getExpired());
                        }
                        Key next = end(turn, session, end);
                        """),
                SeededBug.of(
                        "the handles of an ended session are not dropped",
                        Invariant.NOTHING_LEFT,
                        "session/SessionEnds.java",
                        "() -> turn.objects().release(turn, object)",
                        "() -> {}"),
                SeededBug.of(
                        "an expiry of a term that is over counts",
                        Invariant.SEMANTICS,
                        "Kernel.java",
                        "if (expire.getTerm() != term) {",
                        "if (false) {"),
                SeededBug.of(
                        "timers fire out of order",
                        Set.of(Invariant.TIMERS, Invariant.NO_LOST_WAKE_UP),
                        "time/Timers.java",
                        "return rows.stream().map(row -> timer(row.key())).toList();",
                        """
                        return rows.stream().map(row -> timer(row.key()))
                            .sorted(java.util.Comparator.comparingLong(Due::deadline).reversed()).toList();
                        """),
                SeededBug.of(
                        "a timer fires one nanosecond late",
                        Set.of(Invariant.TIMERS, Invariant.NO_LOST_WAKE_UP),
                        "time/Timers.java",
                        "Key to = Tables.TIMERS.key(turn.now() + 1);",
                        "Key to = Tables.TIMERS.key(turn.now());"),
                SeededBug.of(
                        "a timer that was disarmed by another one fires all the same",
                        Invariant.NO_FAULT,
                        "Kernel.java",
                        "if (timers.isArmed(turn, timer)) {",
                        "if (true) {"),
                SeededBug.of(
                        "the leader is not told that an earlier timer was armed",
                        Invariant.TIMERS,
                        "time/Timers.java",
                        "if (deadline < earliest) {",
                        "if (false) {"),
                SeededBug.of(
                        "log time goes back",
                        Invariant.TIMERS,
                        "Kernel.java",
                        "long now = Math.max(meta.getLogTime(), entry.getTimeNanos());",
                        "long now = entry.getTimeNanos();"),
                SeededBug.of(
                        "a map is iterated in hash order",
                        Set.of(Invariant.SAME_STATE, Invariant.FIXED_ORDER),
                        "session/SessionEnds.java",
                        "for (View.Row<R> row : rows) {",
                        """
                        var byHash = new java.util.IdentityHashMap<View.Row<R>, Boolean>();
                        rows.forEach(row -> byHash.put(row, true));
                        for (View.Row<R> row : byHash.keySet()) {
                        """),
                SeededBug.of(
                        "the newest wait of a session ends first",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.ONLY_THE_LIVING, Invariant.FIXED_ORDER),
                        "session/SessionEnds.java",
                        "for (View.Row<R> row : rows) {",
                        """
                        var newest = new java.util.ArrayList<>(rows);
                        java.util.Collections.reverse(newest);
                        for (View.Row<R> row : newest) {
                        """),
                SeededBug.of(
                        "the waiter that came last is granted first",
                        Set.of(Invariant.FIFO, Invariant.TIMERS, Invariant.SEMANTICS),
                        "waiting/Waiters.java",
                        "return queue.getHead() == 0 ? null : waiter(view, object, queue.getHead());",
                        "return queue.getHead() == 0 ? null : waiter(view, object, queue.getTail());"),
                SeededBug.of(
                        "the links of a waiter's neighbours are not mended",
                        Invariant.CONSISTENT_ROWS,
                        "waiting/Waiters.java",
                        "link(turn, object, row.getBefore(), row.getAfter());",
                        ""));
    }
}
