// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

/** The cluster, or one of its processes, did not do what it must. The message says what, and where to look. */
public final class ClusterFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterFaultException(String message) {
        super(message);
    }

    public ClusterFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
