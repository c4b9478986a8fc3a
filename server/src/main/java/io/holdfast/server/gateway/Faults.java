// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

/** Tells faults of one stream from those of the whole node. */
final class Faults {
    private Faults() {}

    /**
     * Throws what the node must not survive; returns for all that concerns the stream alone in whose service it was thrown.
     *
     * <p>A heap that is full concerns the node: any thread may have failed in the middle of anything, and the thread that
     * applies would be the next. Direct memory that is full concerns the stream: nothing but the buffers of connections is
     * in there, the failed allocation has changed nothing, and ending the stream frees what it has. The JDK and Netty throw
     * an OutOfMemoryError for both. A stack that overflows has been unwound when the fault comes here.
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
