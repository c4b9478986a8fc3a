// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.semaphore;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.SemaphoreCommand;
import io.holdfast.protocol.v1.SemaphoreInspection;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

class SemaphoreTest {
    private final Script script = new Script();

    @Test
    void acquire_followsTheTable() {
        script.play("""
                a open S semaphore 3          | a created
                a semaphore.acquire S 2       | a ok
                b semaphore.acquire S 1 0     | b ok
                b semaphore.acquire S 1 0     | b timed-out
                b semaphore.acquire S 1 5s    | -
                tick 5s                       | b timed-out
                b semaphore.acquire S 1       | -
                a semaphore.release S 1       | b ok, a ok
                """);
    }

    @Test
    void acquire_isServedInTheOrderOfArrival_evenIfTheFirstWantsMany() {
        script.play("""
                a open S semaphore 2          | a created
                a semaphore.acquire S 1       | a ok
                b semaphore.acquire S 2       | -
                // one is there, but b is first
                c semaphore.acquire S 1 0     | c timed-out
                c semaphore.acquire S 1       | -
                d semaphore.acquire S 1       | -
                a semaphore.release S 1       | b ok, a ok
                b semaphore.release S 2       | c ok, d ok, b ok
                """);
    }

    @Test
    void waiterThatLeaves_letsThoseBehindItGoOn() {
        script.play("""
                a open S semaphore 2          | a created
                a semaphore.acquire S 1       | a ok
                b semaphore.acquire S 2 5s    | -
                c semaphore.acquire S 1       | -
                tick 5s                       | b timed-out, c ok
                c semaphore.release S 1       | c ok
                b semaphore.acquire S 2       | -
                c semaphore.acquire S 1       | -
                b cancel 2                    | b CANCELLED, c ok, b true
                c semaphore.release S 1       | c ok
                b semaphore.acquire S 2       | -
                c semaphore.acquire S 1       | -
                expire b                      | c ok
                """);
    }

    @Test
    void release_servesAsManyAsThereArePermitsFor() {
        script.play("""
                a open S semaphore 0          | a created
                b semaphore.acquire S 2       | -
                c semaphore.acquire S 3       | -
                d semaphore.acquire S 1       | -
                a semaphore.release S 4       | b ok, a ok
                a semaphore.release S 2       | c ok, d ok, a ok
                a semaphore.acquire S 1 0     | a timed-out
                """);
    }

    @Test
    void drain_takesAllThereAre_unlessOthersWait() {
        script.play("""
                a open S semaphore 5          | a created
                a semaphore.acquire S 2       | a ok
                b semaphore.drain S           | b drained 3
                b semaphore.drain S           | b drained 0
                b semaphore.release S 2       | b ok
                c semaphore.acquire S 3       | -
                d semaphore.drain S           | d drained 0
                close b                       | c ok
                """);
        assertThat(inspect().getHoldersTotal()).isEqualTo(2);
    }

    @Test
    void release_ofWhatOthersHold_addsPermits() {
        script.play("""
                a open S semaphore 1          | a created
                a semaphore.acquire S 1       | a ok
                b semaphore.release S 2       | b ok
                b semaphore.acquire S 3 0     | b timed-out
                b semaphore.acquire S 2 0     | b ok
                // a still holds its own, and gives it back with one more
                a semaphore.release S 2       | a ok
                """);
        assertThat(inspect().getAvailable()).isEqualTo(2);
        assertThat(inspect().getHoldersList()).hasSize(1);
        assertThat(inspect().getHolders(0).getOwner().getClientName()).isEqualTo("b");
        assertThat(inspect().getHolders(0).getPermits()).isEqualTo(2);
    }

    @Test
    void bounded_refusesAReleaseOfTooMany_allOrNothing() {
        script.play("""
                a open S semaphore 3 bounded  | a created
                a semaphore.release S 1       | a OVER_RELEASE
                a semaphore.acquire S 1       | a ok
                a semaphore.release S 2       | a OVER_RELEASE
                // none was returned
                b semaphore.acquire S 3 0     | b timed-out
                b semaphore.acquire S 2 0     | b ok
                a semaphore.release S 1       | a ok
                a semaphore.release S 1       | a ok
                """);
    }

    @Test
    void bounded_neverHasMoreThanItBeganWith() {
        script.play("""
                a open S semaphore 2 bounded  | a created
                a semaphore.acquire S 3 0     | a timed-out
                a semaphore.acquire S 3       | a INVALID_ARGUMENT
                a semaphore.acquire S 3 5s    | a INVALID_ARGUMENT
                a open Z semaphore 0 bounded  | a created
                a semaphore.acquire Z 1 0     | a timed-out
                """);
    }

    @Test
    void sessionEnd_returnsWhatItHolds_once() {
        script.play("""
                a open S semaphore 3          | a created
                b semaphore.acquire S 2       | b ok
                b semaphore.release S 1       | b ok
                b semaphore.acquire S 2       | b ok
                c semaphore.acquire S 1       | -
                d semaphore.acquire S 2       | -
                expire b                      | c ok, d ok
                close c                       | -
                d semaphore.release S 2       | d ok
                """);
        assertThat(inspect().getAvailable()).isEqualTo(3);
        assertThat(inspect().getHoldersTotal()).isZero();
    }

    @Test
    void sessionEnd_ofABoundedOne_returnsNoMoreThanAreMissing() {
        script.play("""
                a open S semaphore 2 bounded  | a created
                b semaphore.acquire S 2       | b ok
                c semaphore.release S 1       | c ok
                close b                       | -
                a semaphore.release S 1       | a OVER_RELEASE
                """);
        assertThat(inspect().getAvailable()).isEqualTo(2);
    }

    @Test
    void sessionEnd_grantsNothingToItsOwnWaits() {
        script.play("""
                a open S semaphore 1 none     | a created
                b semaphore.acquire S 2       | -
                b semaphore.acquire S 1       | -
                expire b                      | -
                a semaphore.acquire S 1 0     | a ok
                """);
    }

    @Test
    void ownershipNone_returnsNothing() {
        script.play("""
                a open S semaphore 2 none     | a created
                b semaphore.acquire S 2       | b ok
                expire b                      | -
                a semaphore.acquire S 1 0     | a timed-out
                a semaphore.release S 1       | a ok
                a semaphore.drain S           | a drained 1
                """);
        assertThat(inspect().getHoldersList()).isEmpty();
    }

    @Test
    void permits_haveALimit() {
        script.play("""
                a open S semaphore 2147483647              | a created
                a semaphore.release S 1                    | a OVER_RELEASE
                a semaphore.acquire S 2147483647           | a ok
                b semaphore.release S 2147483647           | b ok
                // what there is too much of goes
                close a                                    | -
                b semaphore.drain S                        | b drained 2147483647
                b open T semaphore 2147483648              | b INVALID_ARGUMENT
                b open T semaphore -1                      | b INVALID_ARGUMENT
                b semaphore.acquire S 0                    | b INVALID_ARGUMENT
                b semaphore.acquire S -1 0                 | b INVALID_ARGUMENT
                b semaphore.acquire S 2147483648           | b INVALID_ARGUMENT
                b semaphore.release S 0                    | b INVALID_ARGUMENT
                b semaphore.release S 2147483648           | b INVALID_ARGUMENT
                """);
    }

    @Test
    void delete_endsTheWaits_andLeavesNothing() {
        script.play("""
                a open S semaphore 2          | a created
                a semaphore.acquire S 1       | a ok
                b semaphore.acquire S 1       | b ok
                c semaphore.acquire S 2 5s    | -
                b delete S                    | c OBJECT_DELETED, b true
                a semaphore.release S 1       | a OBJECT_DELETED
                tick 10s                      | -
                """);
        for (Table<?> table : List.of(Tables.SEMAPHORES, Tables.SEMAPHORE_HOLDERS, Tables.HOLDINGS, Tables.WAITERS)) {
            assertThat(script.view().scan(table, table.key(), 1))
                    .as("%s", table)
                    .isEmpty();
        }
        script.play("close a | -");
    }

    @Test
    void inspect_tellsHoldersAndWaiters() {
        script.play("""
                a open S semaphore 3          | a created
                a semaphore.acquire S 2       | a ok
                b semaphore.acquire S 2       | -
                """);
        assertThat(inspect().getAvailable()).isEqualTo(1);
        assertThat(inspect().getHoldersTotal()).isEqualTo(1);
        assertThat(inspect().getHolders(0).getPermits()).isEqualTo(2);
        assertThat(inspect().getWaiters().getFirst(0).getPermits()).isEqualTo(2);
    }

    @Test
    void open_withOtherParameters_isRefused() {
        script.play("""
                a open S semaphore 3          | a created
                b open S semaphore 3          | b opened
                b open S semaphore 2          | b OBJECT_MISMATCH
                b open S semaphore 3 bounded  | b OBJECT_MISMATCH
                b open S semaphore 3 none     | b OBJECT_MISMATCH
                """);
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        script.play("a open S semaphore 1 | a created");
        Command.Builder command = Command.newBuilder()
                .setSemaphore(SemaphoreCommand.newBuilder()
                        .setObject(script.object("S").value()));
        assertThat(script.call(script.session("a"), command).getRefused().getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
    }

    private SemaphoreInspection inspect() {
        return script.inspect(script.object("S")).getSemaphore();
    }
}
