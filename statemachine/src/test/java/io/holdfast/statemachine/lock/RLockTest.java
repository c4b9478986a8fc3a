// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.Script.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import org.junit.jupiter.api.Test;

class RLockTest {
    private final Script script = new Script();

    @Test
    void acquire_followsTheTable() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t1      | a granted #1
                // its owner takes holds more, under the same token, whatever the timeout
                a rlock.acquire R t1      | a granted #1 x2
                a rlock.acquire R t1 0    | a granted #1 x3
                a rlock.acquire R t1 5s   | a granted #1 x4
                // nobody else: another who acts in the session, the same tag in another session
                a rlock.acquire R t2 0    | a timed-out
                b rlock.acquire R t1 0    | b timed-out
                a rlock.acquire R t2 5s   | -
                b rlock.acquire R t1      | -
                tick 5s                   | a timed-out
                // nor does the owner wait behind those who do
                a rlock.acquire R t1      | a granted #1 x5
                """);
    }

    @Test
    void release_givesOneHoldBack_andFreesWithTheLast() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t1      | a granted #1
                a rlock.acquire R t1      | a granted #1 x2
                b rlock.acquire R t1      | -
                a rlock.release R t1 #1   | a ok
                a rlock.release R t1 #1   | b granted #2, a ok
                a rlock.release R t1 #1   | a HELD_BY_ANOTHER
                b rlock.release R t1      | b ok
                b rlock.release R t1      | b NOT_HELD
                """);
    }

    @Test
    void release_isRefusedInTheDocumentedOrder() {
        script.play("""
                a open R rlock            | a created
                a rlock.release R t1 77   | a NOT_HELD
                a rlock.acquire R t1      | a granted #1
                // another who acts in the session, and another session, wins over a wrong token
                a rlock.release R t2 77   | a HELD_BY_ANOTHER
                a rlock.release R t2 #1   | a HELD_BY_ANOTHER
                b rlock.release R t1 #1   | b HELD_BY_ANOTHER
                a rlock.release R t1 77   | a NOT_HELD
                a rlock.release R t1 #1   | a ok
                """);
    }

    @Test
    void release_byAnotherOfTheSession_namesTheHolder() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t7      | a granted #1
                """);
        Refusal refused = script.call(script.session("a"), LockWords.releaseAs(8, script.object("R"), 0))
                .getRefused();
        assertThat(refused.getHolder().getTag()).isEqualTo(7);
        assertThat(refused.getDetail()).contains("thread 7");
    }

    @Test
    void grant_afterAWait_isOneHold() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t1      | a granted #1
                a rlock.acquire R t1      | a granted #1 x2
                a rlock.acquire R t2      | -
                b rlock.acquire R t1      | -
                a rlock.release R t1      | a ok
                a rlock.release R t1      | a granted #2, a ok
                a rlock.acquire R t2      | a granted #2 x2
                a rlock.release R t2      | a ok
                a rlock.release R t2      | b granted #3, a ok
                """);
    }

    @Test
    void token_isOfEveryHold() {
        script.play("""
                a open R rlock                    | a created
                a open V value q 0                | a created
                a rlock.acquire R t1              | a granted #1
                a rlock.acquire R t1              | a granted #1 x2
                a value.addGet V 1 if R#1         | a 1
                a rlock.release R t1              | a ok
                a value.addGet V 1 if R#1         | a 2
                a rlock.release R t1              | a ok
                a value.addGet V 1 if R#1         | a STALE_TOKEN
                """);
    }

    @Test
    void sessionEnd_givesAllHoldsBack_afterTheDelayIfItExpired() {
        script.play("""
                a open R rlock 5s         | a created
                a rlock.acquire R t1      | a granted #1
                a rlock.acquire R t1      | a granted #1 x2
                b rlock.acquire R t1      | -
                c rlock.acquire R t1      | -
                close a                   | b granted #2
                b rlock.acquire R t1      | b granted #2 x2
                expire b                  | -
                tick 4999ms               | -
                tick 1ms                  | c granted #3
                """);
    }

    @Test
    void forceRelease_takesAllHolds() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t1      | a granted #1
                a rlock.acquire R t1      | a granted #1 x2
                b rlock.acquire R t1      | -
                c rlock.force R           | b granted #2, c forced
                a rlock.release R t1      | a HELD_BY_ANOTHER
                b rlock.release R t1      | b ok
                """);
    }

    @Test
    void inspect_tellsOwnerAndHolds() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t3      | a granted #1
                tick 2s                   | -
                a rlock.acquire R t3      | a granted #1 x2
                a rlock.acquire R t4      | -
                """);
        LockInspection told = script.inspect(script.object("R")).getLock();
        assertThat(told.getHolder().getTag()).isEqualTo(3);
        assertThat(told.getHoldCount()).isEqualTo(2);
        assertThat(told.getToken()).isEqualTo(script.token("#1"));
        assertThat(told.getHeldNanos()).isEqualTo(2 * SECOND);
        assertThat(told.getWaiters().getFirst(0).getOwner().getTag()).isEqualTo(4);
    }

    @Test
    void holds_haveALimit() {
        script.play("""
                a open R rlock            | a created
                a rlock.acquire R t1      | a granted #1
                """);
        Rows rows = new Rows(script.store());
        Key key = Tables.LOCKS.key(script.object("R").value());
        LockRow row = rows.require(Tables.LOCKS, key);
        rows.update(
                Tables.LOCKS, key, row.toBuilder().setHolds(Integer.MAX_VALUE).build());
        rows.commit();
        script.restart();
        script.play("""
                a rlock.acquire R t1      | a OUT_OF_RANGE
                a rlock.release R t1      | a ok
                a rlock.acquire R t1      | a granted #1 x2147483647
                """);
    }

    @Test
    void open_comparesWhatTheParametersMean() {
        script.play("""
                a open R rlock            | a created
                b open R rlock refuse     | b opened
                b open R rlock wait       | b OBJECT_MISMATCH
                b open R lock             | b OBJECT_MISMATCH
                a open L lock             | a created
                b open L lock wait        | b opened
                b open L lock refuse      | b OBJECT_MISMATCH
                b open L rlock wait       | b OBJECT_MISMATCH
                """);
    }

    @Test
    void open_withBadParameters_isRefused() {
        RLockParameters.Builder negative = RLockParameters.newBuilder().setLockDelayNanos(-1);
        RLockParameters.Builder unknown = RLockParameters.newBuilder().setOnDeadlockValue(9);
        for (RLockParameters.Builder bad : new RLockParameters.Builder[] {negative, unknown}) {
            assertThat(script.call(
                                    script.session("a"),
                                    Script.opening(
                                            "R",
                                            Parameters.newBuilder()
                                                    .setRlock(bad)
                                                    .build()))
                            .getRefused()
                            .getCode())
                    .isEqualTo(RefusalCode.INVALID_ARGUMENT);
        }
        script.play("a open L lock none refuse | a INVALID_ARGUMENT");
    }
}
