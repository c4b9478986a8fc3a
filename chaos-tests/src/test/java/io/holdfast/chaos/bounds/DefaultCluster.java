// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.chaos.cluster.Program;
import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.List;

/** Three node processes as they are by default, with a heap of 512 MiB, and a bystander. */
final class DefaultCluster implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(60);

    private final ProcessCluster processes;
    private final Bystander bystander;
    private int clients;

    private DefaultCluster(ProcessCluster processes) {
        this.processes = processes;
        this.bystander = new Bystander(processes);
    }

    static DefaultCluster start() {
        return start(ClusterPlan.of(3));
    }

    static DefaultCluster start(ClusterPlan plan) {
        ProcessCluster processes = ProcessCluster.start(plan);
        processes.keepFolder(true); // shows why a test failed
        try {
            return new DefaultCluster(processes);
        } catch (RuntimeException | Error e) {
            processes.close();
            throw e;
        }
    }

    ProcessCluster processes() {
        return processes;
    }

    /** Connects a client in this process. */
    HoldfastClient connect() {
        return HoldfastClient.builder()
                .addresses(processes.addresses())
                .clientName("test-" + clients++)
                .connectTimeout(CONNECT_TIMEOUT)
                .connect();
    }

    /** Starts a client in a process of its own, which can be killed, with a task of {@link CaseProgram}. */
    ClientProcess client(String... task) {
        Program program = Program.of(CaseProgram.class, List.of(task)).withHeap("2g");
        return ClientProcess.start(processes, "client-" + clients++, program);
    }

    /** Checks that no node has ended, that the bystander has lost nothing, and that all nodes have the same state. */
    void requireUnharmed() {
        processes.keepFolder(true);
        assertThat(processes.endedByThemselves())
                .as("nodes that ended by themselves; logs in %s", processes.folder())
                .isEmpty();
        bystander.requireUnharmed();
        processes.nodes().forEach(processes::awaitCaughtUp);
        processes.requireEqualHashes();
        processes.keepFolder(false);
    }

    /** Kills all nodes, starts them again with the same heap, and checks that they apply their logs to the same state. */
    void requireReplay() {
        processes.keepFolder(true);
        processes.kill9All();
        processes.restartAll();
        processes.awaitAllReady();
        processes.nodes().forEach(processes::awaitCaughtUp);
        processes.requireEqualHashes();
        processes.keepFolder(false);
    }

    @Override
    public void close() {
        processes.close();
    }
}
