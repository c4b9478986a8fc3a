// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.node.Node;
import io.holdfast.server.node.NodeStartException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One node of the test cluster: its configuration stays while nodes come and go.
 *
 * <p>In a process of its own a node that cannot be trusted any more halts the process. Here that would end the test run
 * without a word, so the node is closed and the fault is kept, to fail the test.
 */
final class TestNode {
    private final NodeConfig config;
    private final AtomicReference<@Nullable TestClusterException> fault = new AtomicReference<>();
    private volatile @Nullable Node node;
    private volatile boolean stopping;

    TestNode(NodeConfig config) {
        this.config = config;
    }

    String name() {
        return config.self().name();
    }

    /** Begins; its ports are open when this returns. */
    synchronized void start() throws NodeStartException {
        stopping = false;
        node = Node.start(config, this::emergency);
    }

    /** Closes it in order, if it runs, and waits for whoever is at it. */
    synchronized void stop() {
        stopping = true;
        Node running = node;
        node = null;
        if (running != null) {
            running.close();
        }
    }

    boolean isRunning() {
        return node != null;
    }

    boolean isServing() {
        Node running = node;
        return running != null && running.isServing();
    }

    /** Why it is not ready; empty: it is. */
    String notReady() {
        Node running = node;
        return running == null ? "stopped" : running.notReady();
    }

    /** Why it stopped itself; null: it has not. */
    @Nullable
    TestClusterException fault() {
        return fault.get();
    }

    private void emergency(String why, @Nullable Throwable cause) {
        TestClusterException stopped =
                new TestClusterException("The node " + name() + " stopped itself: " + why + ".", cause);
        // A node that is being closed may well find its parts closed.
        if (!stopping && fault.compareAndSet(null, stopped)) {
            // Not here: this is a thread of the node, and closing waits for those.
            Thread closing = new Thread(this::stop, "closing-" + name());
            closing.setDaemon(true);
            closing.start();
        }
        throw stopped;
    }
}
