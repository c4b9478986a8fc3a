// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.NodeState;
import io.holdfast.server.admin.AdminService;
import io.holdfast.server.config.MemberConfig;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.gateway.Connections;
import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.gateway.GatewayMetrics;
import io.holdfast.server.health.HealthServer;
import io.holdfast.server.health.NodeMetrics;
import io.holdfast.server.housekeeping.DiskGuard;
import io.holdfast.server.housekeeping.Housekeeper;
import io.holdfast.server.housekeeping.MemberDisks;
import io.holdfast.server.metrics.ApplyMetrics;
import io.holdfast.server.raft.Members;
import io.holdfast.server.raft.PeerIds;
import io.holdfast.server.raft.RaftNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node: its parts, put together in the order in which they need each other. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long FORMING_MILLIS = 200;
    private static final long HAND_OVER_MILLIS = 1_500;
    private static final long JOINING_MILLIS = 1_500;
    private static final int MAX_MESSAGE_BYTES = 8 << 20;
    /** Minutes without a call after which a connection is closed; gRPC channels open another one when they need it. */
    private static final int IDLE_MINUTES = 5;
    /**
     * Maximum number of calls that a connection carries at the same time. gRPC keeps a call that has ended until the client
     * has read its last frames, so a client that reads nothing would pile up calls.
     */
    static final int CALLS_PER_CONNECTION = 1_000;

    private final NodeConfig config;
    private final Emergency emergency;
    private final DataFolder folder;
    private final Neighbours neighbours;
    private final DiskGuard disk;
    private final MemberDisks memberDisks;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final GatewayMetrics gatewayMetrics = new GatewayMetrics(metrics);
    private final Connections connections = new Connections();
    private final Gateway gateway;
    private final NodeView view;
    private final ClientEventLoops eventLoops;
    private final CountDownLatch terminated = new CountDownLatch(1);

    private @Nullable Server server;
    private @Nullable HealthServer health;
    private @Nullable NodeMetrics nodeMetrics;
    private @Nullable Thread joining;
    private @Nullable Housekeeper housekeeper;
    private volatile @Nullable RaftNode raft;
    private volatile boolean closed;

    private Node(NodeConfig config, DataFolder folder, Emergency emergency) {
        this.config = config;
        this.folder = folder;
        this.emergency = (why, cause) -> {
            if (closed) { // parts that end while others still look at them are no emergency
                LOG.info("while closing: {}", why, cause);
            } else {
                emergency.stop(why, cause);
            }
        };
        this.neighbours = new Neighbours(config);
        this.disk = new DiskGuard(config.disk(), folder.path(), this.emergency);
        this.memberDisks = new MemberDisks(config.self().name(), disk, neighbours::identities, System::nanoTime);
        this.view = new NodeView(config, folder, disk, () -> raft);
        this.eventLoops = new ClientEventLoops(
                config.self().name(),
                FileDescriptors.connections(config.limits().counts().connections()),
                gatewayMetrics.limits(),
                connections);
        this.gateway = new Gateway(
                config,
                view,
                gatewayMetrics,
                batch -> {
                    RaftNode now = raft;
                    return now == null
                            ? CompletableFuture.failedFuture(new IllegalStateException("Raft is not started yet"))
                            : now.submit(batch);
                },
                memberDisks::lowNode);
    }

    /** Starts a node that halts the process when it cannot be trusted any more. */
    public static Node start(NodeConfig config) throws NodeStartException {
        return start(config, (why, cause) -> {
            LOG.error("{} stops: {}", config.self().name(), why, cause);
            Runtime.getRuntime().halt(70);
        });
    }

    /** Starts a node. When this returns, its ports are open; it becomes a member as soon as the others are there. */
    public static Node start(NodeConfig config, Emergency emergency) throws NodeStartException {
        DataFolder folder = DataFolder.open(config);
        Node node = new Node(config, folder, emergency);
        try {
            node.open();
            return node;
        } catch (NodeStartException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void open() throws NodeStartException {
        MemberConfig self = config.self();
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(self.raft().host(), self.raft().port()));
        } catch (IOException e) {
            throw portInUse("raft", self.raft().toString(), e);
        }
        try {
            server = eventLoops
                    .use(NettyServerBuilder.forAddress(new InetSocketAddress(
                            self.client().host(), self.client().port())))
                    .directExecutor()
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    // A connection without a stream takes a socket too: limits.connections does not count it.
                    .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                    .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                    .permitKeepAliveTime(1, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .intercept(connections)
                    .addService(gateway)
                    .addService(new AdminService(
                            config, view, gateway, neighbours, disk, memberDisks, () -> raft, gatewayMetrics.limits()))
                    .build()
                    .start();
        } catch (IOException e) {
            throw portInUse("client", self.client().toString(), e);
        }
        try {
            health = new HealthServer(self.http(), view::notReady, metrics);
        } catch (IOException e) {
            throw portInUse("http", self.http().toString(), e);
        }
        Thread thread = new Thread(this::join, "joining-" + self.name());
        thread.setDaemon(true);
        joining = thread;
        thread.start();
    }

    private NodeStartException portInUse(String which, String address, IOException cause) {
        return new NodeStartException(
                "the " + which + " address " + address + " of " + config.self().name() + " cannot be opened ("
                        + cause.getMessage() + "); stop what uses it, or configure another",
                cause);
    }

    /** Finds the cluster, and becomes part of it. */
    private void join() {
        try {
            List<String> known = folder.peers();
            if (!known.isEmpty()) {
                if (!isReplaced()) {
                    startRaft(known);
                }
                return;
            }
            Formation formation = new Formation(folder.peerId(), neighbours.count());
            while (!Thread.currentThread().isInterrupted()) {
                Formation.Finding finding = formation.find(neighbours.identities());
                if (finding.state() == NodeState.MEMBER || finding.state() == NodeState.JOINING) {
                    if (finding.state() == NodeState.MEMBER) {
                        folder.joined(finding.peers());
                    }
                    startRaft(finding.peers());
                    view.found(finding.state()); // only now: a leader that takes it in calls its Raft port at once
                    return;
                }
                view.found(finding.state());
                Thread.sleep(FORMING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            emergency.stop("Raft cannot be started", e);
        }
    }

    /** Whether another has taken this node's place, as far as the others can be asked; it then stops. */
    private boolean isReplaced() {
        for (Identity identity : neighbours.identities()) {
            List<String> peers = identity.getPeersList();
            String self = folder.peerId().toString();
            boolean replaced = identity.getState() == NodeState.MEMBER
                    && !peers.contains(self)
                    && peers.stream().anyMatch(peer -> PeerIds.node(peer).equals(PeerIds.node(folder.peerId())));
            if (replaced) {
                emergency.stop(
                        "this node was replaced by " + peers + " while it was away: empty " + folder.path()
                                + " before it is used again",
                        null);
                return true;
            }
        }
        return false;
    }

    private void startRaft(List<String> peers) throws IOException {
        RaftNode started = RaftNode.start(
                config,
                folder.peerId(),
                peers.stream().map(this::peer).toList(),
                folder.path(),
                emergency,
                gateway,
                new ApplyMetrics(metrics));
        synchronized (this) {
            if (closed) {
                started.close();
                return;
            }
            raft = started;
            nodeMetrics = new NodeMetrics(metrics, gatewayMetrics.limits(), started, gateway, disk, memberDisks);
            housekeeper = new Housekeeper(config, started, gateway, disk, memberDisks, view::noteMembership, emergency);
        }
    }

    private RaftPeer peer(String id) {
        String name = PeerIds.node(id);
        MemberConfig member = config.members().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the cluster has a member " + name + " that the configuration lacks"));
        return PeerIds.peer(
                RaftPeerId.valueOf(id),
                member.raft().toString(),
                member.client().toString());
    }

    /** Why it is not ready; empty: it is a member, knows a leader, and has applied what it knows to be committed. */
    public String notReady() {
        return view.notReady();
    }

    /** Whether it leads and serves sessions. */
    public boolean isServing() {
        return gateway.serving() != null;
    }

    /** Waits until the node is closed. */
    public void awaitTermination() throws InterruptedException {
        terminated.await();
    }

    /** Hands leadership over, lets go of clients, and stops. Takes less than five seconds. */
    @Override
    public void close() {
        Thread thread = joining;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        view.found(NodeState.STOPPING);
        if (thread != null) {
            endJoining(thread);
        }
        handOver();
        gateway.stop();
        if (housekeeper != null) {
            housekeeper.close();
        }
        if (server != null) {
            server.shutdown();
        }
        closeRaft();
        gateway.close();
        if (server != null) {
            server.shutdownNow();
        }
        eventLoops.close();
        if (health != null) {
            health.close();
        }
        if (nodeMetrics != null) {
            nodeMetrics.close();
        }
        neighbours.close();
        folder.close();
        terminated.countDown();
    }

    /** Raft may be starting there: whoever starts this node again needs its ports and its folder. */
    private static void endJoining(Thread thread) {
        thread.interrupt();
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(JOINING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handOver() {
        RaftNode now = raft;
        if (now == null || gateway.serving() == null || now.peers().size() < 2) {
            return;
        }
        try {
            new Members(now).transferToMostCaughtUp(HAND_OVER_MILLIS);
        } catch (IOException | RuntimeException e) {
            LOG.info("leadership was not handed over; the others elect a leader: {}", e.toString());
        }
    }

    private void closeRaft() {
        RaftNode now = raft;
        if (now != null) {
            try {
                now.close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("Raft did not close well: {}", e.toString());
            }
        }
    }
}
