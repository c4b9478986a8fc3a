// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FollowersTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong matchIndex = new AtomicLong(5_000);
    private final AtomicLong silentMillis = new AtomicLong();
    private final Followers followers = new Followers(nanos::get);

    private final Logger logger = (Logger) LoggerFactory.getLogger(Followers.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private boolean needTheLog(long last) {
        followers.tick(last);
        return followers.needTheLog();
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void log_isNotNeeded_whileNoneWasSentASnapshot() {
        assertThat(needTheLog(1_000_000)).isFalse();
    }

    @Test
    void log_isNeeded_untilTheOneThatWasSentASnapshotIsNear() {
        followers.sending("n2", matchIndex::get, silentMillis::get);
        assertThat(needTheLog(10_000)).isTrue();

        matchIndex.set(9_499);
        assertThat(needTheLog(10_000)).isTrue();

        matchIndex.set(9_500);
        assertThat(needTheLog(10_000)).isFalse();
        // It fell behind again, but has its place in the log.
        assertThat(needTheLog(20_000)).isFalse();
        assertThat(said()).containsExactly("sending a snapshot to n2", "n2 has caught up");
    }

    @Test
    void log_isNotNeeded_byOneThatIsGone() {
        followers.sending("n2", matchIndex::get, silentMillis::get);
        silentMillis.set(10_001);

        assertThat(needTheLog(10_000)).isFalse();
    }

    @Test
    void log_isNeeded_whileOneOfTwoIsFarBehind() {
        followers.sending("n2", () -> 10_000, silentMillis::get);
        followers.sending("n3", matchIndex::get, silentMillis::get);

        assertThat(needTheLog(10_000)).isTrue();
    }

    private void silentFor(int seconds) {
        for (int second = 0; second <= seconds; second++) {
            followers.isSilent("n2");
            followers.tick(0);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void silentNode_isToldOfOnce_andOnceAgainWhenItAnswers() {
        silentFor(30);
        assertThat(said()).containsExactly("n2 does not answer");

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        followers.tick(0);
        followers.tick(0);
        assertThat(said()).hasSize(2).last().asString().startsWith("n2 answers again");

        silentFor(30);
        assertThat(said()).hasSize(3);
    }

    @Test
    void nodeThatIsSilentForAMoment_isNotToldOf() {
        silentFor(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        followers.tick(0);
        silentFor(1);

        assertThat(said()).isEmpty();
    }
}
