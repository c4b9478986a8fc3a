// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.QueueShutDownException;
import io.holdfast.client.inspect.QueueInspection;
import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.contract.Await;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Items that are a client's until it acknowledges them, on a real cluster. */
class DeliveriesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final String name = shared.name();
    private final SharedQueue<String> queue = shared.client().queue(name, String.class);

    private SharedQueue<String> of(HoldfastClient client) {
        return client.queue(name, String.class);
    }

    @Test
    void acknowledged_itIsGone_andDoneWith() throws Exception {
        queue.putAll(List.of("a", "b"));
        Delivery<String> first = queue.receive();
        assertThat(first.value()).isEqualTo("a");
        assertThat(first.deliveries()).isEqualTo(1);
        first.ack();
        Delivery<String> second = queue.receive(PATIENCE);
        assertThat(second.id()).isGreaterThan(first.id());
        assertThat(queue.join(Duration.ZERO)).isFalse();
        second.ackAsync().get();
        assertThat(queue.join(Duration.ZERO)).isTrue();
        assertThat(queue.receive(Duration.ZERO)).isNull();
        assertThat(queue.receive(5, Duration.ofMillis(20))).isEmpty();
        assertThat(queue.receiveAsync(Duration.ZERO).get()).isNull();
    }

    @Test
    void givenBack_itIsWhereItWas_withItsCount() throws Exception {
        queue.putAll(List.of("a", "b", "c"));
        List<Delivery<String>> all = queue.receive(3, PATIENCE);
        all.get(1).nackAsync().get();
        all.get(0).close();
        Delivery<String> again = of(shared.other()).receive();
        assertThat(again.value()).isEqualTo("a");
        assertThat(again.deliveries()).isEqualTo(2);
        assertThat(queue).containsExactly("b");
        again.nack();
        all.get(2).nack();
        assertThat(queue).containsExactly("a", "b", "c");
    }

    @Test
    void many_areAcknowledgedWithOneCommand_allOrNothing() throws Exception {
        queue.putAll(List.of("a", "b", "c"));
        List<Delivery<String>> all = queue.receiveAsync(3, PATIENCE).get();
        queue.ackAllAsync(all.subList(0, 2)).get();
        assertThatThrownBy(() -> queue.ackAll(all)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.ackAllAsync(all).get()).hasCauseInstanceOf(IllegalStateException.class);
        all.get(2).ack();
        assertThat(queue.inspect().unfinished()).isZero();
        queue.ackAll(List.of());
    }

    @Test
    void endOfTheSession_putsAllBack_andALaterAckSaysSo() throws Exception {
        queue.putAll(List.of("a", "b"));
        HoldfastClient brief = shared.cluster().connect(builder -> builder.clientName("brief"));
        List<Delivery<String>> lost = of(brief).receive(2, PATIENCE);
        CompletableFuture<Delivery<String>> waiting = queue.receiveAsync();
        Await.until(() -> queue.inspect().getters().total() == 1);
        QueueInspection seen = queue.inspect();
        assertThat(seen.delivered()).isEqualTo(2);
        assertThat(seen.consumersTotal()).isEqualTo(1);
        assertThat(seen.consumers()).singleElement().satisfies(consumer -> {
            assertThat(consumer.owner().clientName()).isEqualTo("brief");
            assertThat(consumer.deliveries()).isEqualTo(2);
        });
        brief.close();
        Delivery<String> again = waiting.get();
        assertThat(again.value()).isEqualTo("a");
        assertThat(again.deliveries()).isEqualTo(2);
        assertThatThrownBy(lost.get(0)::ack).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> of(shared.client()).ackAll(lost)).isInstanceOf(LeaseLostException.class);
        lost.get(1).close();
        again.ack();
        assertThat(queue).containsExactly("b");
    }

    @Test
    void deliveredTooOften_itGoesToTheDeadLetterQueue() throws Exception {
        SharedQueue<String> dead = shared.client().queue(shared.name(), String.class, QueueOptions.DEFAULT.maxsize(1));
        dead.put("full");
        QueueOptions options = QueueOptions.DEFAULT.maxDeliveries(2, dead);
        SharedQueue<String> limited = shared.client().queue(shared.name(), String.class, options);
        limited.put("poison");
        limited.receive().nack();
        limited.receive().nack();
        assertThat(dead).containsExactly("full", "poison");
        assertThat(limited.join(Duration.ZERO)).isTrue();
        assertThat(limited.inspect().options()).isEqualTo(options);
        assertThatThrownBy(() -> new QueueOptions(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shutDownQueue_letsReceiversWaitForWhatIsOut() throws Exception {
        queue.put("a");
        Delivery<String> out = queue.receive();
        CompletableFuture<Delivery<String>> waiting = of(shared.other()).receiveAsync();
        Await.until(() -> queue.inspect().getters().total() == 1);
        queue.shutdown();
        assertThat(queue.receive(Duration.ZERO)).isNull();
        out.nack();
        waiting.get().ack();
        assertThatThrownBy(queue::receive).isInstanceOf(QueueShutDownException.class);
    }

    @Test
    void itemThatCannotBeRead_isNotLostToWhoReceivesIt() throws Exception {
        queue.put("text");
        SharedQueue<Long> numbers = shared.client().queue(name, Codec.of(Long.class), QueueOptions.DEFAULT);
        try (Delivery<Long> delivery = numbers.receive()) {
            assertThatThrownBy(delivery::value).isInstanceOf(DecodingException.class);
        }
        assertThat(queue.take()).isEqualTo("text");
    }
}
