// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of these bugs is convicted by worlds, of what it is, within the seeds of a default run: worlds can see. */
class SeededBugsTest {
    @TempDir
    private Path folder;

    static List<SeededBug> bugs() {
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
                        Invariant.NOTHING_LEFT,
                        "session/Sessions.java",
                        "endWaits(turn, session);",
                        ""),
                SeededBug.of(
                        "what an ended session holds is freed before its waits are ended",
                        Invariant.NOTHING_LEFT,
                        "session/Sessions.java",
                        "endWaits(turn, session);",
                        "",
                        "deleteAll(turn, Tables.REPLIES, Tables.REPLIES.key(session.value()));",
                        "endWaits(turn, session); deleteAll(turn, Tables.REPLIES, Tables.REPLIES.key(session.value()));"),
                SeededBug.of(
                        "an expiry of a term that is over counts",
                        Invariant.SEMANTICS,
                        "Kernel.java",
                        "if (expire.getTerm() != turn.term()) {",
                        "if (false) {"),
                SeededBug.of(
                        "timers fire out of order",
                        Invariant.TIMERS,
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
                        "session/Sessions.java",
                        "for (View.Row<HoldingRow> holding : turn.rows().scan(Tables.HOLDINGS, prefix, Integer.MAX_VALUE)) {",
                        """
                        var byHash = new java.util.IdentityHashMap<View.Row<HoldingRow>, Boolean>();
                        turn.rows().scan(Tables.HOLDINGS, prefix, Integer.MAX_VALUE).forEach(row -> byHash.put(row, true));
                        for (View.Row<HoldingRow> holding : byHash.keySet()) {
                        """),
                SeededBug.of(
                        "a token is used again",
                        Invariant.TOKENS_GROW,
                        "lock/LockMachine.java",
                        "turn.nextRevision();",
                        ""),
                SeededBug.of(
                        "a lock is granted twice",
                        Invariant.ONE_OWNER,
                        "lock/LockMachine.java",
                        "if (lock.getToken() == FREE && !isClosed(lock, turn.now())) {",
                        "if (!isClosed(lock, turn.now())) {"),
                SeededBug.of(
                        "a release wakes nobody",
                        Invariant.NO_LOST_WAKE_UP,
                        "lock/LockMachine.java",
                        "write(turn, object, passOn(turn, object, free(turn, object, lock)));",
                        "write(turn, object, free(turn, object, lock));"),
                SeededBug.of(
                        "a lock that opens after its delay wakes nobody",
                        Invariant.NO_LOST_WAKE_UP,
                        "lock/LockMachine.java",
                        "passOn(turn, object, lock.toBuilder().setClosedUntil(0).build())",
                        "lock.toBuilder().setClosedUntil(0).build()"),
                SeededBug.of(
                        "an expired holder's lock is passed on without its delay",
                        Invariant.SEMANTICS,
                        "lock/LockMachine.java",
                        "if (expired && lock.getDelay() > 0) {",
                        "if (false) {"),
                SeededBug.of(
                        "the waiter that came last is granted first",
                        Invariant.FIFO,
                        "waiting/Waiters.java",
                        "return queue.getHead() == 0 ? null : waiter(view, object, queue.getHead());",
                        "return queue.getHead() == 0 ? null : waiter(view, object, queue.getTail());"),
                SeededBug.of(
                        "the links of a waiter's neighbours are not mended",
                        Invariant.CONSISTENT_ROWS,
                        "waiting/Waiters.java",
                        "link(turn, object, row.getBefore(), row.getAfter());",
                        ""),
                SeededBug.of(
                        "a guard with a dead token lets pass",
                        Invariant.GUARDS,
                        "lock/LockMachine.java",
                        "lock.getToken() != FREE && lock.getToken() == guard.getToken();",
                        "lock.getToken() != FREE;"),
                SeededBug.of(
                        "setting an event wakes only the first",
                        Invariant.NO_LOST_WAKE_UP,
                        "event/EventMachine.java",
                        "next = turn.waiters().first(turn.rows(), object, waiters)) {",
                        "next = null) {"),
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
                        "a reference is not released when its entry is overwritten",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "release(turn, before); return;",
                        "return;"),
                SeededBug.of(
                        "the contents of a deleted dict are not swept",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictMachine.java",
                        "turn.objects().sweeps().add(turn, turn.rows().require(Tables.DICTS, key(object)).getContents());",
                        ""),
                SeededBug.of(
                        "a sum that is out of range is stored",
                        Invariant.SEMANTICS,
                        "value/Typecode.java",
                        "if (number.compareTo(least) < 0 || number.compareTo(greatest) > 0) {",
                        "if (number.compareTo(greatest) > 0) {"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void worlds_convict(SeededBug bug) throws ReflectiveOperationException {
        Method violated =
                bug.load(folder).loadClass(World.class.getName()).getMethod("violated", long.class, int.class);
        for (long seed = 0; seed < WorldTest.SEEDS; seed++) {
            String invariant = (String) violated.invoke(null, seed, WorldTest.STEPS);
            if (!invariant.isEmpty()) {
                assertThat(bug.convictedBy()).as("seed %s", seed).contains(Invariant.valueOf(invariant));
                return;
            }
        }
        throw new AssertionError("no world has seen that " + bug);
    }
}
