// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

/**
 * A mistake in the configuration, or in what it names (a folder, a port).
 *
 * <p>The message is one line for people: where, what, and what to do. Nothing has been started or changed.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
