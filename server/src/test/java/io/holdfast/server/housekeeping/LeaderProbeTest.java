// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaderProbeTest {
    private static final Duration ELECTION_MIN = Duration.ofMillis(500);

    private final List<LeaderProbe.Silence> stood = new ArrayList<>();
    private LeaderProbe.@Nullable Silence silence;

    private final LeaderProbe probe = new LeaderProbe(ELECTION_MIN, new LeaderProbe.Follower() {
        @Override
        public LeaderProbe.@Nullable Silence silence() {
            return silence;
        }

        @Override
        public void stand(LeaderProbe.Silence against) {
            stood.add(against);
        }
    });

    @Test
    void whoFollowsNobodyDoesNotStand() {
        probe.tick();
        assertThat(stood).isEmpty();
    }

    @Test
    void standsAgainstALeaderThatIsSilentAndListensNoMore() throws IOException {
        silence = new LeaderProbe.Silence("n1", closed(), 300, 0);
        probe.tick();
        assertThat(stood).containsExactly(silence);
    }

    @Test
    void doesNotAskWhileHeartbeatsCome() throws IOException {
        silence = new LeaderProbe.Silence("n1", closed(), 299, 0);
        probe.tick();
        assertThat(stood).isEmpty();
    }

    @Test
    void leavesALeaderToTheElectionTimeoutThatStillListens() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            silence = new LeaderProbe.Silence(
                    "n1", new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()), 5_000, 0);
            probe.tick();
        }
        assertThat(stood).isEmpty();
    }

    @Test
    void letsOthersGoFirst() throws IOException {
        silence = new LeaderProbe.Silence("n1", closed(), 499, 1);
        probe.tick();
        assertThat(stood).isEmpty();
        silence = new LeaderProbe.Silence("n1", closed(), 500, 1);
        probe.tick();
        assertThat(stood).hasSize(1);
    }

    /** An address where nobody listens any more. */
    private static InetSocketAddress closed() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), gone.getLocalPort());
        }
    }
}
