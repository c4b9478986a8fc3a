// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A good configuration, one mistake, and the line that tells it.
 *
 * @param node whose configuration is read
 * @param replaced a part of the good configuration, once; empty: {@code by} is put at its end
 */
record BrokenConfiguration(String node, String replaced, String by, String message) {

    String applyTo(String good) {
        if (replaced.isEmpty()) {
            return good + by;
        }
        int at = good.indexOf(replaced);
        if (at < 0) {
            throw new IllegalArgumentException("not in the good configuration: " + replaced);
        }
        return good.substring(0, at) + by + good.substring(at + replaced.length());
    }

    @Override
    public String toString() {
        return message;
    }

    /** Replaced ~ by ~ the message. A backslash-n is a line break; the good configuration has five lines. */
    private static final String MISTAKES = """
            cluster: test       ~ clutser: test         ~ FILE:1: clutser: unknown key; known here: cluster, nodes, insecure, sessions, limits, raft, snapshots, disk
            cluster: test       ~                       ~ FILE: the key 'cluster' is missing
            cluster: test       ~ cluster:              ~ FILE:1: cluster: must be a single value, but is nothing
            cluster: test       ~ cluster: a b          ~ FILE:1: cluster: 'a b' is not a name; use 1 to 64 letters, digits, '-' and '_'
            cluster: test       ~ cluster: [a]          ~ FILE:1: cluster: must be a single value, but is a list
            cluster: test       ~ cluster: a\\ncluster: b ~ FILE:2: cluster: is set twice, first in line 1; keep one
            cluster: test       ~ cluster: &x a\\ninsecure: *x ~ FILE:2: insecure: YAML aliases (*name) are not supported; write the value out
            cluster: test       ~ cluster: a: b         ~ FILE:1: this is not YAML: mapping values are not allowed here
            cluster: test       ~ - cluster             ~ FILE:2: this is not YAML: while parsing a block collection, expected <block end>, but found '?'
            nodes:              ~ \\tnodes:              ~ FILE:2: this is not YAML: while scanning for the next token, found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)
                                ~ ---\\na: b            ~ FILE:7: a second YAML document begins here; there may be only one

            nodes:              ~ nodes: {}\\nlimits:    ~ FILE:2: nodes: has 0 nodes; there may be 1 to 9
            nodes:              ~ nodes: n1\\nlimits:    ~ FILE:2: nodes: must be a group of keys, but is 'n1'
            nodes:              ~ limits:               ~ FILE: the key 'nodes' is missing
            n1:                 ~ n 1:                  ~ FILE:3: nodes.n 1: 'n 1' is not a name for a node; use 1 to 64 letters, digits, '-' and '_'
            n2:                 ~ n1:                   ~ FILE:4: nodes.n1: is set twice, first in line 3; keep one
            n1:                 ~ n1: 127.0.0.1:4501\\n  n4: ~ FILE:3: nodes.n1: must be a group of keys, but is '127.0.0.1:4501'
            client:             ~ klient:               ~ FILE:3: nodes.n1.klient: unknown key; known here: client, raft, http, data
            client: 127.0.0.1:4501, ~                   ~ FILE:3: nodes.n1: the key 'client' is missing
            127.0.0.1:4501      ~ 127.0.0.1             ~ FILE:3: nodes.n1.client: '127.0.0.1' is not an address; write host:port, as 127.0.0.1:4501
            127.0.0.1:4501      ~ 4501                  ~ FILE:3: nodes.n1.client: '4501' is not an address; write host:port, as 127.0.0.1:4501
            127.0.0.1:4501      ~ ':4501'               ~ FILE:3: nodes.n1.client: ':4501' is not an address; write host:port, as 127.0.0.1:4501
            127.0.0.1:4501      ~ 127.0.0.1:http        ~ FILE:3: nodes.n1.client: '127.0.0.1:http' is not an address; write host:port, as 127.0.0.1:4501
            127.0.0.1:4501      ~ my_node:4501          ~ FILE:3: nodes.n1.client: 'my_node:4501' has an underscore, which no host name has; give the machine another name, or write its IP address
            127.0.0.1:4501      ~ 127.0.0.1:0           ~ FILE:3: nodes.n1.client: the port of '127.0.0.1:0' is out of range; it may be 1 to 65535
            127.0.0.1:4501      ~ 127.0.0.1:65536       ~ FILE:3: nodes.n1.client: the port of '127.0.0.1:65536' is out of range; it may be 1 to 65535
            127.0.0.1:4501      ~ 0.0.0.0:4501          ~ FILE:3: nodes.n1.client: '0.0.0.0:4501' is no address that others can connect to; write the one by which clients and the other nodes reach this node
            127.0.0.1:4501      ~ 127.0.0.1:4703        ~ FILE:5: nodes.n3.http: 127.0.0.1:4703 is already used by nodes.n1.client; each needs one of its own
            127.0.0.1:4501      ~ localhost:4601        ~ FILE:3: nodes.n1.raft: 127.0.0.1:4601 is already used by nodes.n1.client; each needs one of its own
            ../data/n2          ~ ../x/../data/n1       ~ FILE:4: nodes.n2.data: FOLDER_PARENT/data/n1 is already used by nodes.n1.data; each needs one of its own
            ../data/n1          ~ ''                    ~ FILE:3: nodes.n1.data: is empty; write the node's data folder, as ../data/n1
            127.0.0.1:4501      ~ 192.0.2.1:4501        ~ FILE:3: nodes.n1.client: 192.0.2.1:4501 is reached from other machines, and this release has no TLS; use a loopback address, or write 'insecure: true' if you trust the network
            127.0.0.1:4701      ~ 192.0.2.1:4701        ~ FILE:3: nodes.n1.http: 192.0.2.1:4701 is reached from other machines, and this release has no TLS; use a loopback address, or write 'insecure: true' if you trust the network
            127.0.0.1:4601      ~ no.such.host.invalid:1 ~ FILE:3: nodes.n1.raft: the host 'no.such.host.invalid' cannot be resolved to an address
                                ~ insecure: yes         ~ FILE:6: insecure: 'yes' is neither true nor false

                                ~ sessions: 10s         ~ FILE:6: sessions: must be a group of keys, but is '10s'
                                ~ sessions: {tll: 10s}  ~ FILE:6: sessions.tll: unknown key; known here: ttl, min-ttl, max-ttl, grace
                                ~ sessions:\\n  ttl: 10  ~ FILE:7: sessions.ttl: '10' is not a duration; write a whole number and ms, s, m or h, as 10s
                                ~ sessions: {ttl: -1s}  ~ FILE:6: sessions.ttl: '-1s' is not a duration; write a whole number and ms, s, m or h, as 10s
                                ~ sessions: {ttl: 999999999999999h} ~ FILE:6: sessions.ttl: '999999999999999h' is not a duration; write a whole number and ms, s, m or h, as 10s
                                ~ sessions: {ttl: 25h}  ~ FILE:6: sessions.ttl: '25h' is out of range; it may be 1s to 24h
                                ~ sessions: {ttl: 6m}   ~ FILE:6: sessions.ttl: is not between min-ttl and max-ttl; move one of the three
                                ~ sessions: {max-ttl: 9s} ~ FILE:6: sessions.ttl: is not between min-ttl and max-ttl; move one of the three
                                ~ sessions: {min-ttl: 6m} ~ FILE:6: sessions.min-ttl: is greater than max-ttl; lower the one or raise the other
                                ~ sessions: {grace: 10s} ~ FILE:6: sessions.grace: is not less than ttl; a closed connection is to free things sooner than silence does
                                ~ limits: {value-bytes: 0} ~ FILE:6: limits.value-bytes: '0' is out of range; it may be 1 to 1048576
                                ~ limits: {value-bytes: 2MiB} ~ FILE:6: limits.value-bytes: '2MiB' is out of range; it may be 1 to 1048576
                                ~ limits: {value-bytes: 1MB} ~ FILE:6: limits.value-bytes: '1MB' is not a size; write bytes, or a whole number and KiB, MiB or GiB, as 1MiB
                                ~ limits: {queued-bytes: 999999999999GiB} ~ FILE:6: limits.queued-bytes: '999999999999GiB' is out of range; it may be 8MiB to 4GiB
                                ~ limits: {in-flight: many} ~ FILE:6: limits.in-flight: 'many' is not a whole number
                                ~ limits: {in-flight: 8193} ~ FILE:6: limits.in-flight: '8193' is out of range; it may be 1 to 8192
                                ~ limits: {sessions: 0} ~ FILE:6: limits.sessions: '0' is out of range; it may be 1 to 1000000
                                ~ limits: {sessions: 9, connections: 8} ~ FILE:6: limits.connections: is less than sessions; each session has a connection, so raise it or lower sessions
                                ~ limits: {connections: 2000001} ~ FILE:6: limits.connections: '2000001' is out of range; it may be 1 to 2000000
                                ~ limits: {unopened-connections: 15} ~ FILE:6: limits.unopened-connections: '15' is out of range; it may be 16 to 100000
                                ~ limits: {stale-reads: 1025} ~ FILE:6: limits.stale-reads: '1025' is out of range; it may be 1 to 1024
                                ~ limits: {state-hashes: 17} ~ FILE:6: limits.state-hashes: '17' is out of range; it may be 1 to 16
                                ~ raft: {election-min: 1s} ~ FILE:6: raft.election-min: is not less than election-max; twice as much is a good election-max
                                ~ raft: {entry-bytes: 2MiB} ~ FILE:6: raft.entry-bytes: '2MiB' is out of range; it may be 16KiB to 1MiB
                                ~ raft: {entries-in-flight: 0} ~ FILE:6: raft.entries-in-flight: '0' is out of range; it may be 1 to 64
                                ~ snapshots: {interval: 0s} ~ FILE:6: snapshots.interval: '0s' is out of range; it may be 1s to 24h
                                ~ disk: {low: 100MiB}   ~ FILE:6: disk.critical: is not less than low; a node refuses growth first, and stops later
            """;

    static Stream<BrokenConfiguration> table() {
        Stream<BrokenConfiguration> rows = MISTAKES.lines()
                .filter(row -> !row.isBlank())
                .map(row -> {
                    List<String> cells =
                            Arrays.stream(row.split("~", -1)).map(String::strip).toList();
                    return new BrokenConfiguration(
                            "n1",
                            cells.get(0),
                            cells.get(1).replace("\\n", "\n").replace("\\t", "\t"),
                            cells.get(2));
                });
        return Stream.concat(
                rows,
                Stream.of(new BrokenConfiguration(
                        "n4", "", "", "FILE: nodes: there is no node 'n4'; there are n1, n2, n3")));
    }
}
