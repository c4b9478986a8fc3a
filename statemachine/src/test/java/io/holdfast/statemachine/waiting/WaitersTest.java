// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.event.EventWords;
import io.holdfast.statemachine.lock.LockWords;
import io.holdfast.statemachine.rows.EventRow;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import org.junit.jupiter.api.Test;

class WaitersTest {
    private final Script script = new Script();

    @Test
    void waitersOverTheBound_areRefused_othersGoOn() {
        script.play("""
                a open L lock          | a created
                a open E event         | a created
                a lock.acquire L       | a granted #1
                """);
        pretendLength(Limits.WAITERS_PER_OBJECT);

        Refusal lock = script.call(script.session("b"), LockWords.acquire(script.object("L")))
                .getRefused();
        Refusal event = script.call(script.session("b"), EventWords.await(script.object("E"), 5))
                .getRefused();

        assertThat(lock.getCode()).isEqualTo(RefusalCode.RESOURCE_EXHAUSTED);
        assertThat(lock.getBound()).isEqualTo("waiters-per-object");
        assertThat(event.getCode()).isEqualTo(RefusalCode.RESOURCE_EXHAUSTED);
        script.play("""
                // what does not wait is not bounded
                b lock.acquire L 0     | b timed-out
                b event.wait E 0       | b timed-out
                a lock.release L       | a ok
                """);
        pretendLength(0);
        script.play("b lock.acquire L | b granted #2");
    }

    /** Writes lengths of queues that would take long to get at. */
    private void pretendLength(int length) {
        Rows rows = new Rows(script.store());
        Key lock = Tables.LOCKS.key(script.object("L").value());
        LockRow.Builder lockRow = rows.require(Tables.LOCKS, lock).toBuilder();
        lockRow.getWaitersBuilder().setLength(length);
        rows.update(Tables.LOCKS, lock, lockRow.build());
        Key event = Tables.EVENTS.key(script.object("E").value());
        EventRow.Builder eventRow = rows.require(Tables.EVENTS, event).toBuilder();
        eventRow.getWaitersBuilder().setLength(length);
        rows.update(Tables.EVENTS, event, eventRow.build());
        rows.commit();
        script.restart();
    }
}
