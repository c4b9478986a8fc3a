// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

/**
 * What becomes of an acquire without a timeout that would wait for ever, because the owners of locks would wait for
 * each other. A timed acquire always waits: it ends by itself.
 */
public enum OnDeadlock {
    /**
     * It is refused with {@link io.holdfast.client.errors.DeadlockException}. Of a Lock, whoever chooses this says that
     * only the thread that acquired it releases it: the cluster goes by that.
     */
    REFUSE,
    /** It waits. */
    WAIT;

    io.holdfast.protocol.v1.OnDeadlock wire() {
        return switch (this) {
            case REFUSE -> io.holdfast.protocol.v1.OnDeadlock.ON_DEADLOCK_REFUSE;
            case WAIT -> io.holdfast.protocol.v1.OnDeadlock.ON_DEADLOCK_WAIT;
        };
    }
}
