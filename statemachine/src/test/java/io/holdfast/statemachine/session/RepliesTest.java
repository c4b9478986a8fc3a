// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.lock.LockWords;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.value.ValueWords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepliesTest {
    private final Script script = new Script();

    @BeforeEach
    void open() {
        script.play("""
                a open V value q 0     | a created
                a open L lock          | a created
                """);
    }

    @Test
    void resend_isAnsweredWithTheFirstOutcome_andDoesNothing() {
        script.play("a value.addGet V 1 | a 1");
        Outcome first = script.applied().completions().get(0).outcome();
        script.play("b value.addGet V 1 | b 2");
        long revision = script.kernel().revision();
        Applied again = script.resend(script.session("a"), 3);
        assertThat(again.completions()).containsExactly(new Applied.Completion(script.session("a"), 3, first));
        assertThat(script.kernel().revision()).isEqualTo(revision);
        script.play("""
                a again 3              | a 1
                restart                | -
                a again 3              | a 1
                b value.addGet V 0     | b 2
                """);
    }

    @Test
    void resend_ofARefusedCommand_isRefusedAgain_evenIfItWouldSucceedNow() {
        script.play("""
                a lock.acquire L       | a granted #1
                b lock.release L       | b HELD_BY_ANOTHER
                a lock.release L       | a ok
                b lock.acquire L       | b granted #2
                b again 1              | b HELD_BY_ANOTHER
                """);
    }

    @Test
    void resend_ofAParkedCommand_goesOnWaiting() {
        script.play("""
                a lock.acquire L       | a granted #1
                b lock.acquire L 5s    | -
                c lock.acquire L       | -
                tick 3s                | -
                // neither its place nor its deadline changes
                b again 1              | -
                restart                | -
                b again 1              | -
                tick 1s                | -
                a lock.release L       | b granted #2, a ok
                b again 1              | b granted #2
                b lock.release L       | c granted #3, b ok
                b again 1              | b granted #2
                """);
    }

    @Test
    void acknowledgedOutcome_isForgotten() {
        script.play("""
                a value.addGet V 1            | a 1
                a value.addGet V 1 ack 3      | a 2
                a again 3                     | -
                a again 4                     | a 2
                // again, unknown, its own, one to come: nothing to forget
                a value.addGet V 1 ack 3,99,5,6,0 | a 3
                a again 5                     | a 3
                a value.addGet V 1 ack 4,5,4  | a 4
                a again 4                     | -
                a again 5                     | -
                a again 6                     | a 4
                """);
        assertThat(row("a").getOutcomes()).isEqualTo(3); // the two opens, and 6
        assertThat(script.view()
                        .scan(
                                Tables.REPLIES,
                                Tables.REPLIES.key(script.session("a").value()),
                                10))
                .hasSize(3);
    }

    @Test
    void acknowledgement_ofAParkedCommand_doesNotLoseItsOutcome() {
        script.play("""
                a lock.acquire L          | a granted #1
                a lock.acquire L 5s       | -
                a value.addGet V 1 ack 4  | a 1
                tick 5s                   | a timed-out
                a again 4                 | a timed-out
                """);
    }

    @Test
    void resentCommand_doesNotAcknowledgeOnceMore() {
        script.play("""
                a lock.acquire L          | a granted #1
                a lock.acquire L 5s       | -
                a value.addGet V 1 ack 4  | a 1
                tick 5s                   | a timed-out
                a again 5                 | a 1
                a again 4                 | a timed-out
                """);
    }

    @Test
    void gap_isAViolation_andChangesNothing() {
        SessionId a = script.session("a");
        var lost = script.item(a, ValueWords.addAndGet(script.object("V"), Texts.integer(1)));
        var later = script.item(a, ValueWords.addAndGet(script.object("V"), Texts.integer(10)));
        long revision = script.kernel().revision();
        Applied applied = script.apply(later);
        assertThat(applied.completions()).isEmpty();
        assertThat(applied.violations()).extracting(Applied.Violation::session).containsExactly(a);
        assertThat(script.kernel().revision()).isEqualTo(revision);
        // all of it again, in order
        script.apply(lost, later);
        assertThat(script.told()).isEqualTo("a 1, a 11");
    }

    @Test
    void commandsOfOneEntry_takeEffectInOrder_duplicatesOnce() {
        SessionId a = script.session("a");
        var first = script.item(a, ValueWords.addAndGet(script.object("V"), Texts.integer(1)));
        var second = script.item(a, ValueWords.addAndGet(script.object("V"), Texts.integer(10)));
        script.apply(first, first, second, first, second);
        assertThat(script.told()).isEqualTo("a 1, a 1, a 11, a 1, a 11");
    }

    @Test
    void refusalOfTheGateway_isKeptLikeAnyOutcome() {
        Refusal tooLarge = Refusal.newBuilder()
                .setCode(RefusalCode.TOO_LARGE)
                .setDetail("d")
                .build();
        Outcome outcome = script.call(script.session("a"), Command.newBuilder().setRefused(tooLarge));
        assertThat(outcome.getRefused()).isEqualTo(tooLarge);
        script.play("a again 3 | a TOO_LARGE");
    }

    @Test
    void commandWithoutOperation_isUnsupported_andUsesItsSequenceUp() {
        assertThat(script.call(script.session("a"), Command.newBuilder())
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
        script.play("a again 3 | a UNSUPPORTED");
    }

    @Test
    void cancel_followsTheTable() {
        script.play("""
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                b lock.acquire L 5s    | -
                b cancel 1             | b CANCELLED, b true
                // ended already; done; itself; to come; of another session
                b cancel 1             | b false
                b cancel 3             | b false
                b cancel 5             | b false
                b cancel 9             | b false
                a cancel 2             | a false
                b again 1              | b CANCELLED
                b cancel 2             | b CANCELLED, b true
                tick 10s               | -
                a lock.release L       | a ok
                """);
    }

    @Test
    void cancel_thatComesAfterTheGrant_leavesTheGrant() {
        script.play("""
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                a lock.release L       | b granted #2, a ok
                b cancel 1             | b false
                b lock.release L       | b ok
                """);
    }

    @Test
    void cancel_inTheMiddleOfAQueue_keepsTheOthersInOrder() {
        script.play("""
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                c lock.acquire L       | -
                d lock.acquire L       | -
                c cancel 1             | c CANCELLED, c true
                c lock.acquire L       | -
                a lock.release L       | b granted #2, a ok
                b lock.release L       | d granted #3, b ok
                d lock.release L       | c granted #4, d ok
                """);
    }

    @Test
    void outcomesOverTheBound_areAViolation_untilSomeAreAcknowledged() {
        SessionId b = script.open("b");
        int bound = Limits.OUTCOMES_PER_SESSION;
        for (int i = 0; i < bound; i++) {
            script.send(b, ValueWords.addAndGet(script.object("V"), Texts.integer(1)));
        }
        assertThat(row("b").getOutcomes()).isEqualTo(bound);
        Command.Builder oneMore = ValueWords.addAndGet(script.object("V"), Texts.integer(1));
        var item = script.item(b, oneMore);
        assertThat(script.apply(item).violations()).hasSize(1);
        assertThat(row("b").getLastSequence()).isEqualTo(bound);
        // the same sequence, but now with what was received
        var acknowledging = item.toBuilder();
        acknowledging.getCommandBuilder().getCommandBuilder().addAcknowledged(1).addAcknowledged(2);
        assertThat(script.apply(acknowledging.build()).completions()).hasSize(1);
        assertThat(row("b").getOutcomes()).isEqualTo(bound - 1);
    }

    @Test
    void waitsDoNotCountTowardsTheBound_andCanStillBeGrantedAtIt() {
        SessionId b = script.open("b");
        script.play("a lock.acquire L | a granted #1");
        script.send(b, LockWords.acquire(script.object("L")));
        for (int i = 0; i < Limits.OUTCOMES_PER_SESSION; i++) {
            script.send(b, ValueWords.addAndGet(script.object("V"), Texts.integer(1)));
        }
        assertThat(row("b").getWaiting()).isEqualTo(1);
        script.send(b, ValueWords.addAndGet(script.object("V"), Texts.integer(1)));
        assertThat(script.applied().violations()).hasSize(1);
        // its wait can still be granted
        script.play("a lock.release L | b granted #2, a ok");
        assertThat(row("b").getWaiting()).isZero();
        assertThat(row("b").getOutcomes()).isEqualTo(Limits.OUTCOMES_PER_SESSION + 1);
    }

    private SessionRow row(String session) {
        return script.view()
                .require(
                        Tables.SESSIONS,
                        Tables.SESSIONS.key(script.session(session).value()));
    }
}
