// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.protocol.v1.MemberReplaced;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.ReplaceMemberRequest;
import io.holdfast.protocol.v1.StateHash;
import io.holdfast.protocol.v1.StatusRequest;
import io.holdfast.protocol.v1.TakeSnapshotRequest;
import io.holdfast.server.cli.ClusterConnection;
import io.holdfast.server.cli.CommandFailedException;
import io.holdfast.server.cli.MemberView;
import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.ConfigReader;
import io.holdfast.server.config.MemberConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A cluster of node processes on this machine, in a folder and on ports of its own.
 *
 * <pre>{@code
 * try (ProcessCluster cluster = ProcessCluster.start(3)) {
 *     String leader = cluster.leader();
 *     cluster.kill9(leader);
 *     cluster.restart(leader);
 *     cluster.awaitReady(leader);
 *     cluster.requireEqualHashes();
 * }
 * }</pre>
 *
 * <p>Closing it kills all its processes, those of its clients too, and removes the folder; {@link #keepFolder} leaves
 * it, for somebody who wants to read the logs. One thread uses it.
 */
public final class ProcessCluster implements AutoCloseable {
    /** A node that starts beside busy ones on few cores applies the log with code that is not compiled yet. */
    private static final Duration READY_PATIENCE = Duration.ofMinutes(3);

    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STATUS_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONG_PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final ClusterConfig config;
    private final ClusterConnection admin;
    private final Map<String, ServerProcess> nodes = new LinkedHashMap<>();
    private final List<ClientProcess> clients = new ArrayList<>();
    private boolean keepFolder;

    private ProcessCluster(Path folder, ClusterConfig config, ClusterPlan plan) {
        this.folder = folder;
        this.config = config;
        this.admin = ClusterConnection.to(config);
        for (MemberConfig member : config.members()) {
            nodes.put(member.name(), new ServerProcess(config.file(), plan.jvmOptions(), member));
        }
    }

    /** Starts so many nodes as they are by default, and waits until they serve. */
    public static ProcessCluster start(int nodes) {
        return start(ClusterPlan.of(nodes));
    }

    /** Starts the nodes {@code n1}, {@code n2} …, and waits until they serve. */
    public static ProcessCluster start(ClusterPlan plan) {
        ProcessCluster cluster = prepare(plan);
        try {
            cluster.nodes.values().forEach(ServerProcess::start);
            cluster.awaitAllReady();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.keepFolder(true);
            cluster.close();
            throw e;
        }
    }

    private static ProcessCluster prepare(ClusterPlan plan) {
        try {
            Path folder = Files.createTempDirectory("holdfast-cluster-");
            Iterator<Integer> ports = FreePorts.pick(3 * plan.nodes());
            StringBuilder yaml = new StringBuilder("cluster: chaos\nnodes:\n");
            for (int i = 1; i <= plan.nodes(); i++) {
                yaml.append("  n%d: {client: %s:%d, raft: 127.0.0.1:%d, http: 127.0.0.1:%d, data: n%d}\n"
                        .formatted(i, plan.clientHost(), ports.next(), ports.next(), ports.next(), i));
            }
            Path file = Files.writeString(folder.resolve("holdfast.yaml"), yaml.append(plan.settings()));
            return new ProcessCluster(folder, ConfigReader.read(file), plan);
        } catch (IOException e) {
            throw new ClusterFaultException("cannot prepare a cluster's folder: " + e.getMessage(), e);
        }
    }

    // ---- looking -------------------------------------------------------------------------------

    public List<String> nodes() {
        return List.copyOf(nodes.keySet());
    }

    /** For {@code HoldfastClient.connect}. */
    public String addresses() {
        return config.members().stream()
                .map(member -> member.client().toString())
                .collect(Collectors.joining(","));
    }

    public Path folder() {
        return folder;
    }

    /** The file that the node's processes log to. */
    public Path log(String node) {
        return node(node).output();
    }

    public ClusterConfig config() {
        return config;
    }

    public ClusterConnection admin() {
        return admin;
    }

    public NodeStatus status(String node) {
        return admin.member(node).call(STATUS_PATIENCE, stub -> stub.status(StatusRequest.getDefaultInstance()));
    }

    /** The node that leads and serves; waits while there is none. */
    public String leader() {
        try {
            return admin.leader(LEADER_PATIENCE).name();
        } catch (CommandFailedException e) {
            nodes.values().forEach(ServerProcess::requireAlive);
            throw new ClusterFaultException(e.getMessage() + "; logs in " + folder, e);
        }
    }

    /** A node that runs and does not lead. */
    public String follower() {
        String leader = leader();
        return nodes.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().equals(leader) && !entry.getValue().isDown())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new ClusterFaultException("no node but the leader runs"));
    }

    /**
     * Returns the nodes whose process has ended although nobody ended it, each with the end of its log; empty if there
     * are none.
     */
    public List<String> endedByThemselves() {
        return nodes.values().stream()
                .filter(ServerProcess::hasEndedByItself)
                .map(node -> node.member().name() + " " + node.condition() + "; its log ends with\n" + node.lastWords())
                .toList();
    }

    /** Every node's condition on one line, for those who wonder why something went wrong. */
    public String condition() {
        return admin.views().stream()
                .map(view ->
                        view.member().name() + " " + node(view.member().name()).condition() + " ("
                                + (view.ready() ? "ready" : view.notReady()) + ")")
                .collect(Collectors.joining(", "));
    }

    // ---- what befalls nodes --------------------------------------------------------------------

    /** kill -9. */
    public void kill9(String node) {
        node(node).kill9();
    }

    /** kill -9 of every node that runs. */
    public void kill9All() {
        nodes.values().stream().filter(node -> !node.isDown()).forEach(ServerProcess::kill9);
    }

    /** SIGTERM, and waits for the end; the exit code. */
    public int terminate(String node) {
        return node(node).terminate();
    }

    /** SIGSTOP. */
    public void stop(String node) {
        node(node).signal("STOP");
    }

    /** SIGCONT. */
    public void cont(String node) {
        node(node).signal("CONT");
    }

    /** Starts a node that is down; {@link #awaitReady} waits for it. */
    public void restart(String node) {
        node(node).start();
    }

    /** Starts all nodes that are down. */
    public void restartAll() {
        nodes.values().stream().filter(ServerProcess::isDown).forEach(ServerProcess::start);
    }

    /** Removes the data of a node that is down. */
    public void wipe(String node) {
        node(node).wipe();
    }

    /** What an operator does for a node that was wiped and runs again. */
    public MemberReplaced replaceMember(String node) {
        ReplaceMemberRequest request =
                ReplaceMemberRequest.newBuilder().setNode(node).build();
        return admin.leader(LEADER_PATIENCE).call(LONG_PATIENCE, stub -> stub.replaceMember(request));
    }

    /** Takes a snapshot on the node; the log index that it is of. */
    public long snapshot(String node) {
        return admin.member(node)
                .call(LONG_PATIENCE, stub -> stub.takeSnapshot(TakeSnapshotRequest.getDefaultInstance()))
                .getIndex();
    }

    // ---- waiting and judging -------------------------------------------------------------------

    /** Waits until the node is a member that has caught up, and knows a leader. */
    public void awaitReady(String node) {
        awaitReady(List.of(node));
    }

    /** Waits until all nodes are ready and one of them serves. */
    public void awaitAllReady() {
        awaitReady(nodes());
        leader();
    }

    private void awaitReady(List<String> names) {
        Await.answer(
                READY_PATIENCE,
                () -> {
                    nodes.values().forEach(ServerProcess::requireAlive);
                    return notReady(names).isEmpty() ? Optional.of(true) : Optional.empty();
                },
                () -> "not ready: " + notReady(names) + "; logs in " + folder);
    }

    private String notReady(List<String> names) {
        return admin.views().stream()
                .filter(view -> names.contains(view.member().name()) && !view.ready())
                .map(view -> view.member().name() + ": " + view.notReady())
                .collect(Collectors.joining("; "));
    }

    /** Waits until the node has applied what the leader knows to be committed now; that index. */
    public long awaitCaughtUp(String node) {
        long goal = status(leader()).getCommittedIndex();
        return Await.answer(
                READY_PATIENCE,
                () -> view(node)
                        .status()
                        .map(NodeStatus::getAppliedIndex)
                        .filter(applied -> applied >= goal)
                        .map(applied -> goal),
                () -> node + " has not applied index " + goal + ": " + view(node));
    }

    /** What the node says of itself, or why it says nothing. */
    public MemberView view(String node) {
        return admin.views().stream()
                .filter(view -> view.member().name().equals(node))
                .findFirst()
                .orElseThrow(() -> new ClusterFaultException("no such node: " + node));
    }

    /**
     * The hash that the states of all nodes have at one and the same log index.
     *
     * @throws ClusterFaultException if they differ
     */
    public StateHash requireEqualHashes() {
        Map<String, StateHash> hashes = admin.hashes(LONG_PATIENCE);
        if (hashes.values().stream().distinct().count() != 1) {
            String all = hashes.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue().getRows() + " rows "
                            + HexFormat.of()
                                    .formatHex(entry.getValue().getSha256().toByteArray()))
                    .collect(Collectors.joining("; "));
            throw new ClusterFaultException("the nodes' states differ: " + all + "; data and logs in " + folder);
        }
        return hashes.values().iterator().next();
    }

    // ---- the end -------------------------------------------------------------------------------

    void add(ClientProcess client) {
        clients.add(client);
    }

    /** Whether its folder is left when this is closed. */
    public void keepFolder(boolean keep) {
        keepFolder = keep;
    }

    /**
     * Kills everything that it has started.
     *
     * @throws ClusterFaultException if a process is left; it has been killed then
     */
    @Override
    public void close() {
        admin.close();
        clients.forEach(ClientProcess::close);
        kill9All();
        List<ProcessHandle> left = Children.withMark(folder.toString());
        left.forEach(ProcessHandle::destroyForcibly);
        if (!keepFolder) {
            ServerProcess.deleteTree(folder);
        }
        if (!left.isEmpty()) {
            throw new ClusterFaultException("processes were left behind, and are killed now: " + left);
        }
    }

    private ServerProcess node(String name) {
        ServerProcess node = nodes.get(config.requireMember(name).name());
        if (node == null) {
            throw new IllegalStateException(name);
        }
        return node;
    }
}
