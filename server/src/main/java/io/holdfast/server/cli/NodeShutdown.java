// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.node.Node;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a node when its process is told to: it hands leadership over, finishes what is in flight, and is gone within
 * five seconds, because whoever sent the signal sends a harder one soon.
 */
final class NodeShutdown {
    private static final Logger log = LoggerFactory.getLogger(NodeShutdown.class);
    private static final long LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private final Node node;
    private volatile boolean endedByItself;

    private NodeShutdown(Node node) {
        this.node = node;
    }

    static NodeShutdown onSignal(Node node) {
        NodeShutdown shutdown = new NodeShutdown(node);
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::stop, "shutdown"));
        return shutdown;
    }

    /** The node is gone without having been told to: there is nothing left to stop, and its process has failed. */
    void nodeEndedByItself() {
        endedByItself = true;
    }

    private void stop() {
        if (endedByItself) {
            return;
        }
        log.info("told to stop");
        Thread closing = new Thread(this::close, "closing");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closing.isAlive()) {
            log.warn("not closed after {} ms; stopping anyway, nothing that was acknowledged is lost", LIMIT_MILLIS);
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
        log.info("stopped");
        // A stop that was asked for is no failure; without this the code would be the signal's (143).
        Runtime.getRuntime().halt(ExitCode.OK);
    }

    private void close() {
        try {
            node.close();
        } catch (Exception e) {
            log.error("closing failed; nothing that was acknowledged is lost", e);
        }
    }
}
