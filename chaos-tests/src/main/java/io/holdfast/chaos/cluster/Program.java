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
 * @param yields whether nodes and other processes come before it where processors are scarce
 * @param arguments further arguments
 */
public record Program(Class<?> main, String heap, boolean yields, List<String> arguments) {
    private static final String SMALL_HEAP = "128m";
    private static final String NICENESS = "10";

    public Program {
        arguments = List.copyOf(arguments);
    }

    /** A program that needs little memory. */
    public static Program of(Class<?> main, List<String> arguments) {
        return new Program(main, SMALL_HEAP, false, arguments);
    }

    /** With a heap of that size. */
    public Program withHeap(String size) {
        return new Program(main, size, yields, arguments);
    }

    /** With a lower priority than the nodes have, as if it ran on a machine of its own. */
    public Program yielding() {
        return new Program(main, heap, true, arguments);
    }

    List<String> command(ProcessCluster cluster, String name) {
        List<String> command = new ArrayList<>(yields ? List.of("nice", "-n", NICENESS) : List.of());
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
