// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.EventParameters;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.barrier.BarrierWords;
import io.holdfast.statemachine.dict.DictWords;
import io.holdfast.statemachine.event.EventWords;
import io.holdfast.statemachine.lock.ConditionWords;
import io.holdfast.statemachine.lock.LockWords;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.queue.QueueWords;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.semaphore.SemaphoreWords;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that work which exceeds the budget of an entry takes several: in order, each part once, beside other work. */
class BudgetTest {
    private static final int MANY = 10_000;
    private static final int LARGE = (1 << 20) - 100;

    private final Script script = new Script();
    private final SessionId a = script.session("a");
    private final SessionId waiting = script.session("waiting");

    @BeforeEach
    void open() {
        script.play("""
                a open E event         | a created
                a open L lock          | a created
                a open Q queue         | a created
                a open D dict          | a created
                """);
    }

    /** Sends the command many times, and returns the completions. */
    private List<Completion> sendMany(int count, Command.Builder command) {
        List<Completion> told = new ArrayList<>();
        for (int sent = 0; sent < count; sent += 1_000) {
            told.addAll(script.applyAll(IntStream.range(sent, Math.min(count, sent + 1_000))
                    .mapToObj(i -> script.item(waiting, command.clone()))
                    .toArray(LogItem[]::new)));
        }
        return told;
    }

    private void awaitMany(Command.Builder command) {
        assertThat(sendMany(MANY, command)).isEmpty();
        script.finish();
    }

    /** Checks that the commands are answered in their order, each once, a part with each entry. */
    private List<Outcome> requireToldInPieces(long... sequences) {
        List<Applied> entries = script.finish();
        List<List<Completion>> told = entries.stream()
                .map(entry -> entry.completions().stream()
                        .filter(each -> each.session().equals(waiting))
                        .toList())
                .filter(part -> !part.isEmpty())
                .toList();
        assertThat(told).hasSizeGreaterThan(3).allMatch(part -> part.size() < sequences.length / 2);
        assertThat(entries.size() - told.size()).as("entries that told nothing").isLessThan(3);
        assertThat(told.stream().flatMap(List::stream).mapToLong(Completion::sequence))
                .containsExactly(LongStream.of(sequences).boxed().toArray(Long[]::new));
        assertThat(rows(Tables.PARKED) + rows(Tables.WAITERS) + rows(Tables.SERVED))
                .isZero();
        return told.stream().flatMap(List::stream).map(Completion::outcome).toList();
    }

    private static long[] first(int count) {
        return LongStream.rangeClosed(1, count).toArray();
    }

    private int rows(Table<?> table) {
        return script.view().scan(table, table.key(), Integer.MAX_VALUE).size();
    }

    private ObjectId object(String name) {
        return script.object(name);
    }

    @Test
    void set_wakesManyInPieces_whatComesMeanwhileWaits() {
        awaitMany(EventWords.await(object("E")));
        script.send(a, EventWords.set(object("E")));
        assertThat(script.applied().completions()).hasSizeLessThan(MANY);
        script.send(a, EventWords.clear(object("E")));
        script.send(script.session("late"), EventWords.await(object("E")));
        while (script.applied().isUnfinished()) {
            script.apply();
        }
        assertThat(rows(Tables.WAITERS)).isEqualTo(1);
        script.play("a event.set E | late ok, a ok");
    }

    @Test
    void set_tellsThemInTheirOrder() {
        awaitMany(EventWords.await(object("E")));
        script.send(a, EventWords.set(object("E")));
        assertThat(requireToldInPieces(first(MANY))).allMatch(Outcome::hasDone);
    }

    @Test
    void release_grantsPermitsToManyInPieces() {
        script.play("a open S semaphore 0 none | a created");
        awaitMany(SemaphoreWords.acquire(object("S"), 1));
        script.send(a, SemaphoreWords.release(object("S"), MANY));
        assertThat(requireToldInPieces(first(MANY))).allMatch(Outcome::hasDone);
        assertThat(script.inspect(object("S")).getSemaphore().getAvailable()).isZero();
    }

    @Test
    void notifyAll_movesManyToTheLockInPieces() {
        ObjectId condition = script.openObject(a, "C", ConditionWords.parameters(object("L")));
        for (int i = 0; i < MANY; i += 1_000) {
            List<LogItem> items = new ArrayList<>();
            for (int j = 0; j < 1_000; j++) {
                items.add(script.item(waiting, LockWords.acquire(object("L"))));
                items.add(script.item(waiting, ConditionWords.await(condition, 0, 0)));
            }
            script.applyAll(items.toArray(LogItem[]::new));
        }
        script.play("a lock.acquire L | a granted #1");
        script.send(a, ConditionWords.wakeAll(condition, 0, 0));
        assertThat(script.applied()
                        .completions()
                        .get(0)
                        .outcome()
                        .getDone()
                        .getCondition()
                        .getNotified()
                        .getCount())
                .isEqualTo(MANY);
        assertThat(script.finish()).hasSizeGreaterThan(3);
        assertThat(script.inspect(condition).getCondition().getWaiters().getTotal())
                .isZero();
        assertThat(script.inspect(object("L")).getLock().getWaiters().getTotal())
                .isEqualTo(MANY);
        for (long place = 1; place <= 3; place++) {
            script.send(a, LockWords.force(object("L")));
            assertThat(script.applied().completions().get(0).sequence()).isEqualTo(2 * place);
        }
    }

    /**
     * Opens a condition of L for which the sessions w1, w2 and so on wait, and lets a acquire L and notify all of them in
     * an entry that has work for one. Later entries have as little.
     */
    private ObjectId notifyWaiters(int count) {
        ObjectId condition = script.openObject(a, "C", ConditionWords.parameters(object("L")));
        for (int i = 1; i <= count; i++) {
            SessionId session = script.session("w" + i);
            script.call(session, LockWords.acquire(object("L")));
            script.send(session, ConditionWords.await(condition, 0, 0));
        }
        script.call(a, LockWords.acquire(object("L")));
        script.work(1);
        script.send(a, ConditionWords.wakeAll(condition, 0, 0));
        return condition;
    }

    @Test
    void notification_thatItsWaiterCannotUse_goesToOneThatHasNone() {
        ObjectId condition = notifyWaiters(8);
        script.send(a, ConditionWords.await(condition, 0, 0)); // w1 has the lock now, w2 waits for it
        script.close(script.session("w2"));
        assertThat(script.inspect(condition).getCondition().getWaiters().getTotal())
                .isGreaterThan(1);
        script.finish();
        assertThat(script.inspect(condition).getCondition().getWaiters().getTotal())
                .isZero();
        assertThat(script.inspect(object("L")).getLock().getWaiters().getTotal())
                .isEqualTo(7); // w3 to w8, and a
    }

    @Test
    void cancel_ofOneThatIsNotified_comesTooLate() {
        notifyWaiters(3);
        script.play("w3 cancel 2 | w3 false");
        script.finish();
        script.play("a lock.release L | w1 notified #1, a ok");
    }

    @Test
    void lastParty_letsManyGoInPieces() {
        script.openObject(a, "B", BarrierWords.parameters(MANY + 1, null));
        awaitMany(BarrierWords.await(object("B"), 0, false, null));
        script.send(a, BarrierWords.await(object("B"), 0, false, null));
        assertThat(requireToldInPieces(first(MANY)))
                .extracting(
                        outcome -> outcome.getDone().getBarrier().getPassed().getArrival())
                .isEqualTo(IntStream.range(0, MANY).boxed().toList());
    }

    @Test
    void lock_isPassedOnBehindManyWhoseSessionEnds() {
        script.play("a lock.acquire L | a granted #1");
        awaitMany(LockWords.acquire(object("L")));
        script.play("b lock.acquire L | -");
        script.close(waiting);
        script.send(a, LockWords.release(object("L"), 0));
        List<Applied> entries = script.finish();
        assertThat(entries).hasSizeGreaterThan(2);
        assertThat(script.inspect(object("L")).getLock().getHolder().getSession())
                .isEqualTo(script.session("b").value());
        assertThat(rows(Tables.WAITERS) + rows(Tables.PARKED)).isZero();
    }

    @Test
    void put_servesManyGettersInPieces() {
        awaitMany(QueueWords.get(object("Q"), 1, null));
        script.send(a, QueueWords.put(object("Q"), Collections.nCopies(MANY, Texts.integer(1)), null));
        assertThat(requireToldInPieces(first(MANY)))
                .extracting(outcome ->
                        outcome.getDone().getQueue().getItems().getItems(0).getId())
                .isEqualTo(LongStream.rangeClosed(1, MANY).boxed().toList());
    }

    @Test
    void shutdown_refusesManyPuttersInPieces() {
        ObjectId full = script.openObject(a, "F", QueueWords.parameters(1, 0, 0));
        script.call(a, QueueWords.put(full, List.of(Texts.integer(1)), null));
        awaitMany(QueueWords.put(full, List.of(Texts.integer(1)), null));
        script.send(a, QueueWords.shutdown(full, false));
        assertThat(requireToldInPieces(first(MANY)))
                .allMatch(outcome -> outcome.getRefused().getCode() == RefusalCode.SHUT_DOWN);
    }

    @Test
    void lastItemThatIsDone_letsManyJoinersGoInPieces() {
        script.play("a queue.put Q 1 | a ok");
        awaitMany(QueueWords.join(object("Q"), null));
        script.send(a, QueueWords.taskDone(object("Q"), 1));
        // who puts now does not make them wait again
        script.send(a, QueueWords.put(object("Q"), List.of(Texts.integer(2)), null));
        while (script.applied().isUnfinished()) {
            script.apply();
        }
        assertThat(rows(Tables.WAITERS) + rows(Tables.SERVED)).isZero();
    }

    @Test
    void delete_tellsManyInPieces() {
        awaitMany(EventWords.await(object("E"), 5 * Script.SECOND));
        script.send(a, Script.deleting("E"));
        assertThat(requireToldInPieces(first(MANY)))
                .allMatch(outcome -> outcome.getRefused().getCode() == RefusalCode.OBJECT_DELETED);
        assertThat(rows(Tables.TIMERS)).isZero();
    }

    @Test
    void sessionThatOwnsMuch_endsInPieces_andOthersGoOn() {
        Command.Builder creating = Command.newBuilder()
                .setCreate(CreateObject.newBuilder()
                        .setParameters(script.view()
                                .require(
                                        Tables.OBJECTS,
                                        Tables.OBJECTS.key(object("L").value()))
                                .getParameters()));
        List<ObjectId> locks = sendMany(5_000, creating).stream()
                .map(created ->
                        new ObjectId(created.outcome().getDone().getOpened().getObject()))
                .toList();
        script.applyAll(locks.stream()
                .map(lock -> script.item(waiting, LockWords.acquire(lock)))
                .toArray(LogItem[]::new));
        sendMany(5_000, EventWords.await(object("E")));
        assertThat(rows(Tables.HANDLES) + rows(Tables.HOLDINGS) + rows(Tables.PARKED))
                .isEqualTo(15_000);
        script.play("a open V value q 0 | a created");
        script.close(waiting);
        int ended = script.applied().ended().size();
        int entries = 1;
        for (; script.applied().isUnfinished(); entries++) {
            script.play("a value.addGet V 1 | a " + entries);
            ended += script.applied().ended().size();
        }
        assertThat(entries).isBetween(4, 100);
        assertThat(ended).isEqualTo(1);
        assertThat(rows(Tables.HANDLES) + rows(Tables.HOLDINGS) + rows(Tables.PARKED) + rows(Tables.LOCKS))
                .isEqualTo(1);
        assertThat(script.view().scan(Tables.REPLIES, Tables.REPLIES.key(waiting.value()), 1))
                .isEmpty();
    }

    @Test
    void largeOutcomes_comeAFewWithEachEntry() {
        int count = 60;
        List<LogItem> removing = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Value large = Value.newBuilder()
                    .setBinary(ByteString.copyFrom(new byte[LARGE]))
                    .build();
            script.call(a, DictWords.put(object("D"), Texts.integer(i), large));
        }
        for (int i = 0; i < count; i++) {
            removing.add(script.item(waiting, DictWords.remove(object("D"), Texts.integer(i))));
        }
        script.apply(removing.toArray(LogItem[]::new));
        List<Applied> entries = script.finish();
        assertThat(entries)
                .filteredOn(entry -> !entry.completions().isEmpty())
                .hasSizeGreaterThan(count / 8)
                .allMatch(entry -> entry.completions().size() <= 8);
        assertThat(entries.stream().flatMap(entry -> entry.completions().stream()))
                .extracting(Completion::sequence)
                .isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
    }

    @Test
    void sessionsThatExpireWithOneItem_endInPieces() {
        SessionId[] sessions =
                IntStream.range(0, 1_000).mapToObj(i -> script.session("s" + i)).toArray(SessionId[]::new);
        for (SessionId session : sessions) {
            script.send(session, EventWords.await(object("E")));
        }
        script.work(5_000);
        script.expire(sessions);
        List<Applied> entries = script.finish();
        assertThat(entries).hasSizeGreaterThan(3);
        assertThat(entries.stream().flatMap(entry -> entry.ended().stream()))
                .extracting(Applied.Ended::session)
                .containsExactlyInAnyOrder(sessions);
        assertThat(rows(Tables.PARKED) + rows(Tables.SESSION_ENDS)).isZero();
    }

    @Test
    void itemsThatAreLeft_areKeptOneARow_soThatALaterEntryReadsOnlyItsOwn() {
        script.work(1);
        script.apply(
                script.item(a, EventWords.set(object("E"))),
                script.item(a, EventWords.set(object("E"))),
                script.item(a, EventWords.set(object("E"))));
        assertThat(script.applied().backlog()).isEqualTo(2);
        assertThat(rows(Tables.BACKLOG)).isEqualTo(2);
        script.apply();
        assertThat(rows(Tables.BACKLOG)).isEqualTo(1);
        script.apply();
        assertThat(rows(Tables.BACKLOG)).isZero();
    }

    /** A leader's gateway reads between entries. Its entries must stop where those of the followers do. */
    @Test
    void readsBetweenEntries_areNoWorkOfTheNextEntry() {
        assertThat(toldByEachEntry(true)).hasSizeGreaterThan(3).isEqualTo(toldByEachEntry(false));
    }

    private static List<Integer> toldByEachEntry(boolean readBetween) {
        Script node = new Script();
        SessionId session = node.session("waiting");
        ObjectId event = node.openObject(
                session,
                "E",
                Parameters.newBuilder()
                        .setEvent(EventParameters.getDefaultInstance())
                        .build());
        for (int i = 0; i < 500; i++) {
            node.send(session, EventWords.await(event));
        }
        node.work(500);
        node.send(node.session("setting"), EventWords.set(event));
        List<Integer> told = new ArrayList<>();
        told.add(node.applied().completions().size());
        while (node.applied().isUnfinished()) {
            if (readBetween) {
                node.kernel().view().scan(Tables.REPLIES, Tables.REPLIES.key(), Integer.MAX_VALUE);
            }
            node.tick(0);
            told.add(node.applied().completions().size());
        }
        return told;
    }

    @Test
    void expiryThatIsLeft_isJudgedByTheTermOfItsEntry() {
        script.work(1);
        script.apply(
                script.item(a, EventWords.set(object("E"))),
                LogItem.newBuilder()
                        .setExpire(ExpireSessions.newBuilder().setTerm(1).addSessions(waiting.value()))
                        .build());
        assertThat(script.applied().backlog()).isEqualTo(1);
        script.newTerm();
        script.apply(LogItem.newBuilder()
                .setExpire(ExpireSessions.newBuilder().setTerm(1).addSessions(a.value()))
                .build());
        List<Applied> entries = script.finish();
        assertThat(entries.stream().flatMap(entry -> entry.ended().stream()))
                .extracting(Applied.Ended::session)
                .containsExactly(waiting);
    }

    @Test
    void sessionAtALimit_isRefusedByItsName() {
        change(row -> row.setHandles(Limits.HANDLES_PER_SESSION));
        Command.Builder creating =
                Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(DictWords.PARAMETERS));
        assertThat(refusal(creating).getBound()).isEqualTo("handles-per-session");
        change(row -> row.setHoldings(Limits.HOLDINGS_PER_SESSION));
        assertThat(refusal(LockWords.acquire(object("L"))).getBound()).isEqualTo("holdings-per-session");
        change(row -> row.setWaiting(Limits.WAITS_PER_SESSION));
        assertThat(refusal(EventWords.await(object("E"))).getBound()).isEqualTo("waits-per-session");
    }

    private Refusal refusal(Command.Builder command) {
        Refusal refusal = script.call(waiting, command).getRefused();
        assertThat(refusal.getCode()).isEqualTo(RefusalCode.RESOURCE_EXHAUSTED);
        return refusal;
    }

    /** Sets counters that would take long to reach with commands. */
    private void change(UnaryOperator<SessionRow.Builder> change) {
        script.inTurn(turn -> {
            var key = Tables.SESSIONS.key(waiting.value());
            SessionRow row = turn.rows().require(Tables.SESSIONS, key);
            turn.rows()
                    .update(Tables.SESSIONS, key, change.apply(row.toBuilder()).build());
        });
    }
}
