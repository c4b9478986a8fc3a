// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server;

import io.holdfast.server.cli.HoldfastCommand;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where every process of Holdfast's server side begins: a node, or a command that is given to one. */
public final class Main {
    /**
     * Logger of gRPC that warns, with a stack trace, of each client that ends its stream before it has read everything. The
     * constant keeps its level: java.util.logging drops loggers that nobody references.
     */
    private static final Logger STREAM_ERRORS =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

    /** Logger of gRPC that warns, with a stack trace, of each failed look-up of a host name. What has failed names the host. */
    private static final Logger NAME_ERRORS = Logger.getLogger("io.grpc.internal.ManagedChannelImpl");

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        quietJavaLogging();
        return HoldfastCommand.execute(args);
    }

    /** gRPC, Ratis' and ours, logs through java.util.logging, and would write two lines an event. */
    private static void quietJavaLogging() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s %6$s%n");
        Logger.getLogger("").setLevel(Level.WARNING);
        STREAM_ERRORS.setLevel(Level.SEVERE);
        NAME_ERRORS.setLevel(Level.SEVERE);
    }
}
