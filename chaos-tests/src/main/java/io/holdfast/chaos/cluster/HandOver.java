// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Takes a lock and gives it back, again and again, and prints when: see {@link ClientProgram}. */
final class HandOver {
    private final HoldfastClient client;
    private final String name;
    private final BooleanSupplier toKeep;
    private @Nullable SharedLock lock;

    HandOver(HoldfastClient client, String name, BooleanSupplier toKeep) {
        this.client = client;
        this.name = name;
        this.toKeep = toKeep;
    }

    void run() throws InterruptedException {
        while (true) {
            try {
                LockHandle held = open().acquire();
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

    private SharedLock open() {
        SharedLock opened = lock == null ? client.lock(name) : lock;
        lock = opened;
        return opened;
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
