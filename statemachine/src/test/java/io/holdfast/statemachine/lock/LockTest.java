// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.Script.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForced;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import org.junit.jupiter.api.Test;

class LockTest {
    private final Script script = new Script();

    @Test
    void acquire_followsTheTable() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                // held: by anybody, the holder itself included, for it is not reentrant
                b lock.acquire L 0     | b timed-out
                a lock.acquire L 0     | a timed-out
                b lock.acquire L 5s    | -
                a lock.acquire L 5s    | -
                c lock.acquire L       | -
                tick 4999ms            | -
                tick 1ms               | b timed-out, a timed-out
                a lock.release L       | c granted #2, a ok
                """);
    }

    @Test
    void release_isRefusedInTheDocumentedOrder() {
        script.play("""
                a open L lock          | a created
                // free, whatever the token
                a lock.release L       | a NOT_HELD
                a lock.release L 77    | a NOT_HELD
                a lock.acquire L       | a granted #1
                // held by another session wins over a wrong token, and a right token does not help
                b lock.release L       | b HELD_BY_ANOTHER
                b lock.release L 77    | b HELD_BY_ANOTHER
                b lock.release L #1    | b HELD_BY_ANOTHER
                // not with that token
                a lock.release L 77    | a NOT_HELD
                a lock.release L #1    | a ok
                a lock.release L #1    | a NOT_HELD
                """);
    }

    @Test
    void release_whenHeldByAnotherSession_namesTheHolder() {
        SessionId a = script.open("a");
        SessionId b = script.open("b");
        ObjectId lock = script.openObject(
                a,
                "L",
                Parameters.newBuilder()
                        .setLock(LockParameters.getDefaultInstance())
                        .build());
        script.call(
                a,
                Command.newBuilder()
                        .setLock(LockCommand.newBuilder()
                                .setObject(lock.value())
                                .setAcquire(LockAcquire.newBuilder().setOwnerTag(7))));

        Outcome refused = script.call(b, LockWords.release(lock, 0));

        assertThat(refused.getRefused().getCode()).isEqualTo(RefusalCode.HELD_BY_ANOTHER);
        assertThat(refused.getRefused().getHolder().getSession()).isEqualTo(a.value());
        assertThat(refused.getRefused().getHolder().getTag()).isEqualTo(7);
        assertThat(refused.getRefused().getHolder().getClientName()).isEqualTo("a");
        assertThat(refused.getRefused().getHolder().getHost()).isEqualTo("host-of-a");
    }

    @Test
    void release_withAnOldToken_doesNotFreeTheGrantOfNow() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                a lock.release L #1    | a ok
                a lock.acquire L       | a granted #2
                a lock.release L #1    | a NOT_HELD
                b lock.acquire L 0     | b timed-out
                """);
    }

    @Test
    void release_grantsInTheOrderOfArrival() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                c lock.acquire L       | -
                b lock.acquire L       | -
                c lock.acquire L       | -
                a lock.release L       | c granted #2, a ok
                c lock.release L       | b granted #3, c ok
                b lock.release L       | c granted #4, b ok
                c lock.release L       | c ok
                """);
    }

    @Test
    void token_isTheRevisionOfTheGrant_andGrowsAcrossLocks() {
        script.play("""
                a open L lock          | a created
                a open M lock          | a created
                a lock.acquire L       | a granted #1
                a lock.acquire M       | a granted #2
                b lock.acquire L       | -
                b lock.acquire M       | -
                close a                | b granted #3, b granted #4
                """);
        assertThat(script.token("#2")).isGreaterThan(script.token("#1"));
        assertThat(script.token("#3")).isGreaterThan(script.token("#2"));
        assertThat(script.token("#4")).isGreaterThan(script.token("#3"));
        assertThat(script.inspect(script.object("M")).getLock().getToken()).isEqualTo(script.token("#4"));
        assertThat(script.kernel().revision()).isEqualTo(script.token("#4"));
    }

    @Test
    void reply_tellsTheRevisionOfItsOwnCommand() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                """);
        long before = script.kernel().revision();
        SessionId a = script.session("a");
        Outcome released = script.call(a, LockWords.release(script.object("L"), 0));
        assertThat(released.getDone().getRevision()).isEqualTo(before + 1);
        assertThat(script.inspect(script.object("L")).getLock().getToken()).isEqualTo(before + 2);
    }

    @Test
    void ownershipNone_isReleasedByAnyAndOutlivesItsAcquirer() {
        script.play("""
                a open L lock none     | a created
                a lock.acquire L       | a granted #1
                expire a               | -
                b lock.acquire L 0     | b timed-out
                b lock.release L 5     | b NOT_HELD
                b lock.release L       | b ok
                b lock.release L       | b NOT_HELD
                b lock.acquire L       | b granted #2
                c lock.acquire L       | -
                d lock.release L #2    | c granted #3, d ok
                """);
        LockInspection told = script.inspect(script.object("L")).getLock();
        assertThat(told.getHeld()).isTrue();
        assertThat(told.hasHolder()).isFalse();
    }

    @Test
    void forceRelease_breaksTheHoldAndKillsTheToken() {
        script.play("""
                a open L lock          | a created
                b lock.force L         | b forced-free
                a lock.acquire L       | a granted #1
                c lock.acquire L       | -
                b lock.force L         | c granted #2, b forced
                a lock.release L #1    | a HELD_BY_ANOTHER
                a event.set 1 if L#1   | a STALE_TOKEN
                c lock.release L       | c ok
                a lock.release L #1    | a NOT_HELD
                """);
    }

    @Test
    void forceRelease_tellsWhoHeldIt() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                """);
        LockForced forced = script.call(script.open("b"), LockWords.force(script.object("L")))
                .getDone()
                .getLock()
                .getForced();
        assertThat(forced.getHolder().getClientName()).isEqualTo("a");
        assertThat(forced.getToken()).isEqualTo(script.token("#1"));
    }

    @Test
    void forceRelease_leavesNothingForTheEndOfTheOldHolder() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                b lock.force L         | b forced
                b lock.acquire L       | b granted #2
                c lock.acquire L       | -
                expire a               | -
                b lock.release L       | c granted #3, b ok
                """);
    }

    @Test
    void sessionEnd_passesTheLockOn_withoutTheEndedSessionsOwnWaits() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                a lock.acquire L       | -
                b lock.acquire L       | -
                expire a               | b granted #2
                """);
    }

    @Test
    void lockDelay_closesTheLockOnlyWhenTheHolderExpired() {
        script.play("""
                a open L lock 5s       | a created
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                a lock.release L       | b granted #2, a ok
                c lock.acquire L       | -
                close b                | c granted #3
                d lock.acquire L 3s    | -
                e lock.acquire L       | -
                expire c               | -
                a lock.acquire L 0     | a timed-out
                a lock.release L       | a NOT_HELD
                tick 3s                | d timed-out
                tick 1999ms            | -
                tick 1ms               | e granted #4
                """);
    }

    @Test
    void lockDelay_isToldByInspect_andOverWhenForced() {
        script.play("""
                a open L lock 5s       | a created
                a lock.acquire L       | a granted #1
                expire a               | -
                b lock.acquire L       | -
                tick 1s                | -
                """);
        LockInspection closed = script.inspect(script.object("L")).getLock();
        assertThat(closed.getHeld()).isFalse();
        assertThat(closed.getClosedNanos()).isEqualTo(4 * SECOND);
        assertThat(closed.getWaiters().getTotal()).isEqualTo(1);
        script.play("""
                c lock.force L         | b granted #2, c forced-free
                tick 10s               | -
                """);
    }

    @Test
    void lockDelay_whenNobodyWaits_opensForTheNextAcquire() {
        script.play("""
                a open L lock 5s       | a created
                a lock.acquire L       | a granted #1
                expire a               | -
                tick 5s                | -
                b lock.acquire L       | b granted #2
                """);
    }

    @Test
    void lockDelay_ofADeletedLock_isForgotten() {
        script.play("""
                a open L lock 5s       | a created
                a lock.acquire L       | a granted #1
                expire a               | -
                b lock.acquire L       | -
                c delete L             | b OBJECT_DELETED, c true
                tick 10s               | -
                """);
    }

    @Test
    void lockThatOpens_isGrantedBeforeAWaitThatEndsLaterInTheSameEntry() {
        // One entry may find both due: the lock's own timer first, then the waiter's, who has been granted by then.
        script.play("""
                a open L lock 5s       | a created
                a lock.acquire L       | a granted #1
                b lock.acquire L 7s    | -
                c lock.acquire L 4s    | -
                d lock.acquire L 6s    | -
                expire a               | -
                tick 10s               | c timed-out, b granted #2, d timed-out
                """);
    }

    @Test
    void waitThatEndsWhenTheLockOpens_isGranted() {
        script.play("""
                a open L lock 5s       | a created
                a lock.acquire L       | a granted #1
                b lock.acquire L 5s    | -
                expire a               | -
                tick 5s                | b granted #2
                """);
    }

    @Test
    void timeout_tooLargeForLogTime_isWithoutEnd() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                tick 5s                | -
                b lock.acquire L 9223372036854775807  | -
                b lock.acquire L -1    | -
                tick 100s              | -
                a lock.release L       | b granted #2, a ok
                b lock.release L       | b granted #3, b ok
                """);
    }

    @Test
    void delete_endsTheWaitsAndKillsTheToken() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                c lock.acquire L 5s    | -
                a delete L             | b OBJECT_DELETED, c OBJECT_DELETED, a true
                a lock.release L #1    | a OBJECT_DELETED
                tick 10s               | -
                close a                | -
                b open L lock          | b created
                b lock.acquire L       | b granted #2
                """);
    }

    @Test
    void inspect_tellsHolderAndWaiters() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                tick 2s                | -
                b lock.acquire L       | -
                tick 3s                | -
                """);
        LockInspection told = script.inspect(script.object("L")).getLock();
        assertThat(told.getHeld()).isTrue();
        assertThat(told.getHolder().getClientName()).isEqualTo("a");
        assertThat(told.getHoldCount()).isEqualTo(1);
        assertThat(told.getToken()).isEqualTo(script.token("#1"));
        assertThat(told.getHeldNanos()).isEqualTo(5 * SECOND);
        assertThat(told.getWaiters().getTotal()).isEqualTo(1);
        assertThat(told.getWaiters().getFirst(0).getOwner().getHost()).isEqualTo("host-of-b");
        assertThat(told.getWaiters().getFirst(0).getSequence()).isEqualTo(1);
        assertThat(told.getWaiters().getFirst(0).getWaitedNanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void inspect_tellsAtMostAHundredWaiters() {
        script.play("a open L lock | a created\na lock.acquire L | a granted #1");
        for (int i = 0; i < 120; i++) {
            script.send(script.session("b"), LockWords.acquire(script.object("L")));
        }
        LockInspection told = script.inspect(script.object("L")).getLock();
        assertThat(told.getWaiters().getTotal()).isEqualTo(120);
        assertThat(told.getWaiters().getFirstList()).hasSize(100);
        assertThat(told.getWaiters().getFirst(99).getSequence()).isEqualTo(100);
    }

    @Test
    void open_withBadParameters_isRefused() {
        SessionId a = script.open("a");
        Outcome negative = script.call(
                a,
                Script.opening(
                        "L",
                        Parameters.newBuilder()
                                .setLock(LockParameters.newBuilder().setLockDelayNanos(-1))
                                .build()));
        assertThat(negative.getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        Outcome unknown = script.call(
                a,
                Script.opening(
                        "L",
                        Parameters.newBuilder()
                                .setLock(LockParameters.newBuilder().setOwnershipValue(9))
                                .build()));
        assertThat(unknown.getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        script.play("a delete L | a false");
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        script.play("a open L lock | a created");
        Outcome outcome = script.call(
                script.session("a"),
                Command.newBuilder()
                        .setLock(LockCommand.newBuilder()
                                .setObject(script.object("L").value())));
        assertThat(outcome.getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void commandToAnotherObject_isRefused() {
        script.play("""
                a open V value q 0     | a created
                a lock.acquire V       | a OBJECT_MISMATCH
                a lock.acquire 99999   | a NO_SUCH_OBJECT
                a delete V             | a true
                a lock.acquire V       | a OBJECT_DELETED
                """);
    }
}
