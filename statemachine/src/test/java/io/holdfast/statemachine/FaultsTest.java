// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.rows.EventRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when a room meets something that cannot be: here, a row that is gone from under it. */
class FaultsTest {
    private final Script script = new Script();

    @BeforeEach
    void open() {
        script.play("""
                a open L lock          | a created
                a open M lock          | a created
                a open E event         | a created
                a open V value q 0     | a created
                a lock.acquire L       | a granted #1
                """);
    }

    @Test
    void commandThatMeetsAFault_isUndoneAndAnsweredInternal() {
        script.play("""
                b event.wait E         | -
                c event.wait E 5s      | -
                """);
        long sessions = script.kernel().sessionCount();
        // b is granted first, then c's row is missed
        loseWaiter("E", 2);
        script.play("a event.set E | a INTERNAL");
        assertThat(row("E").getSet()).isFalse();
        assertThat(script.kernel().sessionCount()).isEqualTo(sessions);
        assertThat(script.view().scan(Tables.PARKED, Tables.PARKED.key(), 10)).hasSize(2);
        script.play("""
                // kept like any outcome, and the rest goes on
                a again 6              | a INTERNAL
                b again 1              | -
                a value.addGet V 1     | a 1
                """);
    }

    @Test
    void timerThatMeetsAFault_doesNotStopTheOthers() {
        script.play("""
                b event.wait E 5s      | -
                c lock.acquire L 5s    | -
                """);
        loseWaiter("E", 1);
        script.play("""
                tick 5s                | c timed-out
                tick 5s                | -
                a lock.release L       | a ok
                """);
    }

    @Test
    void sessionEndThatMeetsAFault_stillFreesTheRest() {
        script.play("""
                a lock.acquire M       | a granted #2
                a event.wait E         | -
                b lock.acquire L       | -
                c lock.acquire M       | -
                """);
        loseWaiter("E", 1);
        lose(Tables.LOCKS, Tables.LOCKS.key(script.object("L").value()));
        script.play("""
                close a                | c granted #3
                a lock.acquire M       | a SESSION_ENDED
                """);
    }

    @Test
    void itemThatIsUnknown_stopsTheNode() {
        assertThatThrownBy(() -> script.apply(LogItem.getDefaultInstance()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Upgrade");
    }

    @Test
    void serviceThatMeetsAFault_isGivenUp_andTheRestGoesOn() {
        script.play("""
                b event.wait E         | -
                c event.wait E         | -
                d event.wait E         | -
                """);
        loseWaiter("E", 3);
        script.work(1);
        script.play("a event.set E | b ok, a ok");
        script.finish();
        script.work(0);
        assertThat(script.view().scan(Tables.SERVED, Tables.SERVED.key(), 1)).isEmpty();
        script.play("a value.addGet V 1     | a 1");
    }

    @Test
    void sweepThatMeetsAFault_isGivenUp_andTheRestGoesOn() {
        script.play("""
                a open D dict          | a created
                a dict.put D 1 1       | a done
                a open F dict          | a created
                a dict.put F 1 1       | a done
                """);
        long contents = script.object("D").value();
        lose(
                Tables.DICT_ENTRIES,
                script.view()
                        .scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(contents), 1)
                        .get(0)
                        .key());
        script.play("""
                a delete D             | a true
                a delete F             | a true
                a value.addGet V 1     | a 1
                """);
        assertThat(script.view().scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1)).isEmpty();
        assertThat(script.view().scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(), 1))
                .isEmpty();
    }

    @Test
    void openingThatMeetsAFault_isUndone_andTheRestGoesOn() {
        Rows rows = new Rows(script.store());
        long next = script.kernel().revision() + 1;
        rows.insert(Tables.SESSIONS, Tables.SESSIONS.key(next), SessionRow.getDefaultInstance());
        rows.commit();
        script.restart();
        long sessions = script.kernel().sessionCount();
        LogItem opening =
                LogItem.newBuilder().setOpen(OpenSession.getDefaultInstance()).build();
        assertThat(script.apply(opening, opening).opened()).containsExactly(new SessionId(next + 1));
        assertThat(script.kernel().sessionCount()).isEqualTo(sessions + 1);
    }

    @Test
    void entryThatWasApplied_isNotAppliedAgain() {
        Kernel kernel = script.kernel();
        assertThatThrownBy(() -> kernel.apply(kernel.appliedIndex(), 1, LogEntry.getDefaultInstance(), Onlooker.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void loseWaiter(String name, int place) {
        ObjectId object = script.object(name);
        long ticket = row(name).getWaiters().getHead();
        for (int i = 1; i < place; i++) {
            ticket = script.view()
                    .require(Tables.WAITERS, Tables.WAITERS.key(object.value(), ticket))
                    .getAfter();
        }
        lose(Tables.WAITERS, Tables.WAITERS.key(object.value(), ticket));
    }

    private EventRow row(String name) {
        return script.view()
                .require(Tables.EVENTS, Tables.EVENTS.key(script.object(name).value()));
    }

    /** Removes the row from the store, and goes on with a kernel that has not read it. */
    private void lose(Table<?> table, Key key) {
        Rows rows = new Rows(script.store());
        rows.delete(table, key);
        rows.commit();
        script.restart();
    }
}
