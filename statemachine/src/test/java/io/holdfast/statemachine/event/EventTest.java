// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventInspection;
import io.holdfast.protocol.v1.EventIsSet;
import io.holdfast.protocol.v1.EventQuery;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import org.junit.jupiter.api.Test;

class EventTest {
    private final Script script = new Script();

    @Test
    void wait_followsTheTable() {
        script.play("""
                a open E event         | a created
                // clear: at once, for a while, without end
                a event.wait E 0       | a timed-out
                a event.wait E 5s      | -
                b event.wait E         | -
                tick 5s                | a timed-out
                a event.set E          | b ok, a ok
                // set: whatever the timeout
                a event.wait E 0       | a ok
                a event.wait E 5s      | a ok
                a event.wait E         | a ok
                a event.clear E        | a ok
                a event.wait E 0       | a timed-out
                """);
    }

    @Test
    void set_wakesAllInOrder_evenIfAClearFollowsInTheSameEntry() {
        script.play("""
                a open E event         | a created
                c event.wait E         | -
                b event.wait E 5s      | -
                c event.wait E 5s      | -
                """);
        var e = script.object("E");
        var a = script.session("a");
        script.apply(script.item(a, EventWords.set(e)), script.item(a, EventWords.clear(e)));
        assertThat(script.told()).isEqualTo("c ok, b ok, c ok, a ok, a ok");
        script.play("tick 10s | -");
        assertThat(isSet()).isFalse();
    }

    @Test
    void setAndClear_areTheSameTwice() {
        script.play("""
                a open E event         | a created
                a event.clear E        | a ok
                a event.set E          | a ok
                a event.set E          | a ok
                b event.wait E 0       | b ok
                a event.clear E        | a ok
                a event.clear E        | a ok
                b event.wait E 0       | b timed-out
                """);
    }

    @Test
    void wait_ofASessionThatEnds_isGone() {
        script.play("""
                a open E event         | a created
                b event.wait E 5s      | -
                c event.wait E         | -
                expire b               | -
                tick 10s               | -
                a event.set E          | c ok, a ok
                """);
    }

    @Test
    void delete_endsTheWaits() {
        script.play("""
                a open E event         | a created
                b event.wait E 5s      | -
                b event.wait E         | -
                a delete E             | b OBJECT_DELETED, b OBJECT_DELETED, a true
                tick 10s               | -
                a event.set E          | a OBJECT_DELETED
                """);
    }

    @Test
    void inspect_tellsFlagAndWaiters() {
        script.play("""
                a open E event         | a created
                b event.wait E         | -
                """);
        EventInspection told = script.inspect(script.object("E")).getEvent();
        assertThat(told.getSet()).isFalse();
        assertThat(told.getWaiters().getTotal()).isEqualTo(1);
        assertThat(told.getWaiters().getFirst(0).getOwner().getClientName()).isEqualTo("b");
        script.play("a event.set E | b ok, a ok");
        assertThat(script.inspect(script.object("E")).getEvent().getSet()).isTrue();
    }

    @Test
    void isSet_isAsked() {
        script.play("a open E event | a created");
        assertThat(isSet()).isFalse();
        script.play("a event.set E | a ok");
        assertThat(isSet()).isTrue();
        assertThat(script.ask(Query.newBuilder()
                                .setEvent(EventQuery.newBuilder()
                                        .setObject(99)
                                        .setIsSet(EventIsSet.getDefaultInstance())))
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.NO_SUCH_OBJECT);
        assertThat(script.ask(Query.newBuilder()
                                .setEvent(EventQuery.newBuilder()
                                        .setObject(script.object("E").value())))
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
    }

    private boolean isSet() {
        return script.ask(Query.newBuilder()
                        .setEvent(EventQuery.newBuilder()
                                .setObject(script.object("E").value())
                                .setIsSet(EventIsSet.getDefaultInstance())))
                .getEvent()
                .getSet();
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        script.play("a open E event | a created");
        Outcome outcome = script.call(
                script.session("a"),
                Command.newBuilder()
                        .setEvent(EventCommand.newBuilder()
                                .setObject(script.object("E").value())));
        assertThat(outcome.getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void commandToAnotherObject_isRefused() {
        script.play("""
                a open D dict          | a created
                a event.set D          | a OBJECT_MISMATCH
                a event.wait 99999     | a NO_SUCH_OBJECT
                a delete D             | a true
                a event.clear D        | a OBJECT_DELETED
                """);
    }
}
