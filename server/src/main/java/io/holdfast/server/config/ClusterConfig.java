// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file as a whole: what all nodes of a cluster are told, and what the command line needs to find them.
 *
 * @param file where it was read from
 * @param warnings what is allowed and yet probably not what was wanted, one line each
 */
public record ClusterConfig(
        Path file,
        String cluster,
        List<MemberConfig> members,
        boolean insecure,
        NodeConfig.Sessions sessions,
        NodeConfig.Limits limits,
        NodeConfig.Raft raft,
        NodeConfig.Snapshots snapshots,
        NodeConfig.Disk disk,
        List<String> warnings) {
    public ClusterConfig {
        members = List.copyOf(members);
        warnings = List.copyOf(warnings);
    }

    public Optional<MemberConfig> member(String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }

    /**
     * The member of that name.
     *
     * @throws ConfigException if there is none; it names those that there are
     */
    public MemberConfig requireMember(String name) {
        return member(name)
                .orElseThrow(() -> new ConfigException(file + ": nodes: there is no node '" + name + "'; there are "
                        + String.join(
                                ", ", members.stream().map(MemberConfig::name).toList())));
    }

    /** What the node of that name is told. Whether it may listen where it is to is not checked here. */
    NodeConfig forNode(String name) {
        return new NodeConfig(cluster, requireMember(name), members, insecure, sessions, limits, raft, snapshots, disk);
    }
}
