// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

/** What the command line ends with. */
final class ExitCode {
    static final int OK = 0;
    /** The operation failed, or found what it should not. */
    static final int FAILED = 1;
    /** Nothing was begun: bad usage, bad configuration, a port in use, a data folder that cannot be used. */
    static final int UNUSABLE = 2;

    private ExitCode() {}
}
