// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a leader whose process is dead before the election timeout does. A follower that misses a heartbeat asks the
 * leader's machine for a connection: where nobody listens any more, it answers so at once, and the follower stands for
 * election. A machine that does not answer at all, or a leader that is only slow, is left to the election timeout.
 *
 * <p>Safe whatever it believes: an election never loses anything that was committed. Followers are staggered, so that
 * they do not split the vote.
 */
final class LeaderProbe {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderProbe.class);
    /** One heartbeat comes every half of the least election timeout; this is a little later. */
    private static final double MISSED_HEARTBEAT = 0.6;

    private static final double STAGGER = 0.4;
    private static final int CONNECT_MILLIS = 200;

    private final Duration electionMin;
    private final Follower follower;

    /** What a probe must know of this node, and may do. */
    interface Follower {
        /** How long the leader that this node follows has been silent; null: it follows none. */
        @Nullable
        Silence silence();

        /** Stands for election against that leader, if this node still follows it. */
        void stand(Silence against);
    }

    /**
     * A leader's silence.
     *
     * @param raft where the leader listens for other nodes
     * @param rank how many of the other followers go first
     */
    record Silence(String leader, InetSocketAddress raft, long millis, int rank) {}

    LeaderProbe(Duration electionMin, Follower follower) {
        this.electionMin = electionMin;
        this.follower = follower;
    }

    void tick() {
        Silence silence = follower.silence();
        if (silence == null || silence.millis() < patience(silence.rank())) {
            return;
        }
        if (refuses(silence.raft())) {
            LOG.info(
                    "nobody listens at {} any more, where {} led: standing for election",
                    silence.raft(),
                    silence.leader());
            follower.stand(silence);
        }
    }

    private double patience(int rank) {
        return electionMin.toMillis() * (MISSED_HEARTBEAT + rank * STAGGER);
    }

    private static boolean refuses(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_MILLIS); // resolved anew
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false; // no answer: the machine may be cut off, or too busy
        }
    }
}
