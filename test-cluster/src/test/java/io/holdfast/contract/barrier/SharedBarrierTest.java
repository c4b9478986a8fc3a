// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.inspect.BarrierInspection;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A SharedBarrier keeps the contract of {@link java.util.concurrent.CyclicBarrier}, and differs in this:
 *
 * <ul>
 *   <li>the action is run by the last of those parties that have one;
 *   <li>the end of a party's session breaks it, also while the action runs;
 *   <li>it can be aborted, as in Python, and have a timeout of its own, whose end is a {@link BrokenBarrierException};
 *   <li>the exceptions say who broke it.
 * </ul>
 */
class SharedBarrierTest extends BarrierContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final String name = shared.name();

    @Override
    AnyBarrier barrier(int parties) {
        return new AnyBarrier.Ours(shared.client().barrier(shared.name(), parties));
    }

    @Override
    AnyBarrier barrier(int parties, Runnable action) {
        return new AnyBarrier.Ours(shared.client().barrier(shared.name(), parties, action));
    }

    @Test
    void partiesOfTwoClients_meet_andTheLastWithAnActionRunsIt() throws Exception {
        AtomicInteger mine = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        SharedBarrier barrier = shared.client().barrier(name, 3, mine::incrementAndGet);
        SharedBarrier ofOther = shared.other().barrier(name, 3, others::incrementAndGet);
        SharedBarrier without = shared.other().barrier(name, 3);
        CompletableFuture<Integer> first = barrier.awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 1);
        CompletableFuture<Integer> second = ofOther.awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 2);
        assertThat(without.await()).isZero();
        assertThat(second.get()).isEqualTo(1);
        assertThat(first.get()).isEqualTo(2);
        assertThat(mine).hasValue(0);
        assertThat(others).hasValue(1);
    }

    @Test
    void othersWait_whileTheActionRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        SharedBarrier barrier = shared.client().barrier(name, 2, () -> {
            running.countDown();
            try {
                finish.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        CompletableFuture<Integer> first = shared.other().barrier(name, 2).awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 1);
        OtherThread<Integer> last = OtherThread.calls(barrier::await);
        running.await();
        BarrierInspection seen = barrier.inspect();
        assertThat(seen.runner().clientName()).isEqualTo("one");
        assertThat(first).isNotDone();
        finish.countDown();
        assertThat(last.result()).isZero();
        assertThat(first.get()).isEqualTo(1);
        assertThat(barrier.inspect().runner()).isNull();
    }

    @Test
    void abortAndReset_withoutBlocking_areTheSame() throws Exception {
        SharedBarrier barrier = shared.client().barrier(name, 2);
        barrier.abortAsync().get();
        assertThat(barrier.isBroken()).isTrue();
        barrier.resetAsync().get();
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    void clientThatGoesWhileItRunsTheAction_breaksTheBarrier() throws Exception {
        HoldfastClient brief = shared.cluster().connect(builder -> builder.clientName("brief"));
        SharedBarrier barrier = shared.client().barrier(name, 2);
        SharedBarrier briefly = brief.barrier(name, 2, brief::close);
        CompletableFuture<Integer> first = barrier.awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 1);
        OtherThread<Integer> last = OtherThread.calls(briefly::await);
        assertThatThrownBy(first::get)
                .hasCauseInstanceOf(BrokenBarrierException.class)
                .hasMessageContaining("brief");
        assertThatThrownBy(last::result).isNotNull();
        assertThat(barrier.inspect().culprit().clientName()).isEqualTo("brief");
    }

    @Test
    void clientThatGoesWhileItWaits_breaksTheBarrier() throws Exception {
        HoldfastClient brief = shared.cluster().connect();
        CompletableFuture<Integer> gone = brief.barrier(name, 3).awaitAsync();
        SharedBarrier barrier = shared.client().barrier(name, 3);
        Await.until(() -> barrier.getNumberWaiting() == 1);
        CompletableFuture<Integer> waiting = barrier.awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 2);
        brief.close();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(BrokenBarrierException.class);
        assertThatThrownBy(gone::get).isNotNull();
    }

    @Test
    void abort_breaksIt_untilAReset() throws Exception {
        SharedBarrier barrier = shared.client().barrier(name, 2);
        CompletableFuture<Integer> waiting = barrier.awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 1);
        shared.other().barrier(name, 2).abort();
        assertThatThrownBy(waiting::get)
                .hasCauseInstanceOf(BrokenBarrierException.class)
                .hasMessageContaining("aborted");
        assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.inspect().cause()).contains("aborted");
        barrier.abort();
        barrier.reset();
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    void timeoutOfItsOwn_isABrokenBarrierForAll() throws Exception {
        SharedBarrier barrier = shared.client().barrier(name, 2, Duration.ofMillis(50));
        assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.inspect().timeout()).isEqualTo(Duration.ofMillis(50));
        assertThatThrownBy(() -> shared.client().barrier(name, 2)).isInstanceOf(ObjectMismatchException.class);
        assertThatThrownBy(() -> shared.client().barrier(name, 3, Duration.ofMillis(50)))
                .isInstanceOf(ObjectMismatchException.class);
    }

    @Test
    void cancelledFuture_breaksTheBarrier() throws Exception {
        SharedBarrier barrier = shared.client().barrier(name, 3);
        CompletableFuture<Integer> first = barrier.awaitAsync();
        CompletableFuture<Integer> second = barrier.awaitAsync();
        Await.until(() -> barrier.getNumberWaiting() == 2);
        second.cancel(false);
        assertThatThrownBy(first::get)
                .hasCauseInstanceOf(BrokenBarrierException.class)
                .hasMessageContaining("interrupted");
    }

    @Test
    void readAsAReference_itIsTheSame_withoutAnAction() throws Exception {
        SharedBarrier barrier = shared.client().newBarrier(1);
        SharedDict<String, Object> dict = shared.client().dict(shared.name());
        dict.put("barrier", barrier);
        assertThat(shared.client().drop(barrier)).isTrue();
        SharedBarrier read = (SharedBarrier) dict.get("barrier");
        assertThat(read.id()).isEqualTo(barrier.id());
        assertThat(read.await()).isZero();
    }
}
