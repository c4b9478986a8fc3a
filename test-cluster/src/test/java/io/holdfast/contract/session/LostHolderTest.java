// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.testing.HoldfastExtension;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client held whose process is killed, or frozen: others get it in time, and it can do no harm any more. */
class LostHolderTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration SHORT_TTL = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** For a machine that is busy. */
    private static final Duration SLACK = Duration.ofSeconds(12);

    @RegisterExtension
    static final HoldfastExtension holdfast =
            HoldfastExtension.of(HoldfastTestCluster.builder().nodes(3).ttl(TTL).grace(GRACE));

    private static OtherProcess holder(Duration ttl, String lock, Duration delay) throws Exception {
        return Holder.start(holdfast.cluster().connectString(), ttl, lock, delay, lock + "/value");
    }

    private static CompletableFuture<LockHandle> waitFor(SharedLock lock) throws Exception {
        assertThat(lock.inspect().holder().clientName()).isEqualTo("holder");
        CompletableFuture<LockHandle> waiting = lock.acquireAsync();
        Await.until(() -> lock.inspect().waiters().total() == 1);
        return waiting;
    }

    @Test
    void killedHolder_isFollowedWithinTheGrace() throws Exception {
        try (HoldfastClient client = holdfast.connect();
                OtherProcess holder = holder(TTL, "killed", Duration.ZERO)) {
            CompletableFuture<LockHandle> waiting = waitFor(client.lock("killed"));
            long start = System.nanoTime();
            holder.kill9();
            waiting.get(30, TimeUnit.SECONDS).release();
            assertThat(Await.millisSince(start))
                    .isBetween(GRACE.toMillis(), GRACE.plus(SLACK).toMillis());
        }
    }

    @Test
    void frozenHolder_isFollowedWithinItsLease_andWritesNothingWhenItThaws() throws Exception {
        try (HoldfastClient client = holdfast.connect();
                OtherProcess holder = holder(SHORT_TTL, "frozen", Duration.ZERO)) {
            SharedValue<Long> value = client.value("frozen/value", Typecode.INT64, 0L);
            assertThat(holder.ask("1")).isEqualTo("done");
            CompletableFuture<LockHandle> waiting = waitFor(client.lock("frozen"));
            long start = System.nanoTime();
            holder.freeze();
            LockHandle next = waiting.get(30, TimeUnit.SECONDS);
            assertThat(Await.millisSince(start))
                    .isLessThan(
                            SHORT_TTL.plus(Duration.ofSeconds(1)).plus(SLACK).toMillis());
            value.guardedBy(next).set(2L);
            holder.thaw();
            assertThat(holder.ask("3")).isIn("SessionLostException", "StaleTokenException", "LeaseLostException");
            assertThat(holder.ask("4")).isIn("SessionLostException", "StaleTokenException", "LeaseLostException");
            assertThat(value.get()).isEqualTo(2);
            next.release();
        }
    }

    @Test
    void lockDelay_keepsTheLockClosed_whenTheHolderIsLost_butNotWhenItReleases() throws Exception {
        Duration delay = Duration.ofSeconds(2);
        LockOptions options = LockOptions.DEFAULT.lockDelay(delay);
        try (HoldfastClient client = holdfast.connect();
                OtherProcess holder = holder(TTL, "delayed", delay)) {
            SharedLock lock = client.lock("delayed", options);
            CompletableFuture<LockHandle> waiting = waitFor(lock);
            long start = System.nanoTime();
            holder.kill9();
            Await.until(() -> !lock.inspect().held());
            assertThat(lock.inspect().closedFor()).isBetween(Duration.ofNanos(1), delay);
            assertThat(lock.tryLock()).isFalse();
            LockHandle next = waiting.get(30, TimeUnit.SECONDS);
            assertThat(Await.millisSince(start))
                    .isBetween(
                            GRACE.plus(delay).toMillis(),
                            GRACE.plus(delay).plus(SLACK).toMillis());
            next.release();
            assertThat(lock.tryLock()).isTrue();
            lock.unlock();
        }
    }
}
