// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastClientBuilder;
import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.node.NodeStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real Holdfast cluster inside a JUnit test: one node or three, in this JVM, on free ports of the loopback interface,
 * with their data in a temporary folder.
 *
 * <pre>{@code
 * @Test
 * void twoWorkersNeverBillTheSameCustomer() {
 *     try (HoldfastTestCluster cluster = HoldfastTestCluster.start(3);
 *             HoldfastClient first = cluster.connect();
 *             HoldfastClient second = cluster.connect()) {
 *         LockHandle held = first.lock("billing/7").acquire();
 *         assertThat(second.lock("billing/7").tryLock()).isFalse();
 *
 *         cluster.stopNode(cluster.leader()); // the lock does not care
 *         assertThat(second.lock("billing/7").tryLock()).isFalse();
 *
 *         held.release();
 *         assertThat(second.lock("billing/7").tryLock()).isTrue();
 *         cluster.requireEqualStates();
 *     }
 * }
 * }</pre>
 *
 * <p>With JUnit 5 or later, {@link HoldfastExtension} starts and closes one for a test class. A cluster takes a second
 * or two to start: share it, and give the objects of each test names of their own.
 *
 * <p>Nodes have numbers from 1 to {@link #size}; a message calls them {@code n1}, {@code n2} … It is the server that
 * users run, Raft, RocksDB and disk syncs included, and, but for patience with clients, its default configuration; only
 * the process is shared. So a node can be {@linkplain #stopNode stopped} in order, but not killed, and a pause of the JVM is one of all nodes and
 * clients. A node that stops itself, because it cannot go on, does not end the JVM: the next call, at the latest {@link
 * #close}, throws {@link TestClusterException} with the reason.
 *
 * <p>Logging goes to SLF4J, whatever the test has bound it to. The nodes have little to say at INFO; hold {@code
 * org.apache.ratis} and {@code io.grpc} at WARN.
 *
 * <p>Safe for many threads, but for stopping and restarting.
 */
public final class HoldfastTestCluster implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MILLIS = 20;

    private final ClusterFolder folder;
    private final ClusterConfig config;
    private final List<TestNode> nodes;
    private final StateHashes hashes;
    private final List<HoldfastClient> clients = new ArrayList<>();
    private boolean closed;

    private HoldfastTestCluster(ClusterFolder folder, ClusterConfig config) {
        this.folder = folder;
        this.config = config;
        this.nodes = config.members().stream()
                .map(member -> new TestNode(TestConfig.of(config, member)))
                .toList();
        this.hashes = new StateHashes(config);
    }

    /** Starts one node, and waits until it serves. */
    public static HoldfastTestCluster start() {
        return builder().start();
    }

    /**
     * Starts a cluster, and waits until it serves.
     *
     * @param nodes 1 or 3
     * @throws TestClusterException if it does not start; the message says why
     */
    public static HoldfastTestCluster start(int nodes) {
        return builder().nodes(nodes).start();
    }

    /** A cluster that is not as the defaults. */
    public static HoldfastTestClusterBuilder builder() {
        return new HoldfastTestClusterBuilder();
    }

    static HoldfastTestCluster start(int size, Duration ttl, Duration grace, @Nullable Path named) {
        ClusterFolder folder = ClusterFolder.make(named);
        for (int attempt = 1; ; attempt++) {
            HoldfastTestCluster cluster =
                    new HoldfastTestCluster(folder, TestConfig.make(size, ttl, grace, folder.path()));
            try {
                cluster.startNodes();
                return cluster;
            } catch (NodeStartException | TestClusterException e) {
                boolean another = attempt < ATTEMPTS && cluster.mayHaveLostPort(e);
                cluster.hashes.close();
                cluster.stopNodes();
                folder.empty();
                if (!another) {
                    folder.release();
                    throw new TestClusterException("The test cluster does not start: " + e.getMessage(), e);
                }
            }
        }
    }

    private void startNodes() throws NodeStartException {
        for (TestNode node : nodes) {
            node.start();
        }
        awaitReady(nodes);
    }

    /** Another process may have been faster to a port that was free: others are. */
    private boolean mayHaveLostPort(Exception failure) {
        return failure instanceof NodeStartException || nodes.stream().anyMatch(node -> node.fault() != null);
    }

    // ---- clients --------------------------------------------------------------------------------

    /** How many nodes there are, stopped ones included. */
    public int size() {
        return nodes.size();
    }

    /** The addresses of all nodes, for {@link HoldfastClient#connect(String)}. */
    public String connectString() {
        return config.members().stream()
                .map(member -> member.client().toString())
                .collect(Collectors.joining(","));
    }

    /** A new client, with the cluster's time to live. Closed with the cluster, unless it is closed before. */
    public HoldfastClient connect() {
        return connect(builder -> {});
    }

    /**
     * A new client that is not as the defaults; closed with the cluster, unless it is closed before.
     *
     * @param customizer is given a builder that knows the addresses, as {@code b -> b.clientName("billing")}
     */
    public HoldfastClient connect(Consumer<HoldfastClientBuilder> customizer) {
        check();
        HoldfastClientBuilder builder =
                HoldfastClient.builder().addresses(connectString()).ttl(Duration.ZERO);
        customizer.accept(builder);
        HoldfastClient client = builder.connect();
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    // ---- nodes ----------------------------------------------------------------------------------

    /** The number of the node that leads and serves; waits while there is none. */
    public int leader() {
        List<Integer> leaders = new ArrayList<>();
        await(
                () -> {
                    leaders.clear();
                    leaders.addAll(serving());
                    return leaders.size() == 1;
                },
                () -> "There is no leader: " + complaints());
        return leaders.get(0);
    }

    /** Whether the node has not been stopped. */
    public boolean isRunning(int node) {
        check();
        return node(node).isRunning();
    }

    /**
     * Stops a node, as an operator does: it hands leadership over, lets go of its clients, and closes. Its data stay.
     * Nothing happens if it is stopped already.
     */
    public void stopNode(int node) {
        check();
        node(node).stop();
        check();
    }

    /**
     * Starts a stopped node again, with its data and its ports, and waits until it has caught up; where too few others
     * run to have a leader, it does not wait. Nothing happens if it runs.
     *
     * @throws TestClusterException if it does not start
     */
    public void restartNode(int node) {
        check();
        TestNode restarted = node(node);
        if (restarted.isRunning()) {
            return;
        }
        try {
            restarted.start();
        } catch (NodeStartException e) {
            throw new TestClusterException("The node " + restarted.name() + " does not start: " + e.getMessage(), e);
        }
        if (hasMajority()) {
            awaitReady(List.of(restarted));
        }
        check();
    }

    /** Whether so many nodes run that there can be a leader. */
    boolean hasMajority() {
        return nodes.stream().filter(TestNode::isRunning).count() > nodes.size() / 2;
    }

    /** The folder of the nodes' data. */
    public Path folder() {
        return folder.path();
    }

    /**
     * Compares the states of all nodes that run, at one and the same index of the log, byte for byte. A majority must
     * run.
     *
     * @return the SHA-256 that they have in common, in hexadecimal digits
     * @throws AssertionError if they differ; the message has all of them
     * @throws TestClusterException if a node cannot tell
     */
    public String requireEqualStates() {
        check();
        String common = hashes.requireEqual(
                nodes.stream().filter(TestNode::isRunning).map(TestNode::name).toList());
        check();
        return common;
    }

    // ---- the end --------------------------------------------------------------------------------

    /**
     * Closes the clients that are still open, stops all nodes, and removes the temporary folder. Idempotent.
     *
     * @throws TestClusterException if a node had stopped itself
     */
    @Override
    public void close() {
        synchronized (clients) {
            if (closed) {
                return;
            }
            closed = true;
            clients.forEach(HoldfastClient::close);
        }
        hashes.close();
        stopNodes();
        folder.release();
        requireNoFault();
    }

    /** All at a time: one after the other, each would look for a successor among those that are left. */
    private void stopNodes() {
        List<Thread> stopping = nodes.stream()
                .map(node -> new Thread(node::stop, "stopping-" + node.name()))
                .toList();
        stopping.forEach(Thread::start);
        boolean interrupted = false;
        for (Thread thread : stopping) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private TestNode node(int number) {
        return nodes.get(Objects.checkIndex(number - 1, nodes.size()));
    }

    private List<Integer> serving() {
        List<Integer> serving = new ArrayList<>();
        for (int number = 1; number <= nodes.size(); number++) {
            if (node(number).isServing()) {
                serving.add(number);
            }
        }
        return serving;
    }

    private void awaitReady(List<TestNode> starting) {
        await(
                () -> starting.stream().allMatch(node -> node.notReady().isEmpty())
                        && !serving().isEmpty(),
                () -> "The test cluster is not ready: " + complaints());
    }

    private String complaints() {
        return nodes.stream()
                .map(node -> node.name() + " is "
                        + (node.notReady().isEmpty() ? "ready" : "not ready (" + node.notReady() + ")"))
                .collect(Collectors.joining(", "));
    }

    private void await(BooleanSupplier condition, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        check();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new TestClusterException(otherwise.get(), null);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TestClusterException("Interrupted. " + otherwise.get(), e);
            }
            check();
        }
    }

    private void check() {
        synchronized (clients) {
            if (closed) {
                throw new IllegalStateException("This test cluster is closed. Start another one.");
            }
        }
        requireNoFault();
    }

    private void requireNoFault() {
        for (TestNode node : nodes) {
            TestClusterException fault = node.fault();
            if (fault != null) {
                throw new TestClusterException(String.valueOf(fault.getMessage()), fault);
            }
        }
    }

    @Override
    public String toString() {
        return "HoldfastTestCluster[" + nodes.size() + " nodes, " + connectString() + "]";
    }
}
