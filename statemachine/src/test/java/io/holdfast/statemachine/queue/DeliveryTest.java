// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Items that are a session's until it acknowledges them; and the end of a queue. */
class DeliveryTest {
    private final Script script = new Script();

    @Test
    void acknowledged_itIsGone_andDoneWith() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 'x' 'y'         | a ok
                b queue.receive Q 2           | b got 1:'x'*1 2:'y'*1
                c queue.join Q                | -
                b queue.ack Q 2,1             | c ok, b ok
                b queue.ack Q 1               | b NOT_HELD
                a queue.get Q within 0        | a timed-out
                """);
        assertThat(script.view().scan(Tables.QUEUE_CONSUMERS, Tables.QUEUE_CONSUMERS.key(), 1))
                .isEmpty();
        assertThat(script.view().scan(Tables.HOLDINGS, Tables.HOLDINGS.key(), 1))
                .isEmpty();
    }

    @Test
    void givenBack_itIsWhereItWas_withItsCount() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1 2 3 4         | a ok
                b queue.receive Q 3           | b got 1:1*1 2:2*1 3:3*1
                b queue.nack Q 2              | b ok
                c queue.receive Q             | c got 2:2*2
                c queue.nack Q 2              | c ok
                b queue.nack Q 3,1            | b ok
                a queue.get Q 9               | a got 1:1*1 2:2*2 3:3*1 4
                """);
    }

    @Test
    void givenBack_itIsServedToThoseWhoWait() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1               | a ok
                b queue.receive Q             | b got 1:1*1
                c queue.receive Q             | -
                d queue.get Q                 | -
                b queue.nack Q 1              | c got 1:1*2, b ok
                expire c                      | d got 1:1*2
                """);
    }

    @Test
    void sessionEnd_putsAllBackInTheirOrder() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1 2 3 4         | a ok
                b queue.receive Q             | b got 1:1*1
                c queue.receive Q             | c got 2:2*1
                b queue.receive Q             | b got 3:3*1
                close b                       | -
                a queue.get Q 9               | a got 1:1*1 3:3*1 4
                expire c                      | -
                a queue.get Q 9               | a got 2:2*1
                """);
    }

    @Test
    void acknowledgement_isAllOrNothing_andOnesOwnOnly() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1 2 3           | a ok
                b queue.receive Q 2           | b got 1:1*1 2:2*1
                c queue.receive Q             | c got 3:3*1
                b queue.ack Q 1,3             | b NOT_HELD
                b queue.ack Q 1,1             | b NOT_HELD
                b queue.ack Q                 | b INVALID_ARGUMENT
                b queue.nack Q 2,7            | b NOT_HELD
                b queue.nack Q -1             | b NOT_HELD
                b queue.ack Q 1,2             | b ok
                """);
        assertThat(inspect("Q").getDelivered()).isEqualTo(1);
        assertThat(inspect("Q").getUnfinished()).isEqualTo(1);
    }

    @Test
    void deliveryOfASession_thatEndedMeanwhile_isNotItsAnyMore() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1               | a ok
                b queue.receive Q             | b got 1:1*1
                expire b                      | -
                b queue.ack Q 1               | b SESSION_ENDED
                c queue.receive Q             | c got 1:1*2
                a queue.ack Q 1               | a NOT_HELD
                c queue.ack Q 1               | c ok
                """);
    }

    @Test
    void deliveredTooOften_itGoesToTheDeadLetterQueue_beyondItsBound() {
        script.play("""
                a open D queue max 1                   | a created
                a open Q queue deliveries 2 dead D     | a created
                a queue.put Q 'x' 'y'                  | a ok
                a queue.put D 'full'                   | a ok
                b queue.receive Q                      | b got 1:'x'*1
                b queue.nack Q 1                       | b ok
                b queue.receive Q 2                    | b got 1:'x'*2 2:'y'*1
                c queue.join Q                         | -
                expire b                               | -
                a queue.get D 9                        | a got 'full' 'x'
                b2 queue.receive Q                     | b2 got 2:'y'*2
                d queue.receive D                      | -
                // it is finished in the one queue, and counts anew in the other
                b2 queue.nack Q 2                      | d got 3:'y'*1, c ok, b2 ok
                """);
        assertThat(inspect("D").getUnfinished()).isEqualTo(3);
        assertThat(inspect("Q").getUnfinished()).isZero();
    }

    @Test
    void deliveredTooOften_withoutADeadLetterQueue_itIsDropped() {
        script.play("""
                a open Q queue deliveries 1   | a created
                a create E event              | a created
                a queue.put Q @E              | a ok
                a drop E                      | a true
                b queue.receive Q             | b got 1:@E*1
                b event.set E                 | b ok
                c queue.join Q                | -
                b queue.nack Q 1              | c ok, b ok
                b event.set E                 | b OBJECT_DELETED
                a queue.get Q within 0        | a timed-out
                """);
    }

    @Test
    void deadLetterQueue_livesAsLongAsThoseThatNeedIt() {
        script.play("""
                a create D queue                       | a created
                a open Q queue deliveries 1 dead D     | a created
                a drop D                               | a true
                a queue.put D 1                        | a ok
                a delete Q                             | a true
                a queue.put D 1                        | a OBJECT_DELETED
                """);
    }

    @Test
    void closedDeadLetterQueue_takesNothing_butOneThatDrainsDoes() {
        script.play("""
                a open D queue                         | a created
                a open Q queue deliveries 1 dead D     | a created
                a queue.put Q 1 2                      | a ok
                b queue.receive Q 2                    | b got 1:1*1 2:2*1
                a queue.shutdown D                     | a ok
                b queue.nack Q 1                       | b ok
                a queue.get D                          | a got 1
                a queue.shutdown D now                 | a ok
                b queue.nack Q 2                       | b ok
                a queue.get D                          | a SHUT_DOWN
                """);
        assertThat(inspect("D").getUnfinished()).isEqualTo(1);
    }

    @Test
    void comingBack_mayBeMoreThanTheBound() {
        script.play("""
                a open Q queue max 1          | a created
                a queue.put Q 1               | a ok
                b queue.receive Q             | b got 1:1*1
                a queue.put Q 2               | a ok
                b queue.nack Q 1              | b ok
                c queue.put Q 3               | -
                a queue.get Q                 | a got 1:1*1
                a queue.get Q                 | c ok, a got 2
                """);
    }

    @Test
    void session_hasSoManyDeliveriesAtMost() {
        script.play("""
                a open Q queue                | a created
                b queue.receive Q             | -
                b queue.receive Q             | -
                b queue.receive Q 10000       | -
                """);
        List<Value> some = Collections.nCopies(Limits.DELIVERIES_PER_SESSION, Texts.integer(7));
        script.send(script.session("a"), QueueWords.put(script.object("Q"), some, null));
        assertThat(script.applied()
                        .completions()
                        .get(2)
                        .outcome()
                        .getDone()
                        .getQueue()
                        .getItems()
                        .getItemsCount())
                .isEqualTo(Limits.DELIVERIES_PER_SESSION - 2);
        script.play("""
                b queue.receive Q             | b RESOURCE_EXHAUSTED
                b queue.ack Q 5               | b ok
                b queue.receive Q             | -
                b queue.receive Q             | -
                c queue.receive Q             | -
                a queue.put Q 8 9             | b got 10001:8*1, b RESOURCE_EXHAUSTED, c got 10002:9*1, a ok
                """);
        List<Long> all =
                LongStream.rangeClosed(1, 10_001).filter(id -> id != 5).boxed().toList();
        assertThat(script.call(script.session("b"), QueueWords.acknowledge(script.object("Q"), all))
                        .getDone()
                        .hasAcknowledged())
                .isTrue();
        assertThat(inspect("Q").getConsumersTotal()).isEqualTo(1);
    }

    @Test
    void clear_leavesDeliveriesAlone() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1 2             | a ok
                b queue.receive Q             | b got 1:1*1
                a queue.clear Q               | a ok
                a queue.put Q 3               | a ok
                b queue.nack Q 1              | b ok
                a queue.get Q 9               | a got 1:1*1 3
                """);
    }

    @Test
    void shutdown_refusesPuts_andLetsGetsDrain() {
        script.play("""
                a open Q queue max 2          | a created
                a create E event              | a created
                a queue.put Q 1 2             | a ok
                b queue.put Q @E              | -
                a drop E                      | a true
                c queue.join Q                | -
                a queue.shutdown Q            | b SHUT_DOWN, a ok
                a event.set E                 | a OBJECT_DELETED
                a queue.put Q 3               | a SHUT_DOWN
                a queue.put Q 3 within 0      | a SHUT_DOWN
                a queue.get Q                 | a got 1
                a queue.get Q                 | a got 2
                a queue.get Q                 | a SHUT_DOWN
                a queue.get Q within 0        | a SHUT_DOWN
                // as Python: join waits until all is done, shut down or not
                a queue.done Q 2              | c ok, a ok
                a queue.shutdown Q            | a ok
                """);
        assertThat(inspect("Q").getState()).isEqualTo(QueueInspection.State.DRAINING);
    }

    @Test
    void shutdown_wakesGetters() {
        script.play("""
                a open Q queue                | a created
                b queue.get Q                 | -
                c queue.receive Q within 5s   | -
                a queue.shutdown Q            | b SHUT_DOWN, c SHUT_DOWN, a ok
                tick 9s                       | -
                """);
    }

    @Test
    void shutdown_whileDeliveriesAreOut_letsGettersWaitForThem() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1 2             | a ok
                b queue.receive Q 2           | b got 1:1*1 2:2*1
                c queue.receive Q             | -
                d queue.get Q                 | -
                a queue.shutdown Q            | a ok
                a queue.get Q within 0        | a timed-out
                b queue.nack Q 1              | c got 1:1*2, b ok
                b queue.ack Q 2               | b ok
                c queue.ack Q 1               | d SHUT_DOWN, c ok
                """);
    }

    @Test
    void shutdownNow_dropsItems_andThoseThatComeBack() {
        script.play("""
                a open Q queue                | a created
                a create E event              | a created
                a queue.put Q 1 2 @E 3        | a ok
                a drop E                      | a true
                b queue.receive Q 2           | b got 1:1*1 2:2*1
                c queue.join Q                | -
                a queue.shutdown Q now        | a ok
                a event.set E                 | a OBJECT_DELETED
                a queue.get Q                 | a SHUT_DOWN
                b queue.nack Q 1              | b ok
                a queue.shutdown Q            | a ok
                expire b                      | c ok
                a queue.done Q 1              | a OVER_RELEASE
                a queue.get Q                 | a SHUT_DOWN
                """);
        assertThat(inspect("Q").getState()).isEqualTo(QueueInspection.State.CLOSED);
    }

    @Test
    void shutdownNow_wakesThoseWhoWait() {
        script.play("""
                a open Q queue max 1          | a created
                a queue.put Q 1               | a ok
                b queue.put Q 2               | -
                c queue.join Q                | -
                a queue.shutdown Q now        | b SHUT_DOWN, c ok, a ok
                """);
    }

    @Test
    void shutdownNow_refusesGettersThatWaitForDeliveries() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1               | a ok
                b queue.receive Q             | b got 1:1*1
                c queue.get Q                 | -
                a queue.shutdown Q now        | c SHUT_DOWN, a ok
                b queue.ack Q 1               | b ok
                """);
    }

    @Test
    void delete_leavesNoDelivery_andItsEndOfSessionGoesOn() {
        script.play("""
                a open Q queue deliveries 1   | a created
                a create P queue              | a created
                a queue.put Q @P              | a ok
                a queue.put P 1               | a ok
                a drop P                      | a true
                b queue.receive Q             | b got 1:@P*1
                // dropping the one is the end of the other, of which the session holds something too
                b queue.receive P             | b got 1:1*1
                expire b                      | -
                a queue.get P                 | a OBJECT_DELETED
                a queue.put Q 2               | a ok
                c queue.receive Q             | c got 2:2*1
                a delete Q                    | a true
                c queue.ack Q 2               | c OBJECT_DELETED
                close c                       | -
                """);
        assertThat(script.view().scan(Tables.QUEUE_DELIVERIES, Tables.QUEUE_DELIVERIES.key(), 1))
                .isEmpty();
        assertThat(script.view().scan(Tables.HOLDINGS, Tables.HOLDINGS.key(), 1))
                .isEmpty();
    }

    @Test
    void inspect_tellsConsumers() {
        script.play("""
                a open Q queue                | a created
                a queue.put Q 1 2 3           | a ok
                b queue.receive Q 2           | b got 1:1*1 2:2*1
                """);
        QueueInspection told = inspect("Q");
        assertThat(told.getSize()).isEqualTo(1);
        assertThat(told.getDelivered()).isEqualTo(2);
        assertThat(told.getUnfinished()).isEqualTo(3);
        assertThat(told.getConsumersTotal()).isEqualTo(1);
        assertThat(told.getConsumers(0).getOwner().getClientName()).isEqualTo("b");
        assertThat(told.getConsumers(0).getDeliveries()).isEqualTo(2);
    }

    private QueueInspection inspect(String queue) {
        return script.inspect(script.object(queue)).getQueue();
    }
}
