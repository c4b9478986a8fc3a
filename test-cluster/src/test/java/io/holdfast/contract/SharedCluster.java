// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract;

import io.holdfast.client.HoldfastClient;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One cluster of three nodes for all contract tests of a run, with two clients. It takes seconds to start, and tests
 * are kept apart well enough by the names of their objects. At the end its nodes must agree on all that was done to it.
 */
public final class SharedCluster implements BeforeAllCallback {
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Machines that build are busy at times, and a pause must not cost these tests their sessions. */
    private static final Duration TTL = Duration.ofSeconds(40);

    private static final Duration GRACE = Duration.ofSeconds(20);

    private Running running;

    /** What JUnit closes when all classes are through. */
    private record Running(HoldfastTestCluster cluster, HoldfastClient client, HoldfastClient other)
            implements AutoCloseable {
        static Running start() {
            HoldfastTestCluster cluster =
                    HoldfastTestCluster.builder().nodes(3).ttl(TTL).grace(GRACE).start();
            return new Running(
                    cluster,
                    cluster.connect(builder -> builder.clientName("one")),
                    cluster.connect(builder -> builder.clientName("other")));
        }

        @Override
        public void close() {
            try (cluster) {
                cluster.requireEqualStates();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(SharedCluster.class))
                .computeIfAbsent(SharedCluster.class, key -> Running.start(), Running.class);
    }

    public HoldfastTestCluster cluster() {
        return running.cluster();
    }

    /** A client that must not be closed, nor lose its session. */
    public HoldfastClient client() {
        return running.client();
    }

    /** Another one. */
    public HoldfastClient other() {
        return running.other();
    }

    /** A name that no other test has. */
    public String name() {
        return "object-" + NAMES.incrementAndGet();
    }
}
