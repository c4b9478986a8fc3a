// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Bugs of work that takes several entries: pieces that are lost or done twice, bounds that are not kept. Each
 * of them is sought in worlds that limit the work of entries ({@link World.Limited}).
 */
final class BugsOfPieces {
    private BugsOfPieces() {}

    static List<SeededBug> all() {
        return Stream.of(ofContinuations(), ofBounds(), ofLists(), ofWaits())
                .flatMap(List::stream)
                .map(bug -> bug.in(World.Limited.class))
                .toList();
    }

    private static List<SeededBug> ofContinuations() {
        return List.of(
                SeededBug.of(
                        "an object that is to be served later is forgotten",
                        Invariant.NO_LOST_WAKE_UP,
                        "Turn.java",
                        "kernel.continuations().serveLater(this, object);",
                        ""),
                SeededBug.of(
                        "those that wait for a deleted object are forgotten after the first piece",
                        Set.of(Invariant.NO_LOST_WAKE_UP, Invariant.NOTHING_LEFT),
                        "Continuations.java",
                        "if (next != null) {",
                        "if (false) {"),
                SeededBug.of(
                        "the end of a session forgets its rest",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS, Invariant.CONSISTENT_ROWS),
                        "session/SessionEnds.java",
                        "Key next = end(turn, session, end); if (next != null) {",
                        "Key next = end(turn, session, end); if (false) {"),
                SeededBug.of(
                        "what an ended session leaves behind is forgotten after the first piece",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "session/SessionEnds.java",
                        "Key next = removeSome(turn, session, from); if (next != null) {",
                        "Key next = removeSome(turn, session, from); if (false) {"),
                SeededBug.of(
                        "deliveries that come back in pieces are forgotten after the first one",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.ITEMS_CONSERVED, Invariant.SEMANTICS),
                        "session/SessionEnds.java",
                        "if (!done && turn.rows().get(Tables.HOLDINGS, holding) == null) {",
                        "if (false) {"),
                SeededBug.of(
                        "an item of the backlog is dropped",
                        Set.of(Invariant.EXACTLY_ONCE, Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "Backlog.java",
                        "progress.apply(row.getItem(), row.getTerm());",
                        "turn.backlog().setItemsApplied(turn.backlog().getItemsApplied() + 1);"),
                SeededBug.of(
                        "items of the backlog are applied twice",
                        Set.of(Invariant.EXACTLY_ONCE, Invariant.SEMANTICS),
                        "Backlog.java",
                        "progress.apply(row.getItem(), row.getTerm());",
                        """
                        applier.apply(turn, row.getItem(), row.getTerm());
                        progress.apply(row.getItem(), row.getTerm());
                        """,
                        "applyEarlier(turn, progress);",
                        "applyEarlier(turn, progress, applier);",
                        "applyEarlier(Turn turn, Progress progress) {",
                        "applyEarlier(Turn turn, Progress progress, Applier applier) {"),
                SeededBug.of(
                        "an expiry that is left is judged by the term of a later entry",
                        Invariant.SEMANTICS,
                        "Backlog.java",
                        "progress.apply(row.getItem(), row.getTerm());",
                        "progress.apply(row.getItem(), turn.term());"),
                SeededBug.of(
                        "the end of a session is not gone on with",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.NO_LOST_WAKE_UP, Invariant.SEMANTICS),
                        "Continuations.java",
                        "each(turn, ends, most, key -> sessionEnds.goOn(turn, new SessionId(key.number(0))));",
                        ""),
                SeededBug.of(
                        "the leader is not told that something is left to go on with",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "Kernel.java",
                        "|| continuations.isPending()",
                        ""),
                SeededBug.of(
                        "reads that only some nodes do are work",
                        Invariant.SAME_STATE,
                        "store/Rows.java",
                        "T result = read.get(); work = before;",
                        "T result = read.get();"));
    }

    private static List<SeededBug> ofBounds() {
        return List.of(
                SeededBug.of(
                        "the reads of a leader between two entries count as work of the second",
                        Invariant.SAME_STATE,
                        "Kernel.java",
                        "rows.forgetWorkSince(0);",
                        ""),
                notBounded("timers fire", "Kernel.java", "if (fired && !turn.mayGoOn()) {", "if (false) {"),
                notBounded(
                        "the end of a session goes on",
                        "session/SessionEnds.java",
                        "if (unfinished || !turn.mayGoOn()) {",
                        "if (unfinished) {"),
                notBounded(
                        "those that an event has woken are told",
                        "event/EventMachine.java",
                        "isWoken(event, next) && !turn.mayGoOn()",
                        "false"),
                notBounded(
                        "permits are granted",
                        "semaphore/SemaphoreMachine.java",
                        "if (first != null && !turn.mayGoOn()) {",
                        "if (false) {"),
                notBounded(
                        "those that leave a barrier are told",
                        "barrier/Leaves.java",
                        "} else if (begun && !turn.mayGoOn()) {",
                        "} else if (false) {"),
                notBounded(
                        "those that wait for a queue are served",
                        "queue/QueueWaits.java",
                        "if (begun && !queue.turn.mayGoOn()) {",
                        "if (false) {"),
                notBounded(
                        "those that wait for a deleted object are told",
                        "waiting/Waiters.java",
                        "if (!turn.mayGoOn()) { return next; }",
                        ""),
                notBounded("contents are swept", "object/Sweeps.java", "while (turn.mayGoOn());", "while (true);"),
                notBounded("items are applied", "Backlog.java", "return !begun || turn.mayGoOn();", "return true;"));
    }

    /** Commands to lists that are done in pieces. */
    private static List<SeededBug> ofLists() {
        return List.of(
                SeededBug.of(
                        "what a command to a list has built stays when it ends",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "list/ListWaits.java",
                        "sweep(list.getWork().getTarget());",
                        ""),
                SeededBug.of(
                        "a command to a list overtakes those that wait",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS, Invariant.EXACTLY_ONCE, Invariant.NO_LOST_WAKE_UP),
                        "list/ListMachine.java",
                        "if (list.getWaiters().getLength() > 0) {",
                        "if (false) {"),
                SeededBug.of(
                        "the last element of a piece of a list is copied twice",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "list/CopyPieces.java",
                        "work.setPosition(work.getPosition() + batch.seen());",
                        "work.setPosition(Math.min(end, work.getPosition() + Math.max(1, batch.seen() - 1)));"),
                SeededBug.of(
                        "a merge of a list goes on where its last piece began",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "list/SortPieces.java",
                        "work.setPlaces(head.run() - work.getMerged(), head.index() + 1);",
                        ""),
                SeededBug.of(
                        "the work of a command to a list that ends is taken for the next one's",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT, Invariant.CONSISTENT_ROWS),
                        "list/ListWaits.java",
                        "boolean isFirst = list.getWaiters().getHead() == waiter.ticket();",
                        "boolean isFirst = false;"),
                SeededBug.of(
                        "what a command to a list copies is not counted",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT, Invariant.NOTHING_LEFT),
                        "list/Pieces.java",
                        "references.forEach(reference -> turn.objects().retain(turn, reference));",
                        ""));
    }

    private static SeededBug notBounded(String what, String file, String... textAndInstead) {
        return SeededBug.of(what + " however little work the entry has", Invariant.BOUNDED, file, textAndInstead);
    }

    private static List<SeededBug> ofWaits() {
        return List.of(
                SeededBug.of(
                        "a waiter that was woken times out all the same",
                        Set.of(Invariant.TIMERS, Invariant.SEMANTICS),
                        "event/EventMachine.java",
                        "isWoken(event, waiter) && end != Waiter.End.SESSION_ENDED",
                        "false"),
                SeededBug.of(
                        "one that leaves a barrier breaks it",
                        Set.of(
                                Invariant.TIMERS,
                                Invariant.SEMANTICS,
                                Invariant.ONLY_THE_LIVING,
                                Invariant.EXACTLY_ONCE,
                                Invariant.NO_LOST_WAKE_UP),
                        "barrier/BarrierMachine.java",
                        "if (leave != null) {",
                        "if (false) {"),
                SeededBug.of(
                        "a getter overtakes those that are being served",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS, Invariant.NO_LOST_WAKE_UP),
                        "queue/QueueMachine.java",
                        "queue.row.getSize() > 0 && queue.row.getGetters().getLength() == 0",
                        "queue.row.getSize() > 0"),
                SeededBug.of(
                        "who acquires overtakes those that a free lock is passed on to",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS, Invariant.ONE_OWNER),
                        "lock/LockMachine.java",
                        "&& !Locks.isClosed(lock) && lock.getWaiters().getLength() == 0",
                        "&& !Locks.isClosed(lock)"),
                SeededBug.of(
                        "an item is given to a session that is ending",
                        Set.of(
                                Invariant.ITEMS_CONSERVED,
                                Invariant.SEMANTICS,
                                Invariant.NOTHING_LEFT,
                                Invariant.NO_LOST_WAKE_UP),
                        "queue/QueueWaits.java",
                        "if (queue.turn.waiters().isGone(queue.turn, getter)) {",
                        "if (false) {"),
                SeededBug.of(
                        "a lock is given to a session that is ending",
                        Set.of(
                                Invariant.SEMANTICS,
                                Invariant.NOTHING_LEFT,
                                Invariant.NO_LOST_WAKE_UP,
                                Invariant.CONSISTENT_ROWS),
                        "lock/Locks.java",
                        "turn.waiters().isGone(turn, first)",
                        "false"),
                SeededBug.of(
                        "permits are given to a session that is ending",
                        Set.of(Invariant.PERMITS_CONSERVED, Invariant.SEMANTICS, Invariant.NO_LOST_WAKE_UP),
                        "semaphore/SemaphoreMachine.java",
                        "stale == null && !turn.waiters().isGone(turn, first)",
                        "stale == null"),
                SeededBug.of(
                        "a session that is ending is answered",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.EXACTLY_ONCE),
                        "session/Replies.java",
                        "if (row.getEnding()) {",
                        "if (false) {"),
                SeededBug.of(
                        "a session that is ending can do something",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT, Invariant.NOTHING_LEFT),
                        "session/Sessions.java",
                        "return row == null || row.getEnding() ? null : row;",
                        "return row;"));
    }
}
