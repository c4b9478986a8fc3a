// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.time.Timers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries that go by themselves. */
class DictExpiryTest {
    private final Script script = new Script();

    @BeforeEach
    void openDict() {
        script.play("a open D dict | a created");
    }

    @Test
    void entry_livesForItsTime_andNoLonger() {
        script.play("""
                a dict.put D 'a' 1 ttl 5s              | a done
                a dict.put D 'b' 2                     | a done
                a dict.putIfAbsent D 'c' 3 ttl 10s     | a done
                tick 4s                                | -
                a dict.putIfAbsent D 'a' 9             | a not 1
                tick 1s                                | -
                a dict.putIfAbsent D 'a' 4             | a done
                tick 5s                                | -
                """);
        assertThat(Items.of(script, "D")).isEqualTo("'b'=2 'a'=4");
    }

    @Test
    void entry_isGoneBeforeTheCommandsOfItsTime() {
        script.play("a dict.put D 'a' 1 ttl 5s | a done");
        script.tick(5 * Script.SECOND - 1);
        assertThat(Items.of(script, "D")).isEqualTo("'a'=1");
        assertThat(script.kernel().earliestTimer()).isEqualTo(5 * Script.SECOND);
        script.tick(1);
        assertThat(Items.of(script, "D")).isEmpty();
        assertThat(script.kernel().earliestTimer()).isEqualTo(Timers.NEVER);
    }

    @Test
    void everyWrite_setsTheTimeAnew() {
        script.play("""
                a dict.put D 'ever' 1 ttl 5s       | a done
                a dict.put D 'later' 1 ttl 5s          | a done
                a dict.put D 'sooner' 1 ttl 5s         | a done
                a dict.put D 'replaced' 1 ttl 5s       | a done
                a dict.put D 'updated' 1 ttl 5s        | a done
                a dict.put D 'kept' 1 ttl 5s           | a done
                a dict.put D 'ever' 2              | a done 1
                a dict.put D 'later' 2 ttl 7s          | a done 1
                a dict.put D 'sooner' 2 ttl 2s         | a done 1
                a dict.replace D 'replaced' 1 2 ttl 7s | a done 1
                a dict.replace D 'replaced' 1 3        | a not 2
                a dict.update D {'updated':2}          | a ok
                // not written
                a dict.putIfAbsent D 'kept' 2 ttl 9s   | a not 1
                """);
        script.play("tick 2s | -");
        assertThat(Items.of(script, "D")).isEqualTo("'ever'=2 'later'=2 'replaced'=2 'updated'=2 'kept'=1");
        script.play("tick 3s | -");
        assertThat(Items.of(script, "D")).isEqualTo("'ever'=2 'later'=2 'replaced'=2 'updated'=2");
        script.play("tick 2s | -");
        assertThat(Items.of(script, "D")).isEqualTo("'ever'=2 'updated'=2");
        script.play("tick 100s | -");
        assertThat(Items.of(script, "D")).isEqualTo("'ever'=2 'updated'=2");
    }

    @Test
    void time_ofNothing_isRefused_andOneBeyondAllTimes_isForEver() {
        script.play("""
                a dict.put D 'a' 1 ttl 0               | a INVALID_ARGUMENT
                a dict.putIfAbsent D 'a' 1 ttl 0       | a INVALID_ARGUMENT
                a dict.replace D 'a' 1 ttl 0           | a INVALID_ARGUMENT
                a dict.put D 'a' 1 ttl -1              | a done
                a dict.put D 'b' 2 ttl 9223372036854775807 | a done
                tick 1000s                             | -
                """);
        assertThat(Items.of(script, "D")).isEqualTo("'a'=1 'b'=2");
    }

    @Test
    void removedAndPoppedEntries_leaveNothingThatFires() {
        script.play("""
                a dict.put D 'a' 1 ttl 5s              | a done
                a dict.put D 'b' 2 ttl 6s              | a done
                a dict.remove D 'a'                    | a done 1
                a dict.popItem D                       | a done 'b' 2
                a dict.put D 'a' 3                     | a done
                tick 10s                               | -
                """);
        assertThat(Items.of(script, "D")).isEqualTo("'a'=3");
        assertThat(rows(Tables.DICT_EXPIRIES)).isZero();
        assertThat(rows(Tables.TIMERS)).isZero();
    }

    @Test
    void clearedAndDeletedDicts_leaveNothingThatFires() {
        script.play("""
                a dict.put D 'a' 1 ttl 5s              | a done
                a dict.clear D                         | a ok
                """);
        assertThat(rows(Tables.DICT_EXPIRIES)).isZero();
        assertThat(rows(Tables.TIMERS)).isZero();
        script.play("""
                a dict.put D 'b' 1 ttl 5s              | a done
                a delete D                             | a true
                """);
        assertThat(rows(Tables.DICT_EXPIRIES)).isZero();
        assertThat(rows(Tables.TIMERS)).isZero();
        script.play("tick 10s | -");
    }

    @Test
    void expiredEntry_releasesWhatItReferredTo() {
        script.play("""
                a open L lock                          | a created
                a dict.put D 'lock' @L ttl 5s          | a done
                a dict.put D 'both' [@L] ttl 6s        | a done
                a delete L                             | a true
                b lock.acquire L                       | b granted #1
                a lock.acquire L                       | -
                tick 5s                                | -
                tick 1s                                | a OBJECT_DELETED
                """);
    }

    @Test
    void dict_mayGoWithTheEntryThatReferredToIt() {
        script.play("""
                a dict.put D 'myself' @D ttl 5s        | a done
                a dict.put D 'other' 1 ttl 5s          | a done
                a delete D                             | a true
                tick 5s                                | -
                a dict.put D 1 1                       | a OBJECT_DELETED
                """);
        assertThat(rows(Tables.DICT_ENTRIES)).isZero();
    }

    @Test
    void manyEntriesOfOneTime_goSomeWithEachEntryOfTheLog() {
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        for (int i = 0; i < 2_500; i++) {
            script.call(a, DictWords.living(DictWords.put(dict, Texts.integer(i), Texts.integer(i)), 5));
        }
        int before = 2_500;
        for (script.tick(5); rows(Tables.DICT_ENTRIES) > 0; script.tick(1)) {
            assertThat(rows(Tables.DICT_ENTRIES)).isBetween(before - 1_000, before - 1);
            assertThat(script.kernel().earliestTimer())
                    .isEqualTo(script.kernel().logTime() + 1);
            before = rows(Tables.DICT_ENTRIES);
        }
        assertThat(before).isLessThan(2_500);
        assertThat(script.kernel().earliestTimer()).isEqualTo(Timers.NEVER);
    }

    @Test
    void restartedNode_goesOnWaiting() {
        script.play("""
                a dict.put D 'a' 1 ttl 5s              | a done
                restart                                | -
                tick 5s                                | -
                a dict.putIfAbsent D 'a' 2             | a done
                """);
    }

    private int rows(Table<?> table) {
        return script.view().scan(table, table.key(), Integer.MAX_VALUE).size();
    }
}
