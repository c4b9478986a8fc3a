// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of a test cluster: a temporary one, or one that the test has named and wants to keep. */
record ClusterFolder(Path path, boolean temporary) {

    /** Makes the folder; one that is named must be empty. */
    static ClusterFolder make(@Nullable Path named) {
        try {
            if (named == null) {
                return new ClusterFolder(Files.createTempDirectory("holdfast-test-"), true);
            }
            Files.createDirectories(named);
            try (Stream<Path> entries = Files.list(named)) {
                if (entries.findAny().isPresent()) {
                    throw new TestClusterException(
                            "The folder " + named + " is not empty. A test cluster begins anew: empty it.", null);
                }
            }
            return new ClusterFolder(named, false);
        } catch (IOException e) {
            throw new TestClusterException("The cluster's folder cannot be made: " + e, e);
        }
    }

    /** Removes what is in it, as before another attempt. */
    void empty() {
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (!each.equals(path)) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (IOException e) {
            throw new TestClusterException("The folder " + path + " cannot be emptied: " + e, e);
        }
    }

    /** Removes a temporary folder; leaves one that was named. */
    void release() {
        if (!temporary) {
            return;
        }
        empty();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new TestClusterException("The folder " + path + " cannot be removed: " + e, e);
        }
    }
}
