// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.Main;
import io.holdfast.server.config.MemberConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the process of a node is started: by {@code up}, by the chaos tests and by the demo alike. */
public final class NodeLaunch {
    private static final String CONF = "/io/holdfast/conf/";

    private final Path config;
    private final MemberConfig member;
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    public NodeLaunch(Path config, MemberConfig member) {
        this.config = config.toAbsolutePath().normalize();
        this.member = member;
    }

    /** One more option for the JVM; it wins over those of conf/jvm.options. */
    public NodeLaunch option(String option) {
        options.add(option);
        return this;
    }

    /** Logs to this file instead of standard output. */
    public NodeLaunch logTo(Path file) {
        return option("-Dholdfast.log.to=file").option("-Dholdfast.log=" + file);
    }

    /** The node halts when the returned process' standard input is closed, as it is when this process ends. */
    public NodeLaunch whileStdinOpen() {
        arguments.add("--while-stdin-open");
        return this;
    }

    /** What makes the node's command line its own, so that no other process is ever taken for it. */
    static List<String> marks(MemberConfig member) {
        return List.of(Main.class.getName(), "-Dholdfast.data=" + member.data());
    }

    /**
     * The process to start, on this program's own JVM and class path.
     *
     * @param prefix what runs the command, as {@code setsid}; usually nothing
     */
    public ProcessBuilder process(String... prefix) {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dholdfast.data=" + member.data());
        command.addAll(read("jvm.options"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(read("jvm-24.options"));
        }
        command.addAll(options);
        String more = System.getenv("HOLDFAST_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        command.addAll(List.of(Main.class.getName(), "node", "--config", config.toString(), "--node", member.name()));
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(command);
        // Not as an argument: it is long, and what matters would not be seen in `ps` behind it.
        process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return process;
    }

    private static List<String> read(String name) {
        try (InputStream in = NodeLaunch.class.getResourceAsStream(CONF + name)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + CONF + name);
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
