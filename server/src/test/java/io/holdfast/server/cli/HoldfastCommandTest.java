// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HoldfastCommandTest {
    @TempDir
    Path folder;

    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "node",
                "up",
                "down",
                "status",
                "member",
                "member list",
                "member replace",
                "leader",
                "leader transfer",
                "snapshot",
                "hash",
                "inspect",
                "objects"
            })
    void everyCommand_hasHelp(String command) {
        assertThat(execute((command + " -h").strip().split(" "))).isZero();
        assertThat(execute((command + " --help").strip().split(" "))).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bogus        | Unmatched argument at index 0: 'bogus'
                    status --foo | Unknown option: '--foo'
                    node         | Missing required option: '--node=NAME'
                    snapshot     | Missing required parameter: 'NODE'
                    inspect      | Missing required parameter: 'NAME'
                    member       | say what to do: list or replace
                    leader       | say what to do: transfer
                    up --timeout=soon | Invalid value for option '--timeout': 'soon' is not an int
                    """)
    void badUsage_isOneLineAndAHint_andEndsWith2(String command, String message) {
        assertThat(execute(command.split(" "))).isEqualTo(ExitCode.UNUSABLE);
        assertThat(errors.toString()).startsWith("holdfast: " + message).contains("--help'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node -n n1", "up", "down", "status", "member list", "leader transfer", "hash", "objects"})
    void badConfiguration_isOneLine_andEndsWith2(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "cluster: x\n");

        assertThat(execute((command + " --config " + file).split(" "))).isEqualTo(ExitCode.UNUSABLE);
        assertThat(errors.toString()).isEqualTo("holdfast: " + file + ": the key 'nodes' is missing\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node -n n1", "up"})
    void portInUse_isOneLine_andEndsWith2(String command) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = config(taken.getLocalPort());

            assertThat(execute((command + " --config " + file).split(" "))).isEqualTo(ExitCode.UNUSABLE);
            assertThat(errors.toString())
                    .isEqualTo("holdfast: nodes.n1.client: 127.0.0.1:" + taken.getLocalPort()
                            + " is in use by another program, or this node already runs\n");
            assertThat(folder.resolve("n1")).doesNotExist();
        }
    }

    @Test
    void status_whenNothingRuns_endsWith1() throws IOException {
        assertThat(execute("status", "--config", config(freePort()).toString())).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void unknownNode_isToldWithThoseThatThereAre() throws IOException {
        Path file = config(freePort());

        assertThat(execute("member", "replace", "n7", "--config", file.toString()))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(errors.toString()).isEqualTo("holdfast: " + file + ": nodes: there is no node 'n7'; there are n1\n");
    }

    @Test
    void down_neverSignalsAProcessThatIsNotItsNode() throws IOException {
        Path file = config(freePort());
        // The pid of a node that ended long ago, and that this process has got since.
        Files.writeString(folder.resolve("n1.pid"), ProcessHandle.current().pid() + "\n");

        assertThat(execute("down", "--config", file.toString())).isZero();
    }

    private int execute(String... args) {
        CommandLine command = HoldfastCommand.commandLine().setErr(new PrintWriter(errors, true));
        return command.execute(args);
    }

    private Path config(int clientPort) throws IOException {
        return Files.writeString(folder.resolve("holdfast.yaml"), """
                cluster: test
                nodes:
                  n1: {client: 127.0.0.1:%d, raft: 127.0.0.1:%d, http: 127.0.0.1:%d, data: n1}
                """.formatted(clientPort, freePort(), freePort()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
