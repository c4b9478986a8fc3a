// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Requests.acquire;
import static io.holdfast.server.fixture.Requests.openLock;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.Welcome;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How sessions end that are silent, or whose connection is gone, at a real node with short leases. */
class SessionExpiryTest {
    private static final Duration TTL = Duration.ofMillis(1_500);
    private static final Duration GRACE = Duration.ofSeconds(1);

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;
    private static Endpoint address;

    @BeforeAll
    static void start() {
        cluster = new LocalCluster(Configs.of("impatient", folder, 1).leases(TTL, GRACE));
        cluster.startAll().awaitReady();
        address = cluster.client("n1");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @Test
    void silentSession_ends_afterItsTimeToLive_andNotBefore() {
        try (RawStream stream = RawStream.to(address)) {
            long before = System.nanoTime();
            Welcome welcome = stream.open();
            assertThat(welcome.getTtlMillis()).isEqualTo(TTL.toMillis());

            ServerFrame end = stream.next();

            assertThat(end.getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.EXPIRED);
            assertThat(since(before)).isBetween(TTL, TTL.plusSeconds(5));
        }
    }

    @Test
    void session_thatIsHeardOf_outlivesItsTimeToLive() {
        try (RawStream stream = RawStream.to(address)) {
            stream.open();
            long until = System.nanoTime() + TTL.multipliedBy(2).toNanos();
            for (long nonce = 1; System.nanoTime() < until; nonce++) {
                stream.keepAlive(nonce);
                assertThat(stream.next().getKeepAlive().getNonce()).isEqualTo(nonce);
                assertThat(stream.next(200)).isNull();
            }

            assertThat(stream.call(openLock(1, "alive")).hasDone()).isTrue();
        }
    }

    @Test
    void lock_ofAClientThatIsGone_isFree_afterTheGrace_andNotBefore() {
        RawStream holder = RawStream.to(address);
        SessionKey holding = holder.open().getSession();
        long lock =
                holder.call(openLock(1, "left-behind")).getDone().getOpened().getObject();
        assertThat(holder.call(acquire(2, lock)).hasDone()).isTrue();
        try (RawStream waiter = RawStream.to(address)) {
            waiter.send(RawStream.hello().setTtlMillis(TTL.multipliedBy(10).toMillis()));
            assertThat(waiter.next().hasWelcome()).isTrue();
            waiter.send(acquire(1, lock));
            waiter.keepAlive(1);
            assertThat(waiter.next().hasKeepAlive()).isTrue();

            long before = System.nanoTime();
            holder.close();

            assertThat(waiter.outcome(1).getDone().getLock().hasAcquired()).isTrue();
            assertThat(since(before)).isGreaterThan(GRACE);
        }
        try (RawStream late = RawStream.to(address)) {
            late.send(RawStream.hello().setResume(holding));
            assertThat(late.next().getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.UNKNOWN);
        }
    }

    @Test
    void session_thatComesBackWithinTheGrace_keepsWhatItHolds() {
        RawStream holder = RawStream.to(address);
        SessionKey holding = holder.open().getSession();
        long lock = holder.call(openLock(1, "kept")).getDone().getOpened().getObject();
        assertThat(holder.call(acquire(2, lock)).hasDone()).isTrue();
        holder.close();

        try (RawStream back = RawStream.to(address);
                RawStream waiter = RawStream.to(address)) {
            back.resume(holding);
            waiter.open();
            waiter.send(acquire(1, lock));
            long until = System.nanoTime() + GRACE.multipliedBy(2).toNanos();
            for (long nonce = 1; System.nanoTime() < until; nonce++) {
                back.keepAlive(nonce);
                waiter.keepAlive(nonce);
                assertThat(back.next().hasKeepAlive()).isTrue();
                assertThat(waiter.next().hasKeepAlive()).as("and no lock").isTrue();
                assertThat(back.next(200)).isNull();
            }
        }
    }
}
