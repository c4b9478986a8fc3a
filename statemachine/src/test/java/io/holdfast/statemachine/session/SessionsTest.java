// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.session;

import static io.holdfast.statemachine.Script.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.SessionEnded.Reason;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.lock.LockWords;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final Script script = new Script();

    @Test
    void open_givesTheRevisionAsId_andKeepsWhatTheClientSaid() {
        SessionId a = script.open("a");
        SessionId b = script.open("b");
        assertThat(a).isEqualTo(new SessionId(1));
        assertThat(b).isEqualTo(new SessionId(2));
        assertThat(script.kernel().sessionCount()).isEqualTo(2);
        SessionRow row = script.view().require(Tables.SESSIONS, Tables.SESSIONS.key(b.value()));
        assertThat(row.getSecret().toStringUtf8()).isEqualTo("secret of b");
        assertThat(row.getClientName()).isEqualTo("b");
        assertThat(row.getHost()).isEqualTo("host-of-b");
        assertThat(row.getTtl()).isEqualTo(10 * SECOND);
    }

    @Test
    void close_isToldOnce() {
        SessionId a = script.open("a");
        assertThat(script.close(a).ended()).containsExactly(new Applied.Ended(a, Reason.CLOSED));
        assertThat(script.kernel().sessionCount()).isZero();
        long revision = script.kernel().revision();
        assertThat(script.close(a).ended()).isEmpty();
        assertThat(script.expire(a).ended()).isEmpty();
        assertThat(script.close(new SessionId(99)).ended()).isEmpty();
        assertThat(script.kernel().sessionCount()).isZero();
        assertThat(script.kernel().revision()).isEqualTo(revision);
    }

    @Test
    void expire_endsManyInTheOrderGiven_eachOnce() {
        SessionId a = script.open("a");
        SessionId b = script.open("b");
        SessionId c = script.open("c");
        assertThat(script.expire(c, a, c).ended())
                .containsExactly(new Applied.Ended(c, Reason.EXPIRED), new Applied.Ended(a, Reason.EXPIRED));
        assertThat(script.kernel().sessionCount()).isEqualTo(1);
        assertThat(script.expire(b).ended()).containsExactly(new Applied.Ended(b, Reason.EXPIRED));
    }

    @Test
    void expire_ofAnEarlierTerm_isVoid() {
        SessionId a = script.open("a");
        script.newTerm();
        assertThat(script.expire(1, a).ended()).isEmpty();
        assertThat(script.kernel().sessionCount()).isEqualTo(1);
        assertThat(script.expire(2, a).ended()).hasSize(1);
    }

    @Test
    void end_leavesNothing() {
        script.play("""
                a open L lock          | a created
                a open M lock none     | a created
                a open E event         | a created
                a open V value q 0     | a created
                a lock.acquire L       | a granted #1
                a lock.acquire L       | -
                a lock.acquire M       | a granted #2
                a lock.acquire M 5s    | -
                a event.wait E 5s      | -
                a value.addGet V 1     | a 1
                close a                | -
                """);
        for (Table<?> table : List.of(
                Tables.SESSIONS, Tables.REPLIES, Tables.PARKED, Tables.HOLDINGS, Tables.WAITERS, Tables.TIMERS)) {
            assertThat(script.view().scan(table, table.key(), 10))
                    .as("%s", table)
                    .isEmpty();
        }
        script.play("""
                tick 10s               | -
                b event.set E          | b ok
                b lock.acquire L 0     | b granted #3
                // nobody owns M: its grant is still there
                b lock.acquire M 0     | b timed-out
                """);
    }

    @Test
    void end_endsTheWaitsBeforeItFreesWhatIsHeld() {
        // Else the first lock would go to the session's own wait for it.
        script.play("""
                a open L lock          | a created
                a open M lock          | a created
                a lock.acquire M       | a granted #1
                a lock.acquire L       | a granted #2
                b lock.acquire M       | -
                a lock.acquire M       | -
                a lock.acquire L       | -
                b lock.acquire L       | -
                // by object: L was made before M
                expire a               | b granted #3, b granted #4
                """);
        assertThat(script.inspect(script.object("L")).getLock().getToken()).isEqualTo(script.token("#3"));
        assertThat(script.inspect(script.object("M")).getLock().getToken()).isEqualTo(script.token("#4"));
    }

    @Test
    void twoSessionsThatEndInOneEntry_passALockOnOnce() {
        script.play("""
                a open L lock          | a created
                a lock.acquire L       | a granted #1
                b lock.acquire L       | -
                c lock.acquire L       | -
                expire a b             | b granted #2, c granted #3
                c lock.acquire L       | -
                """);
        assertThat(script.inspect(script.object("L")).getLock().getHolder().getClientName())
                .isEqualTo("c");
    }

    @Test
    void command_ofAnEndedSession_isRefused_andChangesNothing() {
        script.play("""
                a open L lock          | a created
                b open V value q 0     | b created
                close a                | -
                """);
        long revision = script.kernel().revision();
        script.play("""
                a lock.acquire L       | a SESSION_ENDED
                a again 1              | a SESSION_ENDED
                b lock.acquire L 0     | b granted #1
                """);
        assertThat(script.kernel().revision()).isEqualTo(revision + 1);
    }

    @Test
    void command_ofASessionThatNeverWas_isRefused() {
        Applied applied = script.apply(script.item(new SessionId(77), LockWords.acquire(new ObjectId(1))));
        assertThat(applied.completions()).hasSize(1);
        assertThat(applied.completions().get(0).outcome().getRefused().getCode())
                .isEqualTo(RefusalCode.SESSION_ENDED);
    }
}
