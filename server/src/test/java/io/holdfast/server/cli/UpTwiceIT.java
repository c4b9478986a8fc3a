// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.ConfigReader;
import io.holdfast.server.fixture.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second {@code up}, while the first one runs or afterwards, changes nothing: {@code down} stops what was started. */
@Timeout(180)
class UpTwiceIT {
    @TempDir
    Path folder;

    private final StringWriter errors = new StringWriter();
    private Path file = Path.of("");

    @BeforeEach
    void configure() throws IOException {
        file = Files.writeString(
                folder.resolve("holdfast.yaml"), """
                cluster: test
                nodes:
                  n1: {client: "%s", raft: "%s", http: "%s", data: n1}
                disk: {low: 64MiB, critical: 16MiB}
                """.formatted(FreePorts.next(), FreePorts.next(), FreePorts.next()));
    }

    @AfterEach
    void down() {
        execute("down");
    }

    @Test
    void atTheSameTime_bothSucceed_andDownStopsTheNode() throws Exception {
        CyclicBarrier start = new CyclicBarrier(3);
        List<CompletableFuture<Integer>> both =
                List.of(CompletableFuture.supplyAsync(() -> up(start)), CompletableFuture.supplyAsync(() -> up(start)));
        start.await();

        for (CompletableFuture<Integer> one : both) {
            assertThat(one.get(120, TimeUnit.SECONDS)).as(errors.toString()).isZero();
        }
        requireRecordedProcessServes();
        requireDownStopsIt();
    }

    @Test
    void oneAfterTheOther_bothSucceed_andDownStopsTheNode() {
        assertThat(execute("up")).as(errors.toString()).isZero();
        long pid = runningPid();
        assertThat(execute("up")).as(errors.toString()).isZero();

        assertThat(runningPid()).as("the first process still runs").isEqualTo(pid);
        requireRecordedProcessServes();
        requireDownStopsIt();
    }

    @Test
    void whileAnotherUpHasTheLock_itEndsAtItsTimeout_andStartsNothing() {
        LocalNode node = node();
        try (StartLock lock = node.lockForStart(System.nanoTime())) {
            assertThat(lock).isNotNull();
            assertThat(execute("up", "--timeout=1")).isEqualTo(ExitCode.FAILED);
            assertThat(errors.toString()).contains("another `holdfast up` is starting n1, and has not finished");
            assertThat(node.process()).isEmpty();
        }
    }

    private int up(CyclicBarrier start) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
        return execute("up");
    }

    private ClusterConfig config() {
        return ConfigReader.read(file);
    }

    private LocalNode node() {
        return new LocalNode(file, config().members().get(0));
    }

    private long runningPid() {
        try (ClusterConnection cluster = ClusterConnection.to(config())) {
            return cluster.views().get(0).status().orElseThrow().getProcessId();
        }
    }

    private void requireRecordedProcessServes() {
        assertThat(node().process().map(ProcessHandle::pid)).hasValue(runningPid());
    }

    private void requireDownStopsIt() {
        ProcessHandle process = node().process().orElseThrow();
        assertThat(execute("down")).as(errors.toString()).isZero();
        assertThat(process.isAlive()).isFalse();
    }

    private int execute(String command, String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = command;
        arguments[1] = "--config";
        arguments[2] = file.toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return HoldfastCommand.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }
}
