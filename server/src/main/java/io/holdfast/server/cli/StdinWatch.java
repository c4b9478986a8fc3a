// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import java.io.IOException;

/** Ends this process when the one that holds the other end of its standard input is gone, however that ended. */
public final class StdinWatch {
    private StdinWatch() {}

    /** Halts, as kill -9 would: who started this process does not wait for it any more. */
    public static void haltAtEnd() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Nobody writes; only the end counts.
                        }
                    } catch (IOException e) {
                        // As good as the end.
                    }
                    Runtime.getRuntime().halt(137);
                },
                "stdin-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
