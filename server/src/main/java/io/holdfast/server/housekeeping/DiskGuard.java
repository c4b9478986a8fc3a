// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.node.Emergency;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the free space of the data folder's file system: a full disk would leave Ratis useless but alive. */
public final class DiskGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

    private final NodeConfig.Disk config;
    private final Path folder;
    private final Emergency emergency;
    private volatile boolean low;

    public DiskGuard(NodeConfig.Disk config, Path folder, Emergency emergency) {
        this.config = config;
        this.folder = folder;
        this.emergency = emergency;
        check();
    }

    /** Whether commands that make the state grow must be refused. */
    public boolean isLow() {
        return low;
    }

    /** Free bytes, as of now. */
    public long freeBytes() {
        try {
            FileStore store = Files.getFileStore(folder);
            return store.getUsableSpace();
        } catch (IOException e) {
            LOG.warn("the free space of {} is not known: {}", folder, e.toString());
            return Long.MAX_VALUE;
        }
    }

    void check() {
        long free = freeBytes();
        if (free < config.critical()) {
            emergency.stop(
                    "the disk of " + folder + " has " + free + " bytes left, which is less than disk.critical", null);
        }
        boolean wasLow = low;
        low = free < config.low();
        if (low != wasLow) {
            LOG.warn("the disk of {} has {} bytes left: it is {}", folder, free, low ? "low" : "not low any more");
        }
    }
}
