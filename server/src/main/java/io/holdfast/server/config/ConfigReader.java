// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import io.holdfast.protocol.Limits;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration file, checks it whole, and says in one line what is wrong with it.
 *
 * <p>What comes out is right as far as the file alone can tell; whether the ports are free and the data folder can be
 * used is found when the node starts.
 */
public final class ConfigReader {
    private static final Logger log = LoggerFactory.getLogger(ConfigReader.class);

    private static final List<String> KEYS =
            List.of("cluster", "nodes", "insecure", "sessions", "limits", "raft", "snapshots", "disk");
    private static final List<String> SESSIONS = List.of("ttl", "min-ttl", "max-ttl", "grace");
    private static final List<String> LIMITS = List.of(
            "value-bytes",
            "in-flight",
            "queued-bytes",
            "unsent-bytes",
            "sessions",
            "connections",
            "unopened-connections",
            "stale-reads",
            "state-hashes");
    private static final List<String> RAFT =
            List.of("election-min", "election-max", "entries-in-flight", "entry-bytes");
    private static final List<String> SNAPSHOTS = List.of("log-bytes", "log-entries", "interval");
    private static final List<String> DISK = List.of("low", "critical");

    private ConfigReader() {}

    /**
     * What the node of that name is told; warnings are logged.
     *
     * @throws ConfigException if the file cannot be read, is wrong, or does not have that node, or if the node would
     *     listen beyond loopback and the file does not allow it
     */
    public static NodeConfig read(Path file, String node) {
        Section root = Section.of(YamlFile.read(file), KEYS);
        ClusterConfig config = cluster(file, root);
        MemberConfig self = config.requireMember(node);
        if (!config.insecure()) {
            Section nodes = Section.of(root.mapping("nodes"), names(config));
            requireLoopback(nodes.section(node, MemberReader.KEYS), self);
        }
        config.warnings().forEach(warning -> log.warn("{}", warning));
        return config.forNode(node);
    }

    /**
     * The whole file, for those who look at all nodes.
     *
     * @throws ConfigException if it cannot be read or is wrong
     */
    public static ClusterConfig read(Path file) {
        return cluster(file, Section.of(YamlFile.read(file), KEYS));
    }

    private static ClusterConfig cluster(Path file, Section root) {
        String cluster = root.text("cluster");
        if (!cluster.matches(MemberReader.NAME)) {
            throw root.mistake("cluster", "'" + cluster + "' is not a name; " + MemberReader.NAME_RULE);
        }
        List<MemberConfig> members = MemberReader.read(root.mapping("nodes"));
        return new ClusterConfig(
                file,
                cluster,
                members,
                root.flag("insecure", false),
                sessions(root.section("sessions", SESSIONS)),
                limits(root.section("limits", LIMITS)),
                raft(root.section("raft", RAFT)),
                snapshots(root.section("snapshots", SNAPSHOTS)),
                disk(root.section("disk", DISK)),
                warnings(file, members.size()));
    }

    private static NodeConfig.Sessions sessions(Section section) {
        Duration ttl = section.duration("ttl", "10s", "1s", "24h");
        Duration minTtl = section.duration("min-ttl", "2s", "1s", "24h");
        Duration maxTtl = section.duration("max-ttl", "5m", "1s", "24h");
        Duration grace = section.duration("grace", "2s", "100ms", "24h");
        if (minTtl.compareTo(maxTtl) > 0) {
            throw section.mistake("min-ttl", "is greater than max-ttl; lower the one or raise the other");
        }
        if (ttl.compareTo(minTtl) < 0 || ttl.compareTo(maxTtl) > 0) {
            throw section.mistake("ttl", "is not between min-ttl and max-ttl; move one of the three");
        }
        if (grace.compareTo(ttl) >= 0) {
            throw section.mistake(
                    "grace", "is not less than ttl; a closed connection is to free things sooner than silence does");
        }
        return new NodeConfig.Sessions(ttl, minTtl, maxTtl, grace);
    }

    private static NodeConfig.Limits limits(Section section) {
        return new NodeConfig.Limits(
                (int) section.size("value-bytes", "1MiB", "1", Integer.toString(Limits.VALUE_BYTES)),
                section.count("in-flight", 4096, 1, Limits.COMMANDS_PER_SESSION),
                // Less than a few frames, and one large frame would keep everybody waiting.
                section.size("queued-bytes", "16MiB", "8MiB", "4GiB"),
                // Less than the bound of one stream, and one slow client would be ended long before that.
                section.size("unsent-bytes", "64MiB", "16MiB", "4GiB"),
                counts(section));
    }

    private static NodeConfig.Counts counts(Section section) {
        NodeConfig.Counts byDefault = NodeConfig.Counts.DEFAULT;
        int sessions = section.count("sessions", byDefault.sessions(), 1, 1_000_000);
        // A session that reconnects has two streams for a moment: the old one ends when the new one is attached.
        int connections = section.count("connections", 2 * sessions, 1, 2_000_000);
        if (connections < sessions) {
            throw section.mistake(
                    "connections",
                    "is less than sessions; each session has a connection, so raise it or lower sessions");
        }
        return new NodeConfig.Counts(
                sessions,
                connections,
                section.count("unopened-connections", byDefault.unopenedConnections(), 16, 100_000),
                section.count("stale-reads", byDefault.staleReads(), 1, 1_024),
                section.count("state-hashes", byDefault.stateHashes(), 1, 16));
    }

    private static NodeConfig.Raft raft(Section section) {
        Duration least = section.duration("election-min", "500ms", "100ms", "60s");
        Duration most = section.duration("election-max", "1s", "100ms", "60s");
        if (least.compareTo(most) >= 0) {
            // Drawn from between the two; equal ones would let all nodes stand at the same moment, again and again.
            throw section.mistake(
                    "election-min", "is not less than election-max; twice as much is a good election-max");
        }
        return new NodeConfig.Raft(
                least,
                most,
                section.count("entries-in-flight", 4, 1, 64),
                // Ratis refuses entries above 4 MiB; one command can be a little over 1 MiB.
                (int) section.size("entry-bytes", "1MiB", "16KiB", "1MiB"));
    }

    private static NodeConfig.Snapshots snapshots(Section section) {
        return new NodeConfig.Snapshots(
                section.size("log-bytes", "64MiB", "1MiB", "64GiB"),
                section.count("log-entries", 50_000, 1_000, 1_000_000_000),
                section.duration("interval", "10m", "1s", "24h"));
    }

    private static NodeConfig.Disk disk(Section section) {
        long low = section.size("low", "512MiB", "1MiB", "1024GiB");
        long critical = section.size("critical", "128MiB", "1MiB", "1024GiB");
        if (critical >= low) {
            throw section.mistake("critical", "is not less than low; a node refuses growth first, and stops later");
        }
        return new NodeConfig.Disk(low, critical);
    }

    private static List<String> warnings(Path file, int members) {
        List<String> warnings = new ArrayList<>();
        if (members % 2 == 0) {
            warnings.add(file + ": nodes: " + members + " nodes survive the loss of no more nodes than " + (members - 1)
                    + " do; use an odd number");
        }
        return warnings;
    }

    private static List<String> names(ClusterConfig config) {
        return config.members().stream().map(MemberConfig::name).toList();
    }

    private static void requireLoopback(Section node, MemberConfig self) {
        Map<String, Endpoint> endpoints = Map.of("client", self.client(), "raft", self.raft(), "http", self.http());
        for (String key : MemberReader.ENDPOINTS) {
            Endpoint endpoint = endpoints.get(key);
            try {
                if (endpoint != null && !endpoint.isLoopback()) {
                    throw node.mistake(
                            key,
                            endpoint + " is reached from other machines, and this release has no TLS; use a loopback"
                                    + " address, or write 'insecure: true' if you trust the network");
                }
            } catch (UnknownHostException e) {
                throw node.mistake(key, "the host '" + endpoint.host() + "' cannot be resolved to an address");
            }
        }
    }
}
