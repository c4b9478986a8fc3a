// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears up what is left when a node ended while a snapshot was being installed. Ratis receives one in {@code tmp}, then
 * moves the folder of the snapshots aside ({@code sm.tmp…}), then the received one in its place. It looks after neither
 * at a start: a node that ended between the moves would have no snapshot for a log that begins behind one, and would
 * never apply anything again.
 */
final class InstallRemains {
    private static final Logger LOG = LoggerFactory.getLogger(InstallRemains.class);
    private static final String SNAPSHOTS = "sm";
    private static final String ASIDE = "sm.tmp";
    private static final String RECEIVED = "tmp";
    private static final String ATTEMPT = "snapshot-";

    private InstallRemains() {}

    /** Mends Ratis' folder of the group, before Ratis opens it. */
    static void mend(Path groupFolder) throws IOException {
        if (!Files.isDirectory(groupFolder)) {
            return;
        }
        Path snapshots = groupFolder.resolve(SNAPSHOTS);
        for (Path aside : aside(groupFolder)) {
            if (Files.exists(snapshots)) {
                Folders.delete(aside);
            } else {
                LOG.warn("the installation of a snapshot was cut off; the snapshots of before are used again");
                Files.move(aside, snapshots);
                Folders.syncEntry(groupFolder);
            }
        }
        Folders.delete(groupFolder.resolve(RECEIVED));
    }

    /**
     * Deletes the folders of attempts to install a snapshot, except that of the latest one, which may be in use. Ratis
     * creates a folder for each attempt and keeps it when the attempt fails: repeated attempts would fill a disk that
     * is nearly full. Called while Ratis runs.
     */
    static void deleteAbandoned(Path groupFolder) throws IOException {
        Path received = groupFolder.resolve(RECEIVED);
        if (!Files.isDirectory(received)) {
            return;
        }
        Map<Path, FileTime> attempts = new HashMap<>();
        try (Stream<Path> entries = Files.list(received)) {
            for (Path attempt : entries.toList()) {
                if (attempt.getFileName().toString().startsWith(ATTEMPT)) {
                    attempts.put(attempt, Files.getLastModifiedTime(attempt)); // Ratis adds one folder in it, at once
                }
            }
        }
        for (Map.Entry<Path, FileTime> attempt : attempts.entrySet()) {
            if (attempts.values().stream().anyMatch(other -> other.compareTo(attempt.getValue()) > 0)) {
                LOG.info("deleting {}: the snapshot is being installed anew", attempt.getKey());
                Folders.delete(attempt.getKey());
            }
        }
    }

    /** Youngest first. */
    private static List<Path> aside(Path groupFolder) throws IOException {
        try (Stream<Path> entries = Files.list(groupFolder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(ASIDE))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }
}
