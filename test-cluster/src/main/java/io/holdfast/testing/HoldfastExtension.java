// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import io.holdfast.client.HoldfastClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test cluster for a test class, or for each of its tests, with JUnit Jupiter.
 *
 * <pre>{@code
 * class BillingTest {
 *     @RegisterExtension
 *     static final HoldfastExtension holdfast = HoldfastExtension.of(HoldfastTestCluster.builder().nodes(3));
 *
 *     @Test
 *     void bills() {
 *         try (HoldfastClient client = holdfast.connect()) { ... }
 *     }
 * }
 * }</pre>
 *
 * <p>In a static field it is one cluster for all tests of the class; in an instance's field, one for each test, which
 * takes a second or two every time. When it ends, the states of the nodes that run are compared: replicas that differ
 * fail the test.
 */
public final class HoldfastExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private final HoldfastTestClusterBuilder builder;
    private @Nullable HoldfastTestCluster cluster;
    /** Test classes that it is static for: one, and those that are nested in it while they run. */
    private int classes;

    private HoldfastExtension(HoldfastTestClusterBuilder builder) {
        this.builder = builder;
    }

    /** A cluster as the builder says. */
    public static HoldfastExtension of(HoldfastTestClusterBuilder builder) {
        return new HoldfastExtension(builder);
    }

    /**
     * The cluster.
     *
     * @throws IllegalStateException outside a test
     */
    public HoldfastTestCluster cluster() {
        HoldfastTestCluster running = cluster;
        if (running == null) {
            throw new IllegalStateException(
                    "There is no cluster outside a test. Is this a field with @RegisterExtension?");
        }
        return running;
    }

    /** A new client, as {@link HoldfastTestCluster#connect()}. */
    public HoldfastClient connect() {
        return cluster().connect();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ == 0) {
            cluster = builder.start();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            end();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (classes == 0) {
            cluster = builder.start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (classes == 0) {
            end();
        }
    }

    private void end() {
        HoldfastTestCluster ending = cluster;
        cluster = null;
        if (ending != null) {
            try (ending) {
                if (ending.hasMajority()) {
                    ending.requireEqualStates();
                }
            }
        }
    }
}
