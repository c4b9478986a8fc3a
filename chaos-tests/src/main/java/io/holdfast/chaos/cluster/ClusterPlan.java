// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ProcessCluster} is to be like.
 *
 * @param nodes how many
 * @param clientHost the address of this machine at which clients reach the nodes
 * @param settings more YAML for the configuration, as {@code "snapshots: {log-bytes: 1MiB}\n"}
 * @param jvmOptions more options for the JVM of every node
 */
public record ClusterPlan(int nodes, String clientHost, String settings, List<String> jvmOptions) {
    private static final String LOOPBACK = "127.0.0.1";

    public ClusterPlan {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Nodes as they are by default. */
    public static ClusterPlan of(int nodes) {
        return new ClusterPlan(nodes, LOOPBACK, "", List.of());
    }

    public ClusterPlan withSettings(String yaml) {
        return new ClusterPlan(nodes, clientHost, settings + yaml, jvmOptions);
    }

    /** Returns a plan with another address for clients than that of loopback. */
    public ClusterPlan reachedAt(String host) {
        return new ClusterPlan(nodes, host, settings + "insecure: true\n", jvmOptions);
    }

    /** Returns a plan with more options for the JVM of every node. */
    public ClusterPlan withJvmOptions(String... options) {
        List<String> all = new ArrayList<>(jvmOptions);
        all.addAll(List.of(options));
        return new ClusterPlan(nodes, clientHost, settings, all);
    }

    /**
     * For a cluster that lives a minute, and whose nodes are started again and again: the second compiler would take
     * more of a small machine than it gives back in that time. Starting takes about half.
     */
    public ClusterPlan shortLived() {
        return withJvmOptions("-XX:TieredStopAtLevel=1");
    }
}
