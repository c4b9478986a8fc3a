// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects without a name, which live while a session has a handle to them or another object refers to them. */
class AnonymousTest {
    private final Script script = new Script();

    @Test
    void create_makesANewObjectEveryTime() {
        script.play("""
                a create X lock               | a created
                a create Y lock               | a created
                a lock.acquire X              | a granted #1
                // any session that knows it may use it
                b lock.acquire Y 0            | b granted #2
                b lock.acquire X              | -
                """);
        assertThat(script.object("Y")).isGreaterThan(script.object("X"));
        assertThat(script.inspect(script.object("X")).getName()).isEmpty();
    }

    @Test
    void create_sentAgain_isTheSameObject() {
        script.play("""
                a create X event              | a created
                a again 1                     | a created
                """);
        assertThat(script.view().scan(Tables.OBJECTS, Tables.OBJECTS.key(), 5)).hasSize(1);
    }

    @Test
    void drop_ofTheHandle_endsTheObject() {
        script.play("""
                a create X lock               | a created
                a lock.acquire X              | a granted #1
                b lock.acquire X              | -
                // only its own session has a handle
                b drop X                      | b false
                a drop X                      | b OBJECT_DELETED, a true
                a drop X                      | a false
                a lock.release X              | a OBJECT_DELETED
                a drop 99999                  | a false
                """);
        assertNothingLeft();
    }

    @Test
    void lastReference_takenFromAQueue_isTheTakersHandle() {
        script.play("""
                a open Q queue                | a created
                a create X event              | a created
                a queue.put Q @X              | a ok
                a drop X                      | a true
                b queue.get Q                 | b got @X
                b event.set X                 | b ok
                b drop X                      | b true
                b event.set X                 | b OBJECT_DELETED
                """);
    }

    @Test
    void lastReference_ofAnAcknowledgedDelivery_isTheConsumersHandle_untilItsSessionEnds() {
        script.play("""
                a open Q queue                | a created
                b queue.receive Q             | -
                a create X event              | a created
                a queue.put Q @X              | b got 1:@X*1, a ok
                close a                       | -
                b queue.ack Q 1               | b ok
                b event.set X                 | b ok
                close b                       | -
                c event.set X                 | c OBJECT_DELETED
                """);
    }

    @Test
    void notTheLastReference_takenFromAQueue_isNoHandle() {
        script.play("""
                a open Q queue                | a created
                a create X event              | a created
                a queue.put Q @X              | a ok
                b queue.get Q                 | b got @X
                b drop X                      | b false
                a drop X                      | a true
                b event.set X                 | b OBJECT_DELETED
                """);
    }

    @Test
    void drop_ofAnObjectWithAName_isNothing() {
        script.play("""
                a open L lock                 | a created
                a drop L                      | a false
                a lock.acquire L              | a granted #1
                """);
    }

    @Test
    void sessionEnd_dropsItsHandles() {
        script.play("""
                a create X event              | a created
                a create Y semaphore 1        | a created
                a create Z lock 5s            | a created
                a semaphore.acquire Y 1       | a ok
                a lock.acquire Z              | a granted #1
                b event.wait X                | -
                c semaphore.acquire Y 2 5s    | -
                c lock.acquire Z              | -
                expire a                      | b OBJECT_DELETED, c OBJECT_DELETED, c OBJECT_DELETED
                tick 10s                      | -
                """);
        assertNothingLeft();
    }

    @Test
    void sessionEnd_frees_beforeItDropsHandles() {
        script.play("""
                a create Y semaphore 1        | a created
                a semaphore.acquire Y 1       | a ok
                b semaphore.acquire Y 1       | -
                c semaphore.acquire Y 1       | -
                close a                       | b ok, c OBJECT_DELETED
                """);
        assertNothingLeft();
    }

    @Test
    void reference_keepsItWithoutAHandle() {
        script.play("""
                a open D dict                 | a created
                a create X lock               | a created
                a dict.put D 1 @X             | a done
                close a                       | -
                b lock.acquire X              | b granted #1
                c lock.acquire X              | -
                b dict.remove D 1             | c OBJECT_DELETED, b done @X
                """);
    }

    @Test
    void handle_keepsItWithoutAReference() {
        script.play("""
                a open D dict                 | a created
                a create X lock               | a created
                b dict.put D 1 @X             | b done
                b dict.remove D 1             | b done @X
                b lock.acquire X 0            | b granted #1
                a drop X                      | a true
                b lock.release X              | b OBJECT_DELETED
                """);
    }

    @Test
    void conditionWithoutAName_keepsItsLock() {
        script.play("""
                a create L lock               | a created
                a create C condition L        | a created
                a drop L                      | a true
                a lock.acquire L              | a granted #1
                a condition.notify C          | a woke 0
                a drop C                      | a true
                a lock.release L              | a OBJECT_DELETED
                a create L lock               | a created
                a create C condition L        | a created
                close a                       | -
                """);
        assertNothingLeft();
    }

    @Test
    void create_withBadParameters_isRefused_andMakesNothing() {
        script.play("""
                a create X semaphore -1       | a INVALID_ARGUMENT
                a create X barrier 0          | a INVALID_ARGUMENT
                a create X condition 99999    | a NO_SUCH_OBJECT
                """);
        Command.Builder nothing = Command.newBuilder().setCreate(CreateObject.getDefaultInstance());
        assertThat(script.call(script.session("a"), nothing).getRefused().getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
        assertNothingLeft();
    }

    private void assertNothingLeft() {
        for (Table<?> table :
                List.of(Tables.OBJECTS, Tables.HANDLES, Tables.HOLDINGS, Tables.WAITERS, Tables.TIMERS, Tables.LOCKS)) {
            assertThat(script.view().scan(table, table.key(), 1))
                    .as("%s", table)
                    .isEmpty();
        }
    }
}
