// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import com.google.common.util.concurrent.ListenableFuture;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.StateHash;
import io.holdfast.protocol.v1.StateHashRequest;
import io.holdfast.protocol.v1.StateHashTicket;
import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.MemberConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The Admin services of all nodes of a cluster, those that are down among them. */
public final class ClusterConnection implements AutoCloseable {
    private static final Duration STATUS_PATIENCE = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 50;

    private final ClusterConfig config;
    private final Map<String, MemberConnection> members = new LinkedHashMap<>();

    private ClusterConnection(ClusterConfig config) {
        this.config = config;
        for (MemberConfig member : config.members()) {
            members.put(member.name(), new MemberConnection(member));
        }
    }

    /** Nothing is connected before the first call. */
    public static ClusterConnection to(ClusterConfig config) {
        return new ClusterConnection(config);
    }

    public MemberConnection member(String name) {
        MemberConfig member = config.requireMember(name);
        MemberConnection connection = members.get(member.name());
        if (connection == null) {
            throw new IllegalStateException("no connection to " + name);
        }
        return connection;
    }

    /** Asks all at the same time, so that those that are down cost their deadline only once. */
    public List<MemberView> views() {
        Map<MemberConnection, ListenableFuture<NodeStatus>> asked = new LinkedHashMap<>();
        for (MemberConnection member : members.values()) {
            asked.put(member, member.statusLater(STATUS_PATIENCE));
        }
        List<MemberView> views = new ArrayList<>();
        asked.forEach((member, status) -> views.add(view(member.member(), status)));
        return views;
    }

    private MemberView view(MemberConfig member, ListenableFuture<NodeStatus> asked) {
        try {
            NodeStatus status = asked.get();
            if (!status.getCluster().equals(config.cluster())
                    || !status.getNode().equals(member.name())) {
                String trouble = "another node answers at " + member.client() + ": " + status.getNode()
                        + " of the cluster '" + status.getCluster() + "'";
                return new MemberView(member, Optional.empty(), trouble);
            }
            return new MemberView(member, Optional.of(status), "");
        } catch (ExecutionException e) {
            return new MemberView(member, Optional.empty(), MemberConnection.trouble(e));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * The node that leads and serves; waited for, because an election may be going on.
     *
     * @throws CommandFailedException if there is none in that time; it says what each node has to say
     */
    public MemberConnection leader(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            List<MemberView> views = views();
            // A leader that was cut off or paused may think that it still is one: the latest term decides.
            Optional<MemberView> leader =
                    views.stream().filter(MemberView::serves).max((a, b) -> Long.compareUnsigned(term(a), term(b)));
            if (leader.isPresent()) {
                return member(leader.get().member().name());
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new CommandFailedException("no node leads: " + complaints(views));
            }
            sleep(POLL_MILLIS);
        }
    }

    /** What each node that is not ready has to say, on one line. */
    static String complaints(List<MemberView> views) {
        return views.stream()
                .map(view -> view.member().name() + " " + (view.ready() ? "is ready" : view.notReady()))
                .collect(Collectors.joining("; "));
    }

    private static long term(MemberView view) {
        return view.status().map(NodeStatus::getTerm).orElse(0L);
    }

    /**
     * The hash of every node's state at one log index, by node.
     *
     * @throws CommandFailedException if there is no leader, or a node cannot tell its hash in that time
     */
    public Map<String, StateHash> hashes(Duration patience) {
        StateHashTicket ticket = ticket(patience);
        Map<String, StateHash> hashes = new LinkedHashMap<>();
        for (MemberConnection member : members.values()) {
            hashes.put(member.name(), member.call(patience, admin -> admin.getStateHash(ticket)));
        }
        return hashes;
    }

    /**
     * A ticket for the hashes of all nodes at one entry. A leader that loses its leadership meanwhile is no failure: the next
     * one is asked.
     *
     * @throws CommandFailedException if none has given one in that time
     */
    public StateHashTicket ticket(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return leader(patience)
                        .call(patience, admin -> admin.requestStateHash(StateHashRequest.getDefaultInstance()));
            } catch (CommandFailedException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                sleep(POLL_MILLIS);
            }
        }
    }

    static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static CommandFailedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CommandFailedException("interrupted", e);
    }

    @Override
    public void close() {
        members.values().forEach(MemberConnection::close);
    }
}
