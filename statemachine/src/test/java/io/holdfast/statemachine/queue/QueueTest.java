// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.QueueAnswer;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueFind;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.protocol.v1.QueuePage;
import io.holdfast.protocol.v1.QueueQuery;
import io.holdfast.protocol.v1.QueueRemove;
import io.holdfast.protocol.v1.QueueSize;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Putting, getting, waiting, and being done; {@link DeliveryTest} has what is received. */
class QueueTest {
    private final Script script = new Script();

    @Test
    void items_comeOutInTheOrderTheyWentIn_manyWithOneCommand() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1               | a ok
                b queue.put Q 2 null 3        | b ok
                c queue.get Q                 | c got 1
                c queue.get Q 5               | c got 2 null 3
                c queue.get Q 5 within 0      | c timed-out
                """);
    }

    @Test
    void getters_areServedInTheOrderTheyCame() {
        script.play("""
                a open Q queue                | a created
                b queue.get Q                 | -
                c queue.get Q 3 within 5s     | -
                d queue.get Q                 | -
                a queue.put Q 1 2 3 4 5       | b got 1, c got 2 3 4, d got 5, a ok
                b queue.get Q within 5s       | -
                tick 5s                       | b timed-out
                a queue.put Q 6               | a ok
                b queue.get Q                 | b got 6
                """);
    }

    @Test
    void getter_thatGaveUp_takesNothing() {
        script.play("""
                a open Q queue                | a created
                b queue.get Q                 | -
                b cancel 1                    | b CANCELLED, b true
                c queue.get Q                 | -
                expire c                      | -
                a queue.put Q 1               | a ok
                a queue.get Q                 | a got 1
                // too late: it has been granted
                b queue.get Q                 | -
                a queue.put Q 2               | b got 2, a ok
                b cancel 3                    | b false
                """);
    }

    @Test
    void put_waitsUntilThereIsRoomForAll_andNobodyOvertakes() {
        script.play("""
                a open Q queue max 2          | a created
                a queue.put Q 1 2             | a ok
                a queue.put Q 3 within 0      | a timed-out
                b queue.put Q 3 4             | -
                c queue.put Q 5 within 5s     | -
                // there is room for one, but b is first
                a queue.get Q                 | a got 1
                d queue.put Q 6 within 0      | d timed-out
                a queue.get Q                 | b ok, a got 2
                tick 5s                       | c timed-out
                a queue.get Q 9               | a got 3 4
                """);
    }

    @Test
    void putter_thatLeaves_letsThoseBehindItGoOn() {
        script.play("""
                a open Q queue max 2          | a created
                a queue.put Q 1               | a ok
                b queue.put Q 2 3             | -
                c queue.put Q 4               | -
                b cancel 1                    | b CANCELLED, c ok, b true
                b queue.put Q 2               | -
                expire b                      | -
                a queue.get Q 9               | a got 1 4
                """);
    }

    @Test
    void put_ofMoreThanItEverHolds_isRefused() {
        script.play("""
                a open Q queue max 2          | a created
                a queue.put Q 1 2 3           | a INVALID_ARGUMENT
                a queue.put Q 1 2 3 within 0  | a INVALID_ARGUMENT
                a queue.put Q                 | a INVALID_ARGUMENT
                a queue.put Q 1 ?             | a INVALID_ARGUMENT
                a queue.put Q 1 @999999       | a NO_SUCH_OBJECT
                a queue.get Q 0               | a INVALID_ARGUMENT
                a queue.get Q 10001           | a INVALID_ARGUMENT
                a queue.get Q 10000 within 0  | a timed-out
                """);
        List<Value> many = Collections.nCopies(Limits.BULK_VALUES + 1, Texts.integer(1));
        Outcome outcome = script.call(script.session("a"), QueueWords.put(script.object("Q"), many, null));
        assertThat(outcome.getRefused().getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(outcome.getRefused().getBound()).isEqualTo("bulk-values");
    }

    @Test
    void maxsizeOfZeroOrLess_isNoBound_andOneAndTheSame() {
        script.play("""
                a open Q queue max -1                      | a created
                b open Q queue                             | b opened
                b open Q queue max -7                      | b opened
                b open Q queue max 1                       | b OBJECT_MISMATCH
                b open Q queue deliveries 1                | b OBJECT_MISMATCH
                b open D queue deliveries 1 dead Q         | b created
                b open D queue deliveries 1                | b OBJECT_MISMATCH
                b open E queue dead Q                      | b INVALID_ARGUMENT
                b open E queue deliveries -1               | b INVALID_ARGUMENT
                b open E queue deliveries 1 dead 999999    | b NO_SUCH_OBJECT
                b open L event                             | b created
                b open E queue deliveries 1 dead L         | b OBJECT_MISMATCH
                """);
    }

    @Test
    void taskDone_countsWhatWasPut_andJoinWaitsForIt() {
        script.play("""
                a open Q queue                | a created
                a queue.join Q                | a ok
                a queue.done Q 1              | a OVER_RELEASE
                a queue.put Q 1 2 3           | a ok
                b queue.join Q within 0       | b timed-out
                b queue.join Q                | -
                c queue.join Q within 5s      | -
                tick 5s                       | c timed-out
                c queue.join Q                | -
                // as Python: what is in the queue still can be said to be done
                a queue.done Q 0              | a INVALID_ARGUMENT
                a queue.done Q 4              | a OVER_RELEASE
                a queue.done Q 2              | a ok
                a queue.get Q 3               | a got 1 2 3
                a queue.done Q 1              | b ok, c ok, a ok
                a queue.done Q 1              | a OVER_RELEASE
                """);
    }

    @Test
    void removedItems_areDoneWith_andMakeRoom() {
        script.play("""
                a open Q queue max 3          | a created
                a queue.put Q 1 2 1           | a ok
                b queue.put Q 4               | -
                c queue.join Q                | -
                // the first that is equal
                a queue.remove Q 1            | b ok, a removed
                a queue.remove Q 7            | a not
                a queue.remove Q 1.0          | a not
                a queue.remove Q ?            | a INVALID_ARGUMENT
                a queue.removeItem Q 2        | a true
                a queue.removeItem Q 2        | a false
                a queue.removeItem Q -2       | a false
                a queue.get Q 9               | a got 1 4
                a queue.put Q 5 6 7           | a ok
                b queue.put Q 8 9             | -
                a queue.clear Q               | b ok, a ok
                a queue.get Q 9               | a got 8 9
                a queue.clear Q               | a ok
                a queue.done Q 4              | c ok, a ok
                """);
    }

    @Test
    void clear_leavesTheRestToBeSwept() {
        script.play("a open Q queue | a created");
        List<Value> many = Collections.nCopies(1_000, Texts.integer(7));
        script.send(script.session("a"), QueueWords.put(script.object("Q"), many, null));
        script.work(500);
        script.play("a queue.clear Q | a ok");
        assertThat(inspect().getSize()).isZero();
        assertThat(script.view().scan(Tables.QUEUE_ITEMS, Tables.QUEUE_ITEMS.key(), 5_000))
                .hasSizeBetween(1, 999);
        script.play("a queue.put Q 8 | a ok");
        script.play("a queue.get Q   | a got 8");
        assertThat(script.finish()).hasSizeGreaterThan(1);
        assertThat(script.view().scan(Tables.QUEUE_ITEMS, Tables.QUEUE_ITEMS.key(), 1))
                .isEmpty();
    }

    @Test
    void get_endsAPageThatIsLarge_butHasOneItemAtLeast() {
        script.play("a open Q queue | a created");
        Value large = Texts.text("x".repeat(Limits.PAGE_BYTES / 2));
        Value tooLarge = Texts.text("x".repeat(Limits.PAGE_BYTES + 1));
        script.send(
                script.session("a"), QueueWords.put(script.object("Q"), List.of(tooLarge, large, large, large), null));
        assertThat(taken(10)).isEqualTo(1);
        assertThat(taken(10)).isEqualTo(2);
        assertThat(taken(10)).isEqualTo(1);
    }

    private int taken(int max) {
        Outcome outcome = script.call(script.session("a"), QueueWords.get(script.object("Q"), max, 0L));
        return outcome.getDone().getQueue().getItems().getItemsCount();
    }

    @Test
    void references_keepTheirObjectsWhileTheyAreInTheQueue() {
        script.play("""
                a open Q queue max 1          | a created
                a create E event              | a created
                a create F event              | a created
                a queue.put Q @E              | a ok
                // one that waits to be put too
                b queue.put Q @F              | -
                a drop E                      | a true
                a drop F                      | a true
                a event.set E                 | a ok
                a event.set F                 | a ok
                a queue.get Q                 | b ok, a got @E
                // the last reference, and the taker's from now on
                a drop E                      | a true
                a event.set E                 | a OBJECT_DELETED
                b queue.put Q @F              | -
                b cancel 2                    | b CANCELLED, b true
                a queue.clear Q               | a ok
                a event.set F                 | a OBJECT_DELETED
                """);
    }

    @Test
    void queueThatHoldsItself_isItsTakers() {
        script.play("""
                a create Q queue              | a created
                a queue.put Q @Q              | a ok
                a drop Q                      | a true
                b queue.get Q                 | b got @Q
                b drop Q                      | b true
                b queue.get Q                 | b OBJECT_DELETED
                """);
        assertNothingIsLeft();
    }

    @Test
    void delete_endsTheWaits_andLeavesNothing() {
        script.play("""
                a open Q queue max 1          | a created
                a create E event              | a created
                a queue.put Q @E              | a ok
                b queue.put Q @E within 5s    | -
                c queue.join Q                | -
                a drop E                      | a true
                a delete Q                    | b OBJECT_DELETED, c OBJECT_DELETED, a true
                a event.set E                 | a OBJECT_DELETED
                a open Q queue                | a created
                b queue.get Q                 | -
                a delete Q                    | b OBJECT_DELETED, a true
                tick 10s                      | -
                """);
        assertNothingIsLeft();
    }

    @Test
    void chainOfDeadLetterQueues_howeverLong_isReclaimed() {
        script.play("a create Q0 queue | a created");
        for (int i = 1; i <= 3_000; i++) {
            script.play("a create Q" + i + " queue deliveries 1 dead Q" + (i - 1) + " | a created");
            script.play("a drop Q" + (i - 1) + " | a true");
        }
        script.play("a drop Q3000 | a true");
        for (int i = 0; i < 40; i++) {
            script.tick(0);
        }
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        for (Table<?> table : List.of(
                Tables.QUEUES,
                Tables.QUEUE_ITEMS,
                Tables.QUEUE_DELIVERIES,
                Tables.QUEUE_CONSUMERS,
                Tables.WAITERS,
                Tables.OBJECTS)) {
            assertThat(script.view().scan(table, table.key(), 1))
                    .as("%s", table)
                    .isEmpty();
        }
    }

    @Test
    void questions_areAnsweredInPages() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 'a' 'b' 'c' 'b' | a ok
                a queue.receive Q             | a got 1:'a'*1
                """);
        assertThat(ask(QueueQuery.newBuilder().setSize(QueueSize.getDefaultInstance()))
                        .getSize())
                .isEqualTo(3);
        assertThat(page(0, 2)).containsExactly("'b'", "'c'", "next 3");
        assertThat(page(3, 2)).containsExactly("'b'", "next 0");
        assertThat(page(0, 3)).containsExactly("'b'", "'c'", "'b'", "next 4");
        assertThat(page(4, 3)).containsExactly("next 0");
        assertThat(find("'b'", 0)).isEqualTo(2);
        assertThat(find("'b'", 2)).isEqualTo(4);
        assertThat(find("'a'", 0)).isZero();
        assertThat(refusal(QueueQuery.newBuilder().setPage(QueuePage.getDefaultInstance())))
                .isEqualTo(RefusalCode.INVALID_ARGUMENT);
        assertThat(refusal(QueueQuery.newBuilder().setFind(QueueFind.getDefaultInstance())))
                .isEqualTo(RefusalCode.INVALID_ARGUMENT);
        assertThat(refusal(QueueQuery.newBuilder())).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void search_looksAtOnePage_andSaysWhereToGoOn() {
        script.play("a open Q queue | a created");
        List<Value> some = Collections.nCopies(Limits.PAGE_ROWS, Texts.integer(7));
        script.send(script.session("a"), QueueWords.put(script.object("Q"), some, null));
        script.play("a queue.put Q 8 | a ok");
        QueueFind.Builder find = QueueFind.newBuilder().setValue(Texts.integer(8));
        QueueAnswer first = ask(QueueQuery.newBuilder().setFind(find));
        assertThat(first.getFound().getId()).isZero();
        assertThat(first.getFound().getNext()).isEqualTo(Limits.PAGE_ROWS);
        assertThat(find("8", Limits.PAGE_ROWS)).isEqualTo(Limits.PAGE_ROWS + 1);
        QueueRemove.Builder remove =
                QueueRemove.newBuilder().setValue(Texts.integer(8)).setAfter(Limits.PAGE_ROWS);
        QueueCommand.Builder command =
                QueueCommand.newBuilder().setObject(script.object("Q").value()).setRemove(remove);
        Outcome outcome = script.call(script.session("a"), Command.newBuilder().setQueue(command));
        assertThat(outcome.getDone().getQueue().getRemoved().getDone()).isTrue();
    }

    private QueueAnswer ask(QueueQuery.Builder query) {
        return script.ask(Query.newBuilder()
                        .setQueue(query.setObject(script.object("Q").value())))
                .getQueue();
    }

    private RefusalCode refusal(QueueQuery.Builder query) {
        return script.ask(Query.newBuilder()
                        .setQueue(query.setObject(script.object("Q").value())))
                .getRefused()
                .getCode();
    }

    private List<String> page(long after, int limit) {
        var items = ask(QueueQuery.newBuilder()
                        .setPage(QueuePage.newBuilder().setAfter(after).setLimit(limit)))
                .getItems();
        List<String> told = new ArrayList<>();
        items.getItemsList().forEach(item -> told.add(QueueWords.tell(script, item)));
        told.add("next " + items.getNext());
        return told;
    }

    private long find(String value, long after) {
        return ask(QueueQuery.newBuilder()
                        .setFind(QueueFind.newBuilder()
                                .setValue(script.value(value))
                                .setAfter(after)))
                .getFound()
                .getId();
    }

    @Test
    void inspect_tellsAllThreeSortsOfWaiters() {
        script.play("""
                a open Q queue max 1          | a created
                b queue.get Q                 | -
                """);
        assertThat(inspect().getGetters().getTotal()).isEqualTo(1);
        script.play("""
                a queue.put Q 1 within 0      | b got 1, a ok
                a queue.put Q 2 within 0      | a ok
                b queue.put Q 3               | -
                c queue.join Q                | -
                d queue.join Q                | -
                """);
        QueueInspection told = inspect();
        assertThat(told.getSize()).isEqualTo(1);
        assertThat(told.getUnfinished()).isEqualTo(2);
        assertThat(told.getPutters().getFirst(0).getOwner().getClientName()).isEqualTo("b");
        assertThat(told.getJoiners().getTotal()).isEqualTo(2);
        assertThat(told.getState()).isEqualTo(QueueInspection.State.OPEN);
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        script.play("a open Q queue | a created");
        Command.Builder command = Command.newBuilder()
                .setQueue(QueueCommand.newBuilder().setObject(script.object("Q").value()));
        assertThat(script.call(script.session("a"), command).getRefused().getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
    }

    private QueueInspection inspect() {
        return script.inspect(script.object("Q")).getQueue();
    }
}
