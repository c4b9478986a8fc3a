// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the list of nodes. No two of them share an address, and no two on one host a data folder. */
final class MemberReader {
    static final List<String> KEYS = List.of("client", "raft", "http", "data");
    static final List<String> ENDPOINTS = List.of("client", "raft", "http");

    static final String NAME = "[A-Za-z0-9_-]{1,64}";
    static final String NAME_RULE = "use 1 to 64 letters, digits, '-' and '_'";

    /** More nodes make every write slower and add little: five survive the loss of two. */
    private static final int MOST = 9;

    private final List<MemberConfig> members = new ArrayList<>();
    /** What has been taken, and by which key. */
    private final Map<String, String> taken = new HashMap<>();

    private MemberReader() {}

    static List<MemberConfig> read(Yaml.Mapping nodes) {
        int count = nodes.entries().size();
        if (count == 0 || count > MOST) {
            throw nodes.place().mistake("has " + count + " nodes; there may be 1 to " + MOST);
        }
        MemberReader reader = new MemberReader();
        nodes.entries().forEach(reader::read);
        return reader.members;
    }

    private void read(String name, Yaml value) {
        if (!name.matches(NAME)) {
            throw value.place().mistake("'" + name + "' is not a name for a node; " + NAME_RULE);
        }
        Section section = Section.of(Section.mappingOf(value), KEYS);
        for (String key : ENDPOINTS) {
            Endpoint endpoint = section.endpoint(key);
            claim(section, key, normal(endpoint), name, endpoint.toString());
        }
        Path data = data(value.place().file(), section);
        // The same folder on different machines is what most people write.
        String host = normal(section.endpoint("client")).replaceFirst(":\\d+$", "");
        claim(section, "data", host + " " + data, name, data.toString());
        members.add(new MemberConfig(
                name, section.endpoint("client"), section.endpoint("raft"), section.endpoint("http"), data));
    }

    private void claim(Section section, String key, String what, String name, String shown) {
        String earlier = taken.putIfAbsent(what, "nodes." + name + "." + key);
        if (earlier != null) {
            throw section.mistake(key, shown + " is already used by " + earlier + "; each needs one of its own");
        }
    }

    private static String normal(Endpoint endpoint) {
        String host = endpoint.host().equals("localhost") ? "127.0.0.1" : endpoint.host();
        return new Endpoint(host, endpoint.port()).toString();
    }

    /**
     * A relative path is relative to the folder of the configuration file, not to where the node happens to be started:
     * the same file must mean the same data, or a node started from elsewhere would begin with nothing.
     */
    private static Path data(Path file, Section section) {
        String text = section.text("data");
        if (text.isBlank()) {
            throw section.mistake("data", "is empty; write the node's data folder, as ../data/n1");
        }
        Path folder = file.toAbsolutePath().getParent();
        return (folder == null ? Path.of(text) : folder.resolve(text)).normalize();
    }
}
