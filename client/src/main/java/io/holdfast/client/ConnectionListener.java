// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

/**
 * Told when the state of a client's connection changes.
 *
 * <pre>{@code
 * client.addListener((now, before) -> {
 *     if (now == ConnectionState.LOST) {
 *         worker.stop(); // our locks are not ours any more
 *     }
 * });
 * }</pre>
 *
 * <p>Calls come on the client's callback executor, one at a time and in order. A listener may call the
 * client. What it throws is logged and otherwise ignored. It hears of a change a little after the
 * change: code that must know at once asks {@link HoldfastClient#state()} or {@code isHeld()}.
 */
@FunctionalInterface
public interface ConnectionListener {
    /**
     * The state has changed.
     *
     * @param now the state since the change
     * @param before the state before it
     */
    void stateChanged(ConnectionState now, ConnectionState before);
}
