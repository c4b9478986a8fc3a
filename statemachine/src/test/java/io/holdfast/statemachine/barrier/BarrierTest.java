// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.BarrierCommand;
import io.holdfast.protocol.v1.BarrierInspection;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierTest {
    private final Script script = new Script();

    @Test
    void wait_passesWhenAllAreThere_roundAfterRound() {
        script.play("""
                a open B barrier 3            | a created
                c barrier.wait B              | -
                a barrier.wait B 5s           | -
                b barrier.wait B 0            | c passed 0, a passed 1, b passed 2
                tick 10s                      | -
                a barrier.wait B              | -
                a barrier.wait B              | -
                a barrier.wait B              | a passed 0, a passed 1, a passed 2
                """);
        assertThat(inspect().getRound()).isEqualTo(2);
    }

    @Test
    void barrierOfOne_letsAllPassAtOnce() {
        script.play("""
                a open B barrier 1            | a created
                a barrier.wait B              | a passed 0
                a barrier.wait B 0            | a passed 0
                a barrier.wait B action       | a runs 2 0
                a barrier.done B 2            | a passed 0
                """);
    }

    @Test
    void action_isRunByTheLastOfThoseWhoHaveOne_othersWait() {
        script.play("""
                a open B barrier 4            | a created
                a barrier.wait B action       | -
                b barrier.wait B action       | -
                c barrier.wait B              | -
                d barrier.wait B              | b runs 0 1
                b barrier.done B 0            | a passed 0, c passed 2, d passed 3, b passed 1
                """);
    }

    @Test
    void action_thatFails_breaksTheBarrier() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.wait B t3 action    | b runs 0 1
                b barrier.failed B 0          | a BROKEN, b ok
                c barrier.wait B              | c BROKEN
                b barrier.done B 0            | b BROKEN
                """);
        assertBrokenBy("b", 3, "failed to run the action");
    }

    @Test
    void action_whoseRunnersSessionEnds_breaksTheBarrier() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.wait B t3 action    | b runs 0 1
                expire b                      | a BROKEN
                """);
        Refusal refusal = last();
        assertThat(refusal.getHolder().getClientName()).isEqualTo("b");
        assertThat(refusal.getHolder().getTag()).isEqualTo(3);
        assertBrokenBy("b", 3, "ended its session while it ran the action");
        script.play("""
                c barrier.reset B             | c ok
                c barrier.wait B              | -
                a barrier.wait B              | c passed 0, a passed 1
                """);
    }

    @Test
    void timeout_breaksTheBarrierForAll() {
        script.play("""
                a open B barrier 3            | a created
                a barrier.wait B t1           | -
                b barrier.wait B t2 5s        | -
                tick 5s                       | b timed-out, a BROKEN
                """);
        assertBrokenBy("b", 2, "timed out");
        script.play("""
                c barrier.wait B              | c BROKEN
                c barrier.wait B 0            | c BROKEN
                """);
        assertThat(last().getHolder().getClientName()).isEqualTo("b");
    }

    @Test
    void timeouts_thatAreDueTogether_breakItOnce() {
        script.play("""
                a open B barrier 3            | a created
                a barrier.wait B 5s           | -
                b barrier.wait B 5s           | -
                tick 5s                       | a timed-out, b BROKEN
                """);
    }

    @Test
    void cancel_breaksTheBarrierForAll() {
        script.play("""
                a open B barrier 3            | a created
                a barrier.wait B              | -
                b barrier.wait B              | -
                a cancel 2                    | a CANCELLED, b BROKEN, a true
                """);
        assertBrokenBy("a", 0, "was interrupted");
    }

    @Test
    void sessionEnd_breaksTheBarrierForAll() {
        script.play("""
                a open B barrier 3            | a created
                a barrier.wait B              | -
                b barrier.wait B              | -
                close a                       | b BROKEN
                """);
        assertBrokenBy("a", 0, "ended its session while it waited");
    }

    @Test
    void sessionEnd_breaksTheBarrierOnce_thoughItWaitsTwice() {
        script.play("""
                a open B barrier 4            | a created
                b barrier.wait B t1           | -
                a barrier.wait B t2           | -
                b barrier.wait B t3           | -
                expire b                      | a BROKEN
                """);
        assertBrokenBy("b", 1, "ended its session while it waited");
        assertThat(script.view()
                        .scan(
                                Tables.REPLIES,
                                Tables.REPLIES.key(script.session("b").value()),
                                1))
                .isEmpty();
    }

    @Test
    void wait_withoutTime_breaksTheBarrierUnlessItIsTheLast() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.wait B 0            | a passed 0, b passed 1
                a barrier.wait B t1 0         | a timed-out
                b barrier.wait B              | b BROKEN
                """);
        assertBrokenBy("a", 1, "did not wait");
    }

    @Test
    void timeoutOfTheBarrier_isThatOfWaitsThatNameNone() {
        script.play("""
                a open B barrier 2 5s         | a created
                a barrier.wait B 9s           | -
                tick 8s                       | -
                b barrier.wait B              | a passed 0, b passed 1
                a barrier.wait B              | -
                tick 5s                       | a timed-out
                """);
    }

    @Test
    void reset_sendsThoseAwayWhoWait_andTheBarrierIsWhole() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.reset B             | a BROKEN, b ok
                """);
        assertThat(applied().get(0).outcome().getRefused().hasHolder()).isFalse();
        script.play("""
                a barrier.wait B              | -
                b barrier.wait B              | a passed 0, b passed 1
                b barrier.reset B             | b ok
                """);
        assertThat(inspect().getBroken()).isFalse();
    }

    @Test
    void abort_breaksTheBarrierUntilAReset() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.abort B             | a BROKEN, b ok
                a barrier.wait B              | a BROKEN
                b barrier.abort B             | b ok
                """);
        assertThat(inspect().getBroken()).isTrue();
        assertThat(inspect().getCause()).contains("was aborted");
        assertThat(inspect().hasCulprit()).isFalse();
        script.play("""
                b barrier.reset B             | b ok
                a barrier.wait B              | -
                b barrier.wait B              | a passed 0, b passed 1
                """);
    }

    @Test
    void abort_keepsTheFirstCause() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B 0            | a timed-out
                b barrier.abort B             | b ok
                """);
        assertBrokenBy("a", 0, "did not wait");
    }

    @Test
    void arrivals_whileAnActionRuns_areOfLaterRounds() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.wait B action       | b runs 0 1
                // a full round, one that begins with an action, and one that is not full
                c barrier.wait B              | -
                d barrier.wait B              | -
                c barrier.wait B action       | -
                d barrier.wait B              | -
                c barrier.wait B              | -
                b barrier.done B 0            | a passed 0, c passed 0, d passed 1, c runs 2 0, b passed 1
                c barrier.done B 2            | d passed 1, c passed 0
                d barrier.wait B              | c passed 0, d passed 1
                """);
        assertThat(inspect().getRound()).isEqualTo(4);
    }

    @Test
    void arrivals_atABarrierOfOne_runTheirActionsOneAfterTheOther() {
        script.play("""
                a open B barrier 1            | a created
                a barrier.wait B action       | a runs 0 0
                b barrier.wait B action       | -
                c barrier.wait B              | -
                d barrier.wait B action       | -
                a barrier.done B 0            | b runs 1 0, a passed 0
                b barrier.done B 1            | c passed 0, d runs 3 0, b passed 0
                d barrier.failed B 3          | d ok
                """);
    }

    @Test
    void arrival_thatTimesOutWhileAnActionRuns_breaksItsOwnRoundAlone() {
        script.play("""
                a open B barrier 3            | a created
                a barrier.wait B              | -
                c barrier.wait B              | -
                b barrier.wait B action       | b runs 0 2
                d barrier.wait B              | -
                c barrier.wait B 5s           | -
                tick 5s                       | c timed-out, d BROKEN
                d barrier.wait B              | d BROKEN
                b barrier.done B 0            | a passed 0, c passed 1, b passed 2
                d barrier.wait B              | d BROKEN
                a barrier.reset B             | a ok
                d barrier.wait B              | -
                """);
        assertThat(inspect().getBroken()).isFalse();
    }

    @Test
    void arrival_thatDoesNotWaitWhileAnActionRuns_orEndsItsSession_breaksItsOwnRoundAlone() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.wait B action       | b runs 0 1
                c barrier.wait B 0s           | c timed-out
                b barrier.done B 0            | a passed 0, b passed 1
                """);
        assertBrokenBy("c", 0, "did not wait");
        script.play("""
                a barrier.reset B             | a ok
                a barrier.wait B              | -
                b barrier.wait B action       | b runs 2 1
                c barrier.wait B              | -
                expire c                      | -
                b barrier.done B 2            | a passed 0, b passed 1
                d barrier.wait B              | d BROKEN
                """);
    }

    @Test
    void timeoutsAndCancels_whileTheActionRuns_comeTooLate() {
        script.play("""
                a open B barrier 3            | a created
                a barrier.wait B 5s           | -
                c barrier.wait B              | -
                b barrier.wait B action       | b runs 0 2
                tick 5s                       | -
                c cancel 1                    | c false
                b barrier.done B 0            | a passed 0, c passed 1, b passed 2
                tick 10s                      | -
                """);
        assertThat(inspect().getBroken()).isFalse();
    }

    @Test
    void timeoutWhileTheActionRuns_stillBreaksTheBarrier_ifTheActionFails() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B 5s           | -
                b barrier.wait B action       | b runs 0 1
                tick 5s                       | -
                b barrier.failed B 0          | a BROKEN, b ok
                """);
        assertBrokenBy("b", 0, "failed to run the action");
    }

    @Test
    void actionDone_thatIsStale_isRefused() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.done B 0            | a BROKEN
                a barrier.wait B              | -
                b barrier.wait B action       | b runs 0 1
                // neither another's, nor another round's
                a barrier.done B 0            | a BROKEN
                b barrier.done B 1            | b BROKEN
                c barrier.reset B             | a BROKEN, c ok
                b barrier.done B 0            | b BROKEN
                a barrier.wait B              | -
                b barrier.wait B action       | b runs 1 1
                b barrier.done B 0            | b BROKEN
                b barrier.done B 1            | a passed 0, b passed 1
                b barrier.done B 1            | b BROKEN
                // a session that runs nothing any more may end
                close b                       | -
                """);
        assertThat(inspect().getBroken()).isFalse();
    }

    @Test
    void delete_endsTheWaits_andLeavesNothing() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B              | -
                b barrier.wait B action       | b runs 0 1
                c barrier.wait B 5s           | -
                c delete B                    | a OBJECT_DELETED, c OBJECT_DELETED, c true
                b barrier.done B 0            | b OBJECT_DELETED
                close b                       | -
                tick 10s                      | -
                """);
        for (Table<?> table : List.of(Tables.BARRIERS, Tables.HOLDINGS, Tables.WAITERS, Tables.TIMERS)) {
            assertThat(script.view().scan(table, table.key(), 1))
                    .as("%s", table)
                    .isEmpty();
        }
    }

    @Test
    void inspect_tellsRoundRunnerAndWaiters() {
        script.play("""
                a open B barrier 2            | a created
                a barrier.wait B t1           | -
                """);
        assertThat(inspect().getWaiters().getTotal()).isEqualTo(1);
        assertThat(inspect().hasRunner()).isFalse();
        script.play("b barrier.wait B t2 action | b runs 0 1");
        assertThat(inspect().getRunner().getClientName()).isEqualTo("b");
        assertThat(inspect().getRunner().getTag()).isEqualTo(2);
        assertThat(inspect().getWaiters().getFirst(0).getOwner().getTag()).isEqualTo(1);
    }

    @Test
    void open_withBadOrOtherParameters_isRefused() {
        script.play("""
                a open B barrier 0            | a INVALID_ARGUMENT
                a open B barrier -1           | a INVALID_ARGUMENT
                a open B barrier 100001       | a INVALID_ARGUMENT
                a open B barrier 2 -1         | a INVALID_ARGUMENT
                a open B barrier 100000       | a created
                b open B barrier 100000       | b opened
                b open B barrier 2            | b OBJECT_MISMATCH
                b open B barrier 100000 5s    | b OBJECT_MISMATCH
                """);
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        script.play("a open B barrier 1 | a created");
        Command.Builder command = Command.newBuilder()
                .setBarrier(
                        BarrierCommand.newBuilder().setObject(script.object("B").value()));
        assertThat(script.call(script.session("a"), command).getRefused().getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
    }

    private void assertBrokenBy(String name, long tag, String deed) {
        Owner culprit = inspect().getCulprit();
        assertThat(inspect().getBroken()).isTrue();
        assertThat(culprit.getClientName()).isEqualTo(name);
        assertThat(culprit.getTag()).isEqualTo(tag);
        assertThat(inspect().getCause()).contains(deed);
    }

    /** The last refusal that was told. */
    private Refusal last() {
        return applied().get(applied().size() - 1).outcome().getRefused();
    }

    private List<Applied.Completion> applied() {
        return script.applied().completions();
    }

    private BarrierInspection inspect() {
        return script.inspect(script.object("B")).getBarrier();
    }
}
