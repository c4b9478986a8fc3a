// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReaderTest {
    private static final String GOOD = """
            cluster: test
            nodes:
              n1: {client: 127.0.0.1:4501, raft: 127.0.0.1:4601, http: 127.0.0.1:4701, data: ../data/n1}
              n2: {client: 127.0.0.1:4502, raft: 127.0.0.1:4602, http: 127.0.0.1:4702, data: ../data/n2}
              n3: {client: 127.0.0.1:4503, raft: 127.0.0.1:4603, http: 127.0.0.1:4703, data: ../data/n3}
            """;

    @TempDir
    Path folder;

    @Test
    void theDefaultConfiguration_isAThreeNodeClusterWithTheDefaults() {
        Path file = Path.of("../conf/holdfast.yaml");

        NodeConfig config = ConfigReader.read(file, "n2");

        assertThat(config.cluster()).isEqualTo("holdfast");
        assertThat(config.members()).extracting(MemberConfig::name).containsExactly("n1", "n2", "n3");
        assertThat(config.self())
                .isEqualTo(new MemberConfig(
                        "n2",
                        new Endpoint("127.0.0.1", 4502),
                        new Endpoint("127.0.0.1", 4602),
                        new Endpoint("127.0.0.1", 4702),
                        Path.of("../data/n2").toAbsolutePath().normalize()));
        assertThat(config.insecure()).isFalse();
        assertDefaults(config);
    }

    @Test
    void theDefaultConfiguration_showsEveryDefaultAsItIs() throws IOException {
        String shown = Files.readString(Path.of("../conf/holdfast.yaml")).replaceAll("(?m)^(\\s*)#([a-z-]+: )", "$1$2");

        NodeConfig config = ConfigReader.read(file(shown), "n1");

        assertThat(shown).contains("\n  entry-bytes: ");
        assertDefaults(config);
    }

    private static void assertDefaults(NodeConfig config) {
        assertThat(config.sessions())
                .isEqualTo(new NodeConfig.Sessions(
                        Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofSeconds(2)));
        assertThat(config.limits())
                .isEqualTo(new NodeConfig.Limits(
                        1 << 20, 4096, 16 << 20, 64 << 20, new NodeConfig.Counts(20_000, 40_000, 1_024, 64, 2)));
        assertThat(config.raft())
                .isEqualTo(new NodeConfig.Raft(Duration.ofMillis(500), Duration.ofSeconds(1), 4, 1 << 20));
        assertThat(config.snapshots()).isEqualTo(new NodeConfig.Snapshots(64 << 20, 50_000, Duration.ofMinutes(10)));
        assertThat(config.disk()).isEqualTo(new NodeConfig.Disk(512L << 20, 128L << 20));
    }

    @Test
    void everyKey_isRead() throws IOException {
        NodeConfig config = ConfigReader.read(file("""
                        cluster: a_B-9
                        insecure: true
                        nodes:
                          only:
                            client: "[::1]:1"
                            raft: 10.1.2.3:65535
                            http: node.example:3
                            data: /var/lib/holdfast
                        sessions: {ttl: 1500ms, min-ttl: 1s, max-ttl: 1h, grace: 100ms}
                        limits:
                          value-bytes: 1000
                          in-flight: 8192
                          queued-bytes: 1GiB
                          unsent-bytes: 32MiB
                          sessions: 7
                          connections: 8
                          unopened-connections: 16
                          stale-reads: 9
                          state-hashes: 3
                        raft: {election-min: 150ms, election-max: 300ms, entries-in-flight: 8, entry-bytes: 64KiB}
                        snapshots: {log-bytes: 1MiB, log-entries: 2000, interval: 30s}
                        disk: {low: 2MiB, critical: 1048576}
                        """), "only");

        assertThat(config.cluster()).isEqualTo("a_B-9");
        assertThat(config.insecure()).isTrue();
        assertThat(config.self())
                .isEqualTo(new MemberConfig(
                        "only",
                        new Endpoint("::1", 1),
                        new Endpoint("10.1.2.3", 65535),
                        new Endpoint("node.example", 3),
                        Path.of("/var/lib/holdfast")));
        assertThat(config.self().client()).hasToString("[::1]:1");
        assertThat(config.sessions())
                .isEqualTo(new NodeConfig.Sessions(
                        Duration.ofMillis(1500), Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofMillis(100)));
        assertThat(config.limits())
                .isEqualTo(new NodeConfig.Limits(1000, 8192, 1 << 30, 32 << 20, new NodeConfig.Counts(7, 8, 16, 9, 3)));
        assertThat(config.raft())
                .isEqualTo(new NodeConfig.Raft(Duration.ofMillis(150), Duration.ofMillis(300), 8, 64 << 10));
        assertThat(config.snapshots()).isEqualTo(new NodeConfig.Snapshots(1 << 20, 2_000, Duration.ofSeconds(30)));
        assertThat(config.disk()).isEqualTo(new NodeConfig.Disk(2 << 20, 1 << 20));
    }

    @Test
    void connections_areTwiceTheSessions_whereTheyAreNotSet() throws IOException {
        NodeConfig config = ConfigReader.read(file(GOOD + "limits: {sessions: 50000}\n"), "n1");

        assertThat(config.limits().counts().connections()).isEqualTo(100_000);
    }

    @Test
    void relativeDataFolder_isRelativeToTheFilesFolder_notToTheWorkingDirectory() throws IOException {
        Path file = Files.createDirectory(folder.resolve("conf")).resolve("some.yaml");
        Files.writeString(file, GOOD);

        assertThat(ConfigReader.read(file, "n1").self().data()).isEqualTo(folder.resolve("data/n1"));
    }

    @Test
    void evenNumberOfNodes_isAllowedWithAWarning() throws IOException {
        String two = GOOD.replaceFirst("(?m)^ *n3.*\n", "");

        assertThat(ConfigReader.read(file(two)).warnings())
                .singleElement()
                .asString()
                .endsWith("nodes: 2 nodes survive the loss of no more nodes than 1 do; use an odd number");
        assertThat(ConfigReader.read(file(GOOD)).warnings()).isEmpty();
    }

    @Test
    void sameDataFolder_onDifferentHosts_isAllowed() throws IOException {
        String same = "insecure: true\n"
                + GOOD.replace("n1: {client: 127.0.0.1", "n1: {client: 10.0.0.1")
                        .replace("../data/n2", "../data/n1");

        assertThat(ConfigReader.read(file(same)).members()).hasSize(3);
    }

    static Stream<BrokenConfiguration> brokenConfigurations() {
        return BrokenConfiguration.table();
    }

    @ParameterizedTest
    @MethodSource("brokenConfigurations")
    void aMistake_isToldInOneLine(BrokenConfiguration broken) throws IOException {
        Path file = file(broken.applyTo(GOOD));

        ConfigException mistake =
                catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file, broken.node()));

        assertThat(mistake).isNotNull();
        assertThat(mistake.getMessage()
                        .replace(file.toString(), "FILE")
                        .replace(folder.getParent().toString(), "FOLDER_PARENT"))
                .isEqualTo(broken.message());
        assertThat(mistake.getMessage()).doesNotContain("\n");
    }

    @Test
    void missingFile_isTold() {
        Path missing = folder.resolve("none.yaml");

        assertThatThrownBy(() -> ConfigReader.read(missing, "n1"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + ": there is no such file; give the configuration's with --config FILE");
    }

    @Test
    void folderInPlaceOfTheFile_isTold() {
        assertThatThrownBy(() -> ConfigReader.read(folder, "n1"))
                .hasMessage(folder + ": this is a folder; give the configuration file in it with --config FILE");
    }

    @Test
    void fileThatIsNotUtf8_isTold() throws IOException {
        Path file = folder.resolve("latin1.yaml");
        Files.write(file, new byte[] {'#', ' ', (byte) 0xe4, '\n'});

        assertThatThrownBy(() -> ConfigReader.read(file, "n1"))
                .hasMessage(file + ": is not UTF-8 text; save it as UTF-8");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("holdfast.yaml"), text);
    }
}
