// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.Script.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionInspection;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private final Script script = new Script();

    private void open() {
        script.play("""
                a open R rlock               | a created
                a open C condition R         | a created
                """);
    }

    @Test
    void wait_freesTheLockWholly_andGetsTheSameHoldsBackUnderANewToken() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                a rlock.acquire R t1         | a granted #1 x2
                a rlock.acquire R t1         | a granted #1 x3
                b rlock.acquire R t1         | -
                a condition.wait C t1        | b granted #2
                b condition.notify C t1      | b woke 1
                b rlock.release R t1         | a notified #3 x3, b ok
                a rlock.release R t1 #1      | a NOT_HELD
                a rlock.release R t1 #3      | a ok
                a rlock.release R t1         | a ok
                a rlock.release R t1         | a ok
                a rlock.release R t1         | a NOT_HELD
                """);
    }

    @Test
    void condition_ofALock_isUsedByAnyOfTheSession() {
        script.play("""
                a open L lock                | a created
                a open C condition L         | a created
                a lock.acquire L t1          | a granted #1
                a condition.wait C t2        | -
                b lock.acquire L             | b granted #2
                b condition.notify C t9 all  | b woke 1
                b lock.release L             | a notified #3, b ok
                """);
    }

    @Test
    void notify_wakesTheOldestFirst_asManyAsAsked() {
        open();
        waiting("b", "c", "d", "e");
        script.play("""
                a rlock.acquire R t1         | a granted #5
                a condition.notify C t1 0    | a woke 0
                a condition.notify C t1 2    | a woke 2
                // they wait behind those that wait for the lock already
                a rlock.release R t1         | b notified #6, a ok
                b rlock.release R t1         | c notified #7, b ok
                c condition.notify C t1 99   | c woke 2
                c condition.notify C t1 99   | c woke 0
                c condition.notify C t1 all  | c woke 0
                c rlock.release R t1         | d notified #8, c ok
                d rlock.release R t1         | e notified #9, d ok
                """);
    }

    @Test
    void notifyAll_wakesAll_behindThoseWhoWaitForTheLock() {
        open();
        waiting("b", "c");
        script.play("""
                a rlock.acquire R t1         | a granted #3
                d rlock.acquire R t1         | -
                a condition.notify C t1 all  | a woke 2
                e rlock.acquire R t1         | -
                a rlock.release R t1         | d granted #4, a ok
                d rlock.release R t1         | b notified #5, d ok
                b rlock.release R t1         | c notified #6, b ok
                c rlock.release R t1         | e granted #7, c ok
                """);
    }

    /** Each acquires, and waits for the condition without end. */
    private void waiting(String... sessions) {
        for (int i = 0; i < sessions.length; i++) {
            script.play(sessions[i] + " rlock.acquire R t1 | " + sessions[i] + " granted #" + (i + 1));
            script.play(sessions[i] + " condition.wait C t1 | -");
        }
    }

    @Test
    void timeout_isToldOnceTheLockIsHadAgain() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                a condition.wait C t1 5s     | -
                // free: at once
                tick 5s                      | a timed_out #2
                a condition.wait C t1 5s     | -
                b rlock.acquire R t1         | b granted #3
                c rlock.acquire R t1         | -
                tick 5s                      | -
                // nobody is left to be notified
                b condition.notify C t1 all  | b woke 0
                tick 50s                     | -
                b rlock.release R t1         | c granted #4, b ok
                c rlock.release R t1         | a timed_out #5, c ok
                """);
    }

    @Test
    void timeouts_thatAreDueTogether_comeBackInTheOrderOfTheirDeadlines() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                a condition.wait C t1 6s     | -
                b rlock.acquire R t1         | b granted #2
                b condition.wait C t1 5s     | -
                tick 10s                     | b timed_out #3
                b rlock.release R t1         | a timed_out #4, b ok
                """);
    }

    @Test
    void waitWithoutTime_letsThoseGoFirstWhoWaitForTheLock() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                a rlock.acquire R t1         | a granted #1 x2
                a condition.wait C t1 0      | a timed_out #2 x2
                b rlock.acquire R t1         | -
                a condition.wait C t1 0      | b granted #3
                b condition.notify C t1 all  | b woke 0
                b rlock.release R t1         | a timed_out #4 x2, b ok
                tick 1s                      | -
                """);
    }

    @Test
    void cancel_endsTheWaitForANotification_notThatForTheLock() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                a condition.wait C t1 5s     | -
                b rlock.acquire R t1         | b granted #2
                a cancel 4                   | a true
                a cancel 4                   | a false
                tick 10s                     | -
                b condition.notify C t1      | b woke 0
                b rlock.release R t1         | a cancelled #3, b ok
                a cancel 4                   | a false
                // free: at once
                a condition.wait C t1        | -
                a cancel 8                   | a cancelled #4, a true
                """);
    }

    @Test
    void cancel_afterTheNotification_isTooLate() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                a condition.wait C t1        | -
                b rlock.acquire R t1         | b granted #2
                b condition.notify C t1      | b woke 1
                a cancel 4                   | a false
                b rlock.release R t1         | a notified #3, b ok
                """);
    }

    @Test
    void notification_ofAWaiterWhoseSessionEnds_isPassedOn() {
        open();
        waiting("b", "c", "d");
        script.play("""
                a rlock.acquire R t1         | a granted #4
                a condition.notify C t1      | a woke 1
                expire b                     | -
                close c                      | -
                a rlock.release R t1         | d notified #5, a ok
                """);
    }

    @Test
    void notification_isNotPassedOnToAnotherWaitOfTheEndedSession() {
        open();
        script.play("""
                b rlock.acquire R t1         | b granted #1
                b condition.wait C t1        | -
                b rlock.acquire R t2         | b granted #2
                b condition.wait C t2        | -
                c rlock.acquire R t1         | c granted #3
                c condition.wait C t1        | -
                a rlock.acquire R t1         | a granted #4
                a condition.notify C t1      | a woke 1
                expire b                     | -
                a rlock.release R t1         | c notified #5, a ok
                """);
    }

    @Test
    void timeout_ofAWaiterWhoseSessionEnds_isNotPassedOn() {
        open();
        script.play("""
                b rlock.acquire R t1         | b granted #1
                b condition.wait C t1 1s     | -
                c rlock.acquire R t1         | c granted #2
                c condition.wait C t1        | -
                a rlock.acquire R t1         | a granted #3
                tick 1s                      | -
                expire b                     | -
                a rlock.release R t1         | a ok
                a rlock.acquire R t1         | a granted #4
                a condition.notify C t1 all  | a woke 1
                """);
    }

    @Test
    void grant_toANotifiedWaiter_isReleasedWhenItsSessionEnds() {
        open();
        waiting("b", "c");
        script.play("""
                a rlock.acquire R t1         | a granted #3
                a condition.notify C t1      | a woke 1
                a rlock.release R t1         | b notified #4, a ok
                d rlock.acquire R t1         | -
                expire b                     | d granted #5
                d condition.notify C t1      | d woke 1
                """);
    }

    @Test
    void command_withoutTheLock_isRefusedInTheDocumentedOrder() {
        open();
        script.play("""
                a condition.wait C t1        | a NOT_HELD
                a condition.notify C t1      | a NOT_HELD
                a rlock.acquire R t1         | a granted #1
                b condition.wait C t1 #1     | b HELD_BY_ANOTHER
                a condition.notify C t2 #1   | a HELD_BY_ANOTHER
                a rlock.release R t1         | a ok
                a rlock.acquire R t1         | a granted #2
                a condition.wait C t1 #1     | a NOT_HELD
                a condition.notify C t1 #1   | a NOT_HELD
                a condition.notify C t1 #2   | a woke 0
                a rlock.acquire R t1         | a granted #2 x2
                """);
    }

    @Test
    void ownershipNone_letsAnyWaitAndNotify() {
        script.play("""
                a open L lock none           | a created
                a open C condition L         | a created
                a condition.wait C           | a NOT_HELD
                a lock.acquire L             | a granted #1
                b condition.wait C           | -
                a lock.acquire L             | a granted #2
                c condition.notify C         | c woke 1
                c lock.release L             | b notified #3, c ok
                """);
    }

    @Test
    void condition_keepsItsLockAlive() {
        open();
        script.play("""
                a rlock.acquire R t1         | a granted #1
                b delete R                   | b true
                a condition.wait C t1        | -
                b rlock.acquire R t1         | b granted #2
                b condition.notify C t1      | b woke 1
                // with the condition, its lock goes too
                b delete C                   | a OBJECT_DELETED, b true
                b rlock.release R t1         | b OBJECT_DELETED
                b condition.notify C t1      | b OBJECT_DELETED
                close b                      | -
                """);
        for (Table<?> table : List.of(Tables.LOCKS, Tables.CONDITIONS, Tables.WAITERS, Tables.OBJECTS)) {
            assertThat(script.view().scan(table, table.key(), 1))
                    .as("%s", table)
                    .isEmpty();
        }
    }

    @Test
    void delete_endsTheWaitsForIt_notThoseForItsLock() {
        open();
        waiting("b", "c");
        script.play("""
                a rlock.acquire R t1         | a granted #3
                a condition.notify C t1      | a woke 1
                d delete C                   | c OBJECT_DELETED, d true
                a rlock.release R t1         | b notified #4, a ok
                """);
    }

    @Test
    void delete_beforeANotifiedWaiterDies_leavesNobodyToPassItOnTo() {
        open();
        waiting("b");
        script.play("""
                a rlock.acquire R t1         | a granted #2
                a condition.notify C t1      | a woke 1
                a delete C                   | a true
                expire b                     | -
                a rlock.release R t1         | a ok
                """);
    }

    @Test
    void lockDelay_keepsNotifiedWaitersWaiting() {
        script.play("""
                a open R rlock 5s            | a created
                a open C condition R         | a created
                b rlock.acquire R t1         | b granted #1
                b condition.wait C t1 2s     | -
                a rlock.acquire R t1         | a granted #2
                expire a                     | -
                tick 2s                      | -
                tick 3s                      | b timed_out #3
                """);
    }

    @Test
    void timeout_beforeTheLockOpens_doesNotOpenIt() {
        // One entry finds all of it due: the lock opens after the last but one wait for it has ended.
        script.play("""
                a open R rlock 5s            | a created
                a open C condition R         | a created
                b rlock.acquire R t1         | b granted #1
                b condition.wait C t1 2s     | -
                a rlock.acquire R t1         | a granted #2
                c rlock.acquire R t1 3s      | -
                d rlock.acquire R t1         | -
                expire a                     | -
                tick 10s                     | c timed-out, d granted #3
                d rlock.release R t1         | b timed_out #4, d ok
                """);
    }

    @Test
    void inspect_tellsThoseWhoWaitToBeNotified() {
        open();
        waiting("b", "c");
        script.play("""
                tick 2s                      | -
                a rlock.acquire R t1         | a granted #3
                a condition.notify C t1      | a woke 1
                """);
        ConditionInspection told = script.inspect(script.object("C")).getCondition();
        assertThat(told.getLock()).isEqualTo(script.object("R").value());
        assertThat(told.getWaiters().getTotal()).isEqualTo(1);
        assertThat(told.getWaiters().getFirst(0).getOwner().getClientName()).isEqualTo("c");
        assertThat(told.getWaiters().getFirst(0).getOwner().getTag()).isEqualTo(1);
        assertThat(told.getWaiters().getFirst(0).getWaitedNanos()).isEqualTo(2 * SECOND);
        assertThat(script.inspect(script.object("R")).getLock().getWaiters().getTotal())
                .isEqualTo(1);
    }

    @Test
    void open_needsALock() {
        script.play("""
                a open E event               | a created
                a open C condition E         | a OBJECT_MISMATCH
                a open C condition 99999     | a NO_SUCH_OBJECT
                a delete E                   | a true
                a open C condition E         | a OBJECT_DELETED
                a open L lock                | a created
                a open M lock                | a created
                a open C condition L         | a created
                a open C condition L         | a opened
                a open C condition M         | a OBJECT_MISMATCH
                """);
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        open();
        script.play("a rlock.acquire R t1 | a granted #1");
        Command.Builder command = Command.newBuilder()
                .setCondition(ConditionCommand.newBuilder()
                        .setObject(script.object("C").value())
                        .setOwnerTag(1));
        assertThat(script.call(script.session("a"), command).getRefused().getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
    }
}
