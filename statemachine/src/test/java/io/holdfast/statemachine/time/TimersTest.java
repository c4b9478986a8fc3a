// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.event.EventWords;
import io.holdfast.statemachine.store.Tables;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimersTest {
    private final Script script = new Script();

    @Test
    void timers_fireByDeadlineThenObjectThenTicket() {
        script.play("""
                a open E event         | a created
                a open F event         | a created
                c event.wait F 5s      | -
                d event.wait E 6s      | -
                b event.wait F 5s      | -
                a event.wait E 5s      | -
                e event.wait F 4s      | -
                tick 6s                | e timed-out, a timed-out, c timed-out, b timed-out, d timed-out
                """);
    }

    @Test
    void timers_fireBeforeTheItemsOfTheirEntry() {
        script.play("""
                a open E event         | a created
                b event.wait E 5s      | -
                """);
        var set = script.item(script.session("a"), EventWords.set(script.object("E")));
        script.apply(5 * Script.SECOND, set);
        assertThat(script.told()).isEqualTo("b timed-out, a ok");
    }

    @Test
    void logTime_neverGoesBack() {
        script.play("""
                a open E event         | a created
                tick 5s                | -
                b event.wait E 5s      | -
                """);
        script.apply(1);
        assertThat(script.kernel().logTime()).isEqualTo(5 * Script.SECOND);
        script.apply(10 * Script.SECOND - 1);
        assertThat(script.told()).isEqualTo("-");
        script.apply(10 * Script.SECOND);
        assertThat(script.told()).isEqualTo("b timed-out");
    }

    @Test
    void manyThatAreDueAtOnce_fireInTheirOrder_someWithEachEntry() {
        script.play("a open E event | a created");
        for (int i = 0; i < 5_000; i++) {
            script.send(script.session("b"), EventWords.await(script.object("E"), 1 + i % 7));
        }
        script.tick(10);
        List<Applied> entries = script.finish();
        assertThat(entries)
                .hasSizeGreaterThan(2)
                .allMatch(entry -> !entry.completions().isEmpty());
        assertThat(entries.stream().flatMap(entry -> entry.completions().stream()))
                .extracting(Applied.Completion::sequence)
                .hasSize(5_000)
                .isSortedAccordingTo(Comparator.<Long>comparingLong(sequence -> (sequence - 1) % 7)
                        .thenComparing(sequence -> sequence));
        assertThat(script.view().scan(Tables.TIMERS, Tables.TIMERS.key(), 1)).isEmpty();
        assertThat(script.kernel().earliestTimer()).isEqualTo(Timers.NEVER);
    }

    @Test
    void earliestTimer_isNeverLate() {
        script.play("a open E event | a created\ntick 1s | -");
        assertThat(script.kernel().earliestTimer()).isEqualTo(Timers.NEVER);
        script.play("b event.wait E 5s | -");
        assertThat(script.kernel().earliestTimer()).isEqualTo(6 * Script.SECOND);
        script.play("c event.wait E 3s | -");
        assertThat(script.kernel().earliestTimer()).isEqualTo(4 * Script.SECOND);
        script.play("tick 3s | c timed-out");
        assertThat(script.kernel().earliestTimer()).isEqualTo(6 * Script.SECOND);
        script.restart();
        assertThat(script.kernel().earliestTimer()).isLessThanOrEqualTo(6 * Script.SECOND);
        script.play("tick 0s | -");
        assertThat(script.kernel().earliestTimer()).isEqualTo(6 * Script.SECOND);
        script.play("tick 2s | b timed-out");
    }

    @Test
    void deadline_isNeverBeyondWhatATimerCanHave() {
        assertThat(Timers.deadline(5, 7)).isEqualTo(12);
        assertThat(Timers.deadline(5, Long.MAX_VALUE)).isEqualTo(Timers.NEVER - 1);
        assertThat(Timers.deadline(0, Long.MAX_VALUE)).isEqualTo(Timers.NEVER - 1);
        assertThat(Timers.deadline(5, -1)).isEqualTo(Timers.NEVER - 1);
        assertThat(Timers.deadline(5, Long.MIN_VALUE)).isEqualTo(Timers.NEVER - 1);
    }
}
