// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.nio.file.Path;

/**
 * Where something stands in the configuration, so that a complaint can say so.
 *
 * @param line from 1; 0: not known
 * @param key the path of keys to it, as {@code sessions.ttl}; empty: the whole file
 */
record Place(Path file, int line, String key) {
    Place at(String child, int childLine) {
        return new Place(file, childLine, key.isEmpty() ? child : key + "." + child);
    }

    ConfigException mistake(String what) {
        return new ConfigException(
                file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + what);
    }
}
