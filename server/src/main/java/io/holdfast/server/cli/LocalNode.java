// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.config.ConfigException;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.config.MemberConfig;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A node of this machine that {@code up} starts and {@code down} stops. Beside its data folder {@code n1} are its log
 * {@code n1.log}, what else its process printed {@code n1.out}, the process id {@code n1.pid}, and {@code n1.lock}, which
 * {@code up} locks while it starts the node.
 */
final class LocalNode {
    private static final int SHOWN_LINES = 12;
    private static final long NO_PID = -1;

    private final Path config;
    private final MemberConfig member;

    LocalNode(Path config, MemberConfig member) {
        this.config = config;
        this.member = member;
    }

    MemberConfig member() {
        return member;
    }

    String name() {
        return member.name();
    }

    /** Whether the node's addresses are this machine's; nodes of other machines must be started there. */
    boolean isHere() {
        return List.of(member.client(), member.raft(), member.http()).stream().allMatch(LocalNode::isHere);
    }

    private static boolean isHere(Endpoint endpoint) {
        try {
            InetAddress address = InetAddress.getByName(endpoint.host());
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The process that {@code up} started, if it still runs. A pid that meanwhile belongs to another does not count. */
    Optional<ProcessHandle> process() {
        long pid = recordedPid();
        return pid == NO_PID
                ? Optional.empty()
                : ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
    }

    private long recordedPid() {
        try {
            return Long.parseLong(Files.readString(beside(".pid")).strip());
        } catch (IOException | NumberFormatException e) {
            return NO_PID; // there is no record, or none that can be read
        }
    }

    private boolean isOurs(ProcessHandle process) {
        String command = process.info().commandLine().orElse("") + " ";
        return NodeLaunch.marks(member).stream().allMatch(mark -> command.contains(mark + " "));
    }

    /**
     * Waits for the right to start the node, which one {@code up} at a time has.
     *
     * @param deadline by {@link System#nanoTime}
     * @throws CommandFailedException if another {@code up} has it all the time
     */
    StartLock lockForStart(long deadline) {
        makeFolder();
        StartLock lock = StartLock.acquire(
                beside(".lock"),
                deadline,
                () -> System.out.println("another `holdfast up` is starting " + name() + "; waiting for it"));
        if (lock == null) {
            throw new CommandFailedException("another `holdfast up` is starting " + name()
                    + ", and has not finished; wait for it, or end it, and run `holdfast up` again");
        }
        return lock;
    }

    /** Starts the node so that it outlives this process and its terminal. The caller has the right to start it. */
    Process start() {
        try {
            Process process = new NodeLaunch(config, member)
                    .logTo(beside(".log"))
                    .process(detaching())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(beside(".out").toFile())
                    .start();
            Files.writeString(beside(".pid"), process.pid() + "\n");
            return process;
        } catch (IOException e) {
            throw new CommandFailedException(name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    private void makeFolder() {
        Path folder = beside("").getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ConfigException(
                    "nodes." + name() + ".data: the folder " + folder + " cannot be made (" + e
                            + "); make it, or name another in the configuration",
                    e);
        }
    }

    /** A session of its own keeps Ctrl-C and a closed terminal away from it; both commands keep the process id. */
    private static String detaching() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        boolean setsid = Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "setsid")));
        return setsid ? "setsid" : "nohup";
    }

    /** Waits for the process to end, and forgets it then, unless another one is recorded meanwhile. */
    boolean awaitEnd(ProcessHandle process, long millis) {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
            if (recordedPid() == process.pid()) {
                Files.deleteIfExists(beside(".pid"));
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted while " + name() + " was stopping", e);
        } catch (ExecutionException | IOException e) {
            throw new CommandFailedException(name() + " was stopped, but: " + e.getMessage(), e);
        }
    }

    /** What its process said last: why it did not start, most likely. */
    String lastWords() {
        String out = tail(beside(".out"));
        return out.isEmpty() ? tail(log()) : out;
    }

    Path log() {
        return beside(".log");
    }

    private static String tail(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()))
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    private Path beside(String suffix) {
        Path data = member.data();
        return data.resolveSibling(data.getFileName() + suffix);
    }
}
