// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.server.cli.NodeLaunch;
import io.holdfast.server.config.MemberConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node of a {@link ProcessCluster}: its folder stays while its processes come and go. */
final class ServerProcess {
    /** A node stops in order within five seconds; more only because the machine may be busy. */
    private static final long STOP_SECONDS = 15;

    private static final int SHOWN_LINES = 30;

    private final MemberConfig member;
    private final Path config;
    private final List<String> jvmOptions;
    private final Path output;
    private @Nullable Process process;

    ServerProcess(Path config, List<String> jvmOptions, MemberConfig member) {
        this.config = config;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.member = member;
        this.output = config.resolveSibling(member.name() + ".log");
    }

    MemberConfig member() {
        return member;
    }

    /** What all its processes have printed, one after the other. */
    Path output() {
        return output;
    }

    void start() {
        if (process != null) {
            throw new ClusterFaultException(member.name() + " already runs");
        }
        NodeLaunch launch = new NodeLaunch(config, member).whileStdinOpen();
        jvmOptions.forEach(launch::option);
        process = Children.start(launch.process()
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())));
    }

    boolean isDown() {
        return process == null;
    }

    /**
     * Nobody has told it to end, so it must be there.
     *
     * @throws ClusterFaultException if it has ended by itself; with what it said last
     */
    void requireAlive() {
        if (hasEndedByItself()) {
            throw new ClusterFaultException(member.name() + " " + condition() + "; its log ends with\n" + lastWords());
        }
    }

    /** Whether its process runs, in words. */
    String condition() {
        if (process == null) {
            return "is down";
        }
        return process.isAlive() ? "runs" : "ended by itself with code " + process.exitValue();
    }

    /** Returns whether its process has ended although nobody ended it. */
    boolean hasEndedByItself() {
        return process != null && !process.isAlive();
    }

    void kill9() {
        Children.kill9(running());
        process = null;
    }

    /** SIGTERM; its exit code. */
    int terminate() {
        Process running = running();
        // Not Process.destroy(), which closes the node's standard input too, and so halts it.
        running.toHandle().destroy();
        int code = Children.awaitEnd(running, STOP_SECONDS);
        process = null;
        return code;
    }

    void signal(String signal) {
        Children.signal(running(), signal);
    }

    /** Removes its data, as a broken disk does. */
    void wipe() {
        if (process != null) {
            throw new ClusterFaultException(member.name() + " runs; kill it before its data is wiped");
        }
        deleteTree(member.data());
    }

    private Process running() {
        if (process == null) {
            throw new ClusterFaultException(member.name() + " does not run");
        }
        return process;
    }

    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return "(" + output + " cannot be read: " + e.getMessage() + ")";
        }
    }

    static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new ClusterFaultException("cannot remove " + folder + ": " + e.getMessage(), e);
        }
    }
}
