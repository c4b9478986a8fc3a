// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The processes that this one has started. None outlives it: a shutdown hook kills them, and where there is no time for
 * a hook (kill -9), they halt by themselves because their standard input ends.
 */
final class Children {
    private static final long KILL_SECONDS = 10;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill-children"));
    }

    private Children() {}

    static Process start(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            RUNNING.add(process);
            return process;
        } catch (IOException e) {
            throw new ClusterFaultException("cannot start a process: " + e.getMessage(), e);
        }
    }

    /** kill -9, and waits until the process is gone. */
    static void kill9(Process process) {
        process.destroyForcibly();
        awaitEnd(process, KILL_SECONDS);
    }

    /** Its exit code. */
    static int awaitEnd(Process process, long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new ClusterFaultException("process " + process.pid() + " still runs after " + seconds + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterFaultException("interrupted while process " + process.pid() + " ended", e);
        }
        RUNNING.remove(process);
        return process.exitValue();
    }

    /** Sends a signal that Java has no call for: {@code STOP}, {@code CONT}. */
    static void signal(Process process, String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new ClusterFaultException("kill -" + signal + " " + process.pid() + " failed: " + output.strip());
            }
        } catch (IOException e) {
            throw new ClusterFaultException("kill cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterFaultException("interrupted", e);
        }
    }

    /** Nodes and clients of the cluster in that folder, whoever started them; not those who only look at its files. */
    static List<ProcessHandle> withMark(String folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String line = process.info().commandLine().orElse("");
                    return line.contains("-Dholdfast.data=" + folder) || line.contains("-Dholdfast.chaos=" + folder);
                })
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .toList();
    }
}
