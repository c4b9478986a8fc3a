// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import java.util.function.BooleanSupplier;

/** Takes a lock and gives it back, again and again, and prints when: see {@link ClientProgram}. */
final class HandOver {
    private final SharedLock lock;
    private final BooleanSupplier toKeep;

    HandOver(SharedLock lock, BooleanSupplier toKeep) {
        this.lock = lock;
        this.toKeep = toKeep;
    }

    void run() throws InterruptedException {
        while (true) {
            try {
                LockHandle held = lock.acquire();
                ClientProgram.say("held " + held.token() + " " + held.ticket() + " " + System.nanoTime());
                if (toKeep.getAsBoolean()) {
                    ClientProgram.say("keep " + held.token());
                    return;
                }
                giveBack(held);
            } catch (SessionLostException e) {
                // It waited, and waits again, at the end of the queue.
            }
        }
    }

    private static void giveBack(LockHandle held) {
        ClientProgram.say("freed " + held.token() + " " + System.nanoTime());
        try {
            held.release();
        } catch (LeaseLostException e) {
            ClientProgram.say("lost " + held.token());
        }
    }
}
