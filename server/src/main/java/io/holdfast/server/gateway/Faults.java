// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

/** Distinguishes faults of one stream from faults of the whole node. */
final class Faults {
    private Faults() {}

    /**
     * Rethrows a fault that the node must not survive; returns if the fault concerns only the stream that was served.
     *
     * <p>A full heap concerns the node: any thread may fail at any place, including the thread that applies. Full
     * direct memory concerns the stream: it holds only the buffers of connections, the failed allocation has changed
     * nothing, and the end of the stream frees its buffers. The JDK and Netty throw an OutOfMemoryError for both. After
     * a StackOverflowError the stack has been unwound when this method is called.
     */
    static void rethrowIfFatal(Throwable fault) {
        if (fault instanceof VirtualMachineError error
                && !(fault instanceof StackOverflowError)
                && !isDirectMemory(error)) {
            throw error;
        }
    }

    private static boolean isDirectMemory(VirtualMachineError error) {
        String message = error.getMessage();
        // "Cannot reserve … bytes of direct buffer memory" of the JDK, "failed to allocate … of direct memory" of
        // Netty.
        return error instanceof OutOfMemoryError && message != null && message.contains("direct");
    }
}
