// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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

    /** Youngest first. */
    private static List<Path> aside(Path groupFolder) throws IOException {
        try (Stream<Path> entries = Files.list(groupFolder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(ASIDE))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }
}
