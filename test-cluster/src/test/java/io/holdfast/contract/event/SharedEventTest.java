// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.event.SharedEvent;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SharedEventTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedEvent event;
    private SharedEvent ofOther;

    @BeforeEach
    void openEvent() {
        String name = shared.name();
        event = shared.client().event(name);
        ofOther = shared.other().event(name);
    }

    private void awaitWaiting(long count) throws Exception {
        Await.until(() -> event.inspect().waiters().total() == count);
    }

    @Test
    void new_isNotSet_andSetAndClearDoWhatTheySay() throws Exception {
        assertThat(event.isSet()).isFalse();
        event.set();
        assertThat(ofOther.isSet()).isTrue();
        event.set();
        assertThat(ofOther.isSetAsync().get()).isTrue();
        ofOther.clear();
        assertThat(event.isSet()).isFalse();
        ofOther.clearAsync().get();
        ofOther.setAsync().get();
        assertThat(event.inspect().set()).isTrue();
    }

    @Test
    void await_whenSet_doesNotWait() throws Exception {
        event.set();
        event.await();
        assertThat(ofOther.await(Duration.ZERO)).isTrue();
        assertThat(ofOther.await(-1, TimeUnit.DAYS)).isTrue();
        assertThat(ofOther.awaitAsync().get()).isTrue();
    }

    @Test
    void await_isFalseWhenTheTimeIsOver() throws Exception {
        long start = System.nanoTime();
        assertThat(event.await(Duration.ofMillis(100))).isFalse();
        assertThat(Await.millisSince(start)).isBetween(100L, 5_000L);
        assertThat(event.await(0, TimeUnit.SECONDS)).isFalse();
        assertThat(event.await(Duration.ofSeconds(-1))).isFalse();
        assertThat(event.awaitAsync(Duration.ofMillis(20)).get()).isFalse();
        awaitWaiting(0);
    }

    @Test
    void set_wakesAllThatWait_evenIfClearFollowsAtOnce() throws Exception {
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(event.awaitAsync());
            waiting.add(ofOther.awaitAsync(Duration.ofMinutes(1)));
        }
        awaitWaiting(10);
        CompletableFuture<Void> set = event.setAsync();
        event.clearAsync().get();
        set.get();
        for (CompletableFuture<Boolean> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ZERO)).isFalse();
    }

    @Test
    void await_ofAnotherClient_isWoken() throws Exception {
        OtherThread<Boolean> waiter = OtherThread.calls(() -> ofOther.await(Duration.ofMinutes(1)));
        awaitWaiting(1);
        assertThat(waiter.isDone()).isFalse();
        event.set();
        assertThat(waiter.result()).isTrue();
        awaitWaiting(0);
    }

    @Test
    void await_whenInterrupted_throws_clearsTheStatus_andLeavesNothingBehind() throws Exception {
        event.set();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> event.await()).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();

        event.clear();
        OtherThread<Void> waiter = OtherThread.runs(ofOther::await);
        awaitWaiting(1);
        waiter.interrupt();
        assertThatThrownBy(waiter::result)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        awaitWaiting(0);
    }

    @Test
    void awaitAsync_whenCancelled_leavesNothingBehind() throws Exception {
        CompletableFuture<Boolean> waiting = ofOther.awaitAsync();
        awaitWaiting(1);
        waiting.cancel(false);
        awaitWaiting(0);
    }
}
