// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each of these bugs is convicted by a world, of what it is: worlds can see. Nearly all of them are within the seeds of
 * a default run. A bug that needs a rare meeting of events may take more seeds, as many as a longer run has.
 */
class SeededBugsTest {
    private static final int SEEDS = 5 * WorldTest.SEEDS;

    @TempDir
    private Path folder;

    static Stream<SeededBug> bugs() {
        return Stream.of(
                        ofTheKernel(),
                        ofLocks(),
                        ofSemaphoresAndBarriers(),
                        ofQueues(),
                        ofLists(),
                        ofArrays(),
                        ofOthers(),
                        BugsOfPieces.ofContinuations(),
                        BugsOfPieces.ofBounds(),
                        BugsOfPieces.ofLists(),
                        BugsOfPieces.ofWaits())
                .flatMap(List::stream)
                .filter(bug -> bug.name().contains(System.getProperty("bug", "")));
    }

    private static List<SeededBug> ofTheKernel() {
        return List.of(
                SeededBug.of(
                        "a reply is not stored",
                        Invariant.EXACTLY_ONCE,
                        "session/Replies.java",
                        "turn.rows().insert(Tables.REPLIES, key(session, sequence), kept);",
                        "",
                        ".setOutcomes(row.getOutcomes() + 1)",
                        ""),
                SeededBug.of(
                        "a command that was applied is applied again when it is resent",
                        Invariant.EXACTLY_ONCE,
                        "session/Replies.java",
                        "if (sequence <= row.getLastSequence()) {",
                        "if (false) {",
                        "turn.rows().insert(Tables.REPLIES",
                        "turn.rows().upsert(Tables.REPLIES"),
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

    private static List<SeededBug> ofLocks() {
        return List.of(
                SeededBug.of(
                        "a token is used again", Invariant.TOKENS_GROW, "lock/Locks.java", "turn.nextRevision();", ""),
                SeededBug.of(
                        "a lock is granted twice",
                        Invariant.ONE_OWNER,
                        "lock/LockMachine.java",
                        "if (Locks.isFree(lock) && !Locks.isClosed(lock) && lock.getWaiters().getLength() == 0) {",
                        "if (!Locks.isClosed(lock) && lock.getWaiters().getLength() == 0) {"),
                SeededBug.of(
                        "a release wakes nobody",
                        Invariant.NO_LOST_WAKE_UP,
                        "lock/LockMachine.java",
                        ": Locks.passOn(turn, object, Locks.free(turn, object, lock));",
                        ": Locks.free(turn, object, lock);"),
                SeededBug.of(
                        "a lock that opens after its delay wakes nobody",
                        Invariant.NO_LOST_WAKE_UP,
                        "lock/LockMachine.java",
                        "Locks.passOn(turn, object, lock.toBuilder().setClosedUntil(0).build())",
                        "lock.toBuilder().setClosedUntil(0).build()"),
                SeededBug.of(
                        "an expired holder's lock is passed on without its delay",
                        Invariant.SEMANTICS,
                        "lock/LockMachine.java",
                        "if (expired && lock.getDelay() > 0) {",
                        "if (false) {"),
                SeededBug.of(
                        "a guard with a dead token lets pass",
                        Invariant.GUARDS,
                        "waiting/Guards.java",
                        "lock.getToken() != 0 && lock.getToken() == guard.getToken();",
                        "lock.getToken() != 0;"),
                SeededBug.of(
                        "a guard is forgotten while its command waits",
                        Invariant.GUARDS,
                        "waiting/Waiters.java",
                        "row.addAllGuards(turn.guards());",
                        ""),
                SeededBug.of(
                        "a notification dies with the waiter that had it",
                        Set.of(
                                Invariant.NO_LOST_WAKE_UP,
                                Invariant.DEADLOCKS,
                                Invariant.FIXED_ORDER,
                                Invariant.CONSISTENT_ROWS,
                                Invariant.SEMANTICS),
                        "lock/LockMachine.java",
                        "if (waiter.row().getCondition().getHow() == ConditionWoken.How.NOTIFIED) {",
                        "if (false) {"),
                SeededBug.of(
                        "holds are lost in a wait for a condition",
                        Invariant.SEMANTICS,
                        "lock/Locks.java",
                        "row.hasCondition() ? row.getCondition().getHolds() : 1;",
                        "1;"),
                SeededBug.of(
                        "a cycle of several owners is not seen",
                        Invariant.DEADLOCKS,
                        "lock/Deadlocks.java",
                        "if (seen.add(holder)) {",
                        "if (false) {"),
                SeededBug.of(
                        "an owner is taken for another one of its session, who would wait for itself",
                        Invariant.DEADLOCKS,
                        "lock/Deadlocks.java",
                        "if (holder.equals(self)) {",
                        "if (holder.session() == self.session()) {"),
                SeededBug.of(
                        "who comes back from a condition is not seen in cycles",
                        Invariant.DEADLOCKS,
                        "lock/ConditionMachine.java",
                        ".setCertain(lock.getCertain())",
                        ""),
                SeededBug.of(
                        "a condition does not keep its lock alive",
                        Invariant.SEMANTICS,
                        "lock/ConditionMachine.java",
                        "turn.objects().retain(turn, lock);",
                        "",
                        "turn.objects().release(turn, lock(condition));",
                        ""),
                SeededBug.of(
                        "who waits for a while is taken to wait for ever",
                        Invariant.DEADLOCKS,
                        "lock/LockMachine.java",
                        "lock.getCertain() && timeout == null",
                        "lock.getCertain()"));
    }

    private static List<SeededBug> ofSemaphoresAndBarriers() {
        return List.of(
                SeededBug.of(
                        "the end of a session returns its permits twice",
                        Set.of(Invariant.PERMITS_CONSERVED, Invariant.SEMANTICS, Invariant.FIXED_ORDER),
                        "semaphore/SemaphoreMachine.java",
                        "semaphore.getAvailable() + held.getPermits()",
                        "semaphore.getAvailable() + 2 * held.getPermits()"),
                SeededBug.of(
                        "who wants few permits overtakes one who waits for many",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS),
                        "semaphore/SemaphoreMachine.java",
                        "semaphore.getWaiters().getLength() == 0 && permits <= semaphore.getAvailable()",
                        "permits <= semaphore.getAvailable()"),
                SeededBug.of(
                        "a waiter that leaves the front of a semaphore lets nobody go on",
                        Set.of(Invariant.NO_LOST_WAKE_UP, Invariant.SEMANTICS, Invariant.FIXED_ORDER),
                        "semaphore/SemaphoreMachine.java",
                        """
                        // It may have been the one that all behind it waited for.
                        write(turn, object, serve(turn, object, after));
                        """,
                        "write(turn, object, after);"),
                SeededBug.of(
                        "a barrier counts those who died",
                        Set.of(Invariant.ONLY_THE_LIVING, Invariant.CONSISTENT_ROWS),
                        "barrier/BarrierMachine.java",
                        "passing ? Rounds.end(turn, object, left, why)",
                        """
                        end == Waiter.End.SESSION_ENDED
                            ? left
                            : passing ? Rounds.end(turn, object, left, why)
                        """),
                SeededBug.of(
                        "a party of the next round breaks the one whose action runs",
                        Set.of(Invariant.SEMANTICS, Invariant.EXACTLY_ONCE, Invariant.ONLY_THE_LIVING),
                        "barrier/BarrierMachine.java",
                        "Rounds.endFilling(turn, object, left, why)",
                        "Rounds.end(turn, object, left, why)"),
                SeededBug.of(
                        "a timeout while the action runs breaks the barrier",
                        Set.of(
                                Invariant.SEMANTICS,
                                Invariant.EXACTLY_ONCE,
                                Invariant.NO_LOST_WAKE_UP,
                                Invariant.TIMERS),
                        "barrier/BarrierMachine.java",
                        "end == Waiter.End.TIMED_OUT && passing",
                        "false"),
                SeededBug.of(
                        "the first of those that have an action runs it",
                        Invariant.SEMANTICS,
                        "barrier/Rounds.java",
                        "if (party.getHasAction()) { round.setRunner(turn.revision());",
                        "if (party.getHasAction() && round.getRunner() == 0) { round.setRunner(turn.revision());"));
    }

    private static List<SeededBug> ofQueues() {
        return List.of(
                SeededBug.of(
                        "a delivery that was not acknowledged is lost with its session",
                        Invariant.ITEMS_CONSERVED,
                        "queue/Deliveries.java",
                        "queue.comesBack(row.key().number(2), row.row());",
                        ""),
                SeededBug.of(
                        "an item that comes back goes to the end",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_LOST_WAKE_UP),
                        "queue/Queue.java",
                        "insert(order, item); turn.objects().moved(turn, object, item.getValue());",
                        "row.setLastOrder(row.getLastOrder() + 1); insert(row.getLastOrder(), item);"),
                SeededBug.of(
                        "an item that comes back is before where the first is looked for",
                        Set.of(Invariant.SEMANTICS, Invariant.CONSISTENT_ROWS, Invariant.NO_FAULT),
                        "queue/Queue.java",
                        "Math.min(row.getHead(), order)",
                        "row.getHead()"),
                SeededBug.of(
                        "who puts one value overtakes one who waits to put many",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS),
                        "queue/QueueMachine.java",
                        "queue.row.getPutters().getLength() == 0 && queue.hasRoomFor(count)",
                        "queue.hasRoomFor(count)"),
                SeededBug.of(
                        "the references of what waited to be put are counted twice",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "queue/QueueWaits.java",
                        "queue.append(put(putter).getValuesList());",
                        """
                        put(putter).getValuesList().forEach(queue::hold);
                        queue.append(put(putter).getValuesList());
                        """),
                SeededBug.of(
                        "who waits for a queue that is shut down is refused while an item may come back",
                        Set.of(Invariant.SEMANTICS, Invariant.EXACTLY_ONCE, Invariant.NO_LOST_WAKE_UP),
                        "queue/QueueWaits.java",
                        "&& queue.row.getDelivered() == 0",
                        ""),
                SeededBug.of(
                        "nobody is told of a dead letter",
                        Set.of(Invariant.NO_LOST_WAKE_UP, Invariant.SEMANTICS),
                        "queue/Queue.java",
                        "deadLetter.waits.serve();",
                        ""),
                SeededBug.of(
                        "an acknowledged item is not done with",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_LOST_WAKE_UP),
                        "queue/Deliveries.java",
                        "queue.handOver(item.getValue(), session); queue.finish(1);",
                        "queue.handOver(item.getValue(), session);"),
                SeededBug.of(
                        "what is taken goes with the queue's reference to it",
                        Set.of(Invariant.SEMANTICS, Invariant.FIXED_ORDER, Invariant.CONSISTENT_ROWS),
                        "queue/Queue.java",
                        "turn.objects().handOver(turn, each.reference(), taker);",
                        "turn.objects().release(turn, each.reference());"));
    }

    private static List<SeededBug> ofLists() {
        return List.of(
                SeededBug.of(
                        "a leaf that is split drops an element",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "list/ListTree.java",
                        "parts.add(all.subList(begin, i)); begin = i;",
                        "parts.add(all.subList(begin, i)); begin = bytes > 0 ? i + 1 : i;"),
                SeededBug.of(
                        "nodes that are joined are counted as the first of them",
                        Set.of(Invariant.SEMANTICS, Invariant.CONSISTENT_ROWS, Invariant.NO_FAULT),
                        "list/ListTree.java",
                        "return write(Math.max(first.getNode(), second.getNode()), both);",
                        """
                        write(Math.max(first.getNode(), second.getNode()), both);
                        return first.toBuilder().setNode(Math.max(first.getNode(), second.getNode())).build();
                        """),
                SeededBug.of(
                        "a node that has become empty stays",
                        Set.of(Invariant.CONSISTENT_ROWS, Invariant.NOTHING_LEFT),
                        "list/ListTree.java",
                        "rows.delete(Tables.LIST_NODES, nodes.key(number)); return List.of();",
                        "return List.of();"),
                SeededBug.of(
                        "an element that is replaced keeps what it refers to",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "list/ListMachine.java",
                        "elements.replace(place, place + 1, value, value, List.of(before));",
                        "elements.replace(place, place + 1, value, value, List.of());"),
                SeededBug.of(
                        "a repeated list counts its references once",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "list/Rearranging.java",
                        "elements.insert(size, more);",
                        "elements.replace(size, size, more, List.of(), List.of());"));
    }

    private static List<SeededBug> ofArrays() {
        return List.of(
                SeededBug.of(
                        "a range that is written stops at the border of a chunk",
                        Invariant.SEMANTICS,
                        "array/Chunks.java",
                        "rows.upsert(Tables.ARRAY_CHUNKS, key(chunk), row.build());",
                        "rows.upsert(Tables.ARRAY_CHUNKS, key(chunk), row.build()); return;"),
                SeededBug.of(
                        "an unsigned cell is read as if it had a sign",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "array/Packing.java",
                        "Typecode.integer(bits, typecode.isUnsigned64())",
                        "Typecode.integer(bits, false)"),
                SeededBug.of(
                        "a slice that goes backwards does not reach the first cell",
                        Invariant.SEMANTICS,
                        "values/Selection.java",
                        "long before = backwards ? -1 : 0;",
                        "long before = 0;"),
                SeededBug.of(
                        "a range is written before all of its cells are looked at",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "array/ArrayMachine.java",
                        "Outcome refusal = array.packing().refusal(command.getCells()); if (refusal != null) {",
                        """
                        Outcome refusal = array.packing().refusal(command.getCells());
                        if (refusal != null) {
                            array.chunks().write(turn.rows(), selected, new long[(int) selected.count()]);
                        """),
                SeededBug.of(
                        "the chunks of a deleted array are not swept",
                        Invariant.NOTHING_LEFT,
                        "array/ArrayMachine.java",
                        "turn.objects().sweeps().add(turn, Contents.ARRAY, object.value());",
                        ""));
    }

    private static List<SeededBug> ofOthers() {
        return List.of(
                SeededBug.of(
                        "setting an event wakes only the first",
                        Invariant.NO_LOST_WAKE_UP,
                        "event/EventMachine.java",
                        "next = turn.waiters().first(turn.rows(), object, waiters); if",
                        "next = null; if"),
                SeededBug.of(
                        "a dict takes maps with other orders for other keys",
                        Invariant.SEMANTICS,
                        "values/Values.java",
                        "return canonical(key).toByteArray();",
                        "return key.toByteArray();"),
                SeededBug.of(
                        "removing an entry of a dict does not look at what was expected",
                        Invariant.SEMANTICS,
                        "dict/DictMachine.java",
                        """
                        (command.hasExpected() && !Values.equal(before.getValue(), command.getExpected()))) {
                            return reply(before, false);
                        }
                        entries.remove(
                        """,
                        "false) { return reply(before, false); } entries.remove("),
                SeededBug.of(
                        "a reference is counted twice",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "dict/DictEntries.java",
                        "Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));",
                        """
                        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
                        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
                        """),
                SeededBug.of(
                        "a reference is not released when its entry is overwritten",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "leave(before); }",
                        "}"),
                SeededBug.of(
                        "popitem forgets the order",
                        Invariant.SEMANTICS,
                        "dict/DictEntries.java",
                        "turn.rows().last(Tables.DICT_ORDER, from, to);",
                        "turn.rows().scan(Tables.DICT_ORDER, from, to, 1).get(0);"),
                SeededBug.of(
                        "popitem looks no further than to the entry that came last of all",
                        Set.of(Invariant.NO_FAULT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "Key from = Tables.DICT_ORDER.key(dict.getContents()); Key to",
                        "Key from = Tables.DICT_ORDER.key(dict.getContents(), dict.getLastOrder()); Key to"),
                SeededBug.of(
                        "the time to live of an entry outlives the value that it was for",
                        Set.of(Invariant.NO_FAULT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "expiresNoMore(before); leave(before); }",
                        "leave(before); }"),
                SeededBug.of(
                        "what an expired entry referred to is not released",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictMachine.java",
                        "entries.expire(); entries.letGo();",
                        "entries.expire();"),
                SeededBug.of(
                        "the timer of a dict is not armed for what expires later",
                        Invariant.TIMERS,
                        "dict/DictEntries.java",
                        "arm(Math.max(deadline, turn.now() + 1));",
                        ""),
                SeededBug.of(
                        "a cleared dict is woken for what it held",
                        Set.of(Invariant.TIMERS, Invariant.NO_FAULT),
                        "dict/DictEntries.java",
                        "turn.objects().sweeps().add(turn, Contents.DICT, dict.getContents()); arm(0);",
                        "turn.objects().sweeps().add(turn, Contents.DICT, dict.getContents());"),
                SeededBug.of(
                        "an update that is refused half-way leaves the first half",
                        Invariant.SEMANTICS,
                        "dict/DictMachine.java",
                        """
                            return refusal;
                            }
                        }
                        for (MapEntry entry : command.getEntriesList()) {
                        """,
                        "return refusal; }"),
                SeededBug.of(
                        "the contents of a deleted dict are not swept",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictMachine.java",
                        "entries(turn, object).abandon();",
                        ""),
                SeededBug.of(
                        "an attribute that was deleted is counted on",
                        Invariant.SEMANTICS,
                        "namespace/Attributes.java",
                        "resize(-1);",
                        ""),
                SeededBug.of(
                        "an attribute that is set again lets go of nothing",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "namespace/Attributes.java",
                        "} else { release(turn, before); }",
                        "}"),
                SeededBug.of(
                        "the attributes of a deleted namespace are not swept",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "namespace/NamespaceMachine.java",
                        "attributes(turn, object).abandon();",
                        ""),
                SeededBug.of(
                        "a collection of garbage does not look into namespaces",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS, Invariant.GARBAGE),
                        "namespace/NamespaceMachine.java",
                        "return Traced.of(view, Tables.NAMESPACE_ATTRIBUTES, all, from, limit, row -> Values.references(row.getValue()));",
                        "return Traced.NOTHING;"),
                SeededBug.of(
                        "an attribute may have a name that is a client's own",
                        Invariant.SEMANTICS,
                        "namespace/AttributeNames.java",
                        "if (name.startsWith(\"_\")) {",
                        "if (false) {"),
                SeededBug.of(
                        "a sum that is out of range is stored",
                        Invariant.SEMANTICS,
                        "values/Typecode.java",
                        "if (number.compareTo(least) < 0 || number.compareTo(greatest) > 0) {",
                        "if (number.compareTo(greatest) > 0) {"));
    }

    static List<SeededBug> ofGarbage() {
        return List.of(
                SeededBug.of(
                        "an object that begins to be referred to during a collection is not reached",
                        Set.of(Invariant.GARBAGE, Invariant.NO_FAULT),
                        "object/Objects.java",
                        "row.toBuilder().setReferences(row.getReferences() + 1).build()); garbage.reach(turn, object);",
                        "row.toBuilder().setReferences(row.getReferences() + 1).build());"),
                SeededBug.of(
                        "an object that is made during a collection is looked at",
                        Set.of(Invariant.GARBAGE, Invariant.SEMANTICS),
                        "object/Garbage.java",
                        "object.value() <= collection.getBegan() && new Marks(turn).isWhite(object)",
                        "new Marks(turn).isWhite(object)",
                        "Tables.OBJECTS.key(collection.getBegan()).next()",
                        "Tables.OBJECTS.key().afterPrefix()"),
                SeededBug.of(
                        "handles do not keep their objects from being collected",
                        Invariant.GARBAGE,
                        "object/Garbage.java",
                        "roots(turn, Tables.HANDLES, row -> row.key().number(1), Phase.TRACE, share)",
                        "roots(turn, Tables.HANDLES, row -> row.key().number(0), Phase.TRACE, share)"),
                SeededBug.of(
                        "only the first page of what an object refers to is followed",
                        Invariant.GARBAGE,
                        "object/Garbage.java",
                        "if (page.next() == null) {",
                        "if (true) {"),
                SeededBug.of(
                        "what is condemned can be referred to",
                        Set.of(Invariant.GARBAGE, Invariant.SEMANTICS),
                        "object/Objects.java",
                        "return garbage.isCondemned(turn, object) ? deleted(object) : null;",
                        "return null;"),
                SeededBug.of(
                        "an object that is gone keeps its mark",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.NO_FAULT, Invariant.GARBAGE),
                        "object/Objects.java",
                        "garbage.gone(turn, object);",
                        ""),
                SeededBug.of(
                        "a circle is found, and does not let go",
                        Set.of(Invariant.GARBAGE, Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "object/Garbage.java",
                        "turn.machines().of(row.row().getKind()).letGo(turn, object);",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void worlds_convict(SeededBug bug) throws ReflectiveOperationException {
        convict(bug, World.class);
    }

    @ParameterizedTest
    @MethodSource("ofGarbage")
    void worldsOfGarbage_convict(SeededBug bug) throws ReflectiveOperationException {
        convict(bug, GarbageWorld.class);
    }

    private void convict(SeededBug bug, Class<?> world) throws ReflectiveOperationException {
        Method violated = bug.load(folder).loadClass(world.getName()).getMethod("violated", long.class, int.class);
        Set<Invariant> seen = EnumSet.noneOf(Invariant.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            String invariant = (String) violated.invoke(null, seed, WorldTest.STEPS);
            if (!invariant.isEmpty()) {
                seen.add(Invariant.valueOf(invariant));
            }
            if (!Collections.disjoint(seen, bug.convictedBy())) {
                return; // what else a world meets first, because of the bug, is chance
            }
        }
        throw new AssertionError(
                "none of " + SEEDS + " worlds has seen that " + bug + ", but of what it leads to " + seen);
    }
}
