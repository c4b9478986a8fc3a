// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of a {@link ClientProcess}.
 *
 * @param main has the main method; its first two arguments are the cluster's addresses and the client's name
 * @param heap the size of its heap, as for {@code -Xmx}
 * @param prefix the command that runs it, as {@code nice}; usually nothing
 * @param arguments further arguments
 */
public record Program(Class<?> main, String heap, List<String> prefix, List<String> arguments) {
    private static final String SMALL_HEAP = "128m";
    private static final String NICENESS = "19";

    public Program {
        prefix = List.copyOf(prefix);
        arguments = List.copyOf(arguments);
    }

    /** Returns a program with a heap of 128 MiB. */
    public static Program of(Class<?> main, List<String> arguments) {
        return new Program(main, SMALL_HEAP, List.of(), arguments);
    }

    /** Returns this program with a heap of that size. */
    public Program withHeap(String size) {
        return new Program(main, size, prefix, arguments);
    }

    /** Returns this program with a lower priority than that of the nodes, as if it ran on a machine of its own. */
    public Program yielding() {
        return behind(List.of("nice", "-n", NICENESS));
    }

    /** Returns this program, run by that command, which must become the program as {@code exec} does. */
    public Program behind(List<String> command) {
        return new Program(main, heap, command, arguments);
    }

    List<String> command(ProcessCluster cluster, String name) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlogback.configurationFile=io/holdfast/conf/logback-tool.xml",
                "-Dholdfast.chaos=" + cluster.folder(),
                main.getName(),
                cluster.addresses(),
                name));
        command.addAll(arguments);
        return command;
    }
}
