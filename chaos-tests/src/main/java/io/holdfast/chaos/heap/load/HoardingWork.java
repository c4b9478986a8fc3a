// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;

/** Owns locks, permits, deliveries and objects without names, and waits in every way that there is; then does nothing. */
final class HoardingWork implements Runnable {
    private static final int OWNED = 40;
    /** The number of waits of each kind; all kinds together have fewer than a session may have without an outcome. */
    private static final int WAITS = 300;

    /** The number of waits for a condition: fewer, since each acquires the lock first, one after the other. */
    private static final int CONDITION_WAITS = 50;

    private static final int LARGE_ITEMS = 20;
    private static final int LARGE_BYTES = 1000 << 10;

    private final HoldfastClient client;
    private final String name;
    private final Tally tally;

    HoardingWork(HoldfastClient client, String name, Tally tally) {
        this.client = client;
        this.name = name;
        this.tally = tally;
    }

    /** Acquires, or begins to wait for, one group of objects. */
    @FunctionalInterface
    private interface Hoard {
        void begin() throws InterruptedException;
    }

    @Override
    public void run() {
        hoard("hoard.own", this::own);
        hoard("waits.LARGE_PUT", this::parkLargePuts);
        for (WaitKind kind : WaitKind.values()) {
            hoard("waits." + kind, () -> await(kind));
        }
        LoadProgram.print("owns " + OWNED);
    }

    /** Performs one step, and counts its refusal, so that the next steps are performed too. */
    private void hoard(String what, Hoard hoard) {
        try {
            hoard.begin();
        } catch (RuntimeException | InterruptedException e) {
            tally.refused(what, e);
        }
    }

    private void await(WaitKind kind) throws InterruptedException {
        String object = "hoard/" + name + "/" + kind;
        int waits = kind == WaitKind.CONDITION ? CONDITION_WAITS : WAITS;
        kind.prepare(client, object);
        kind.begin(client, object, waits);
        tally.done("waits." + kind, waits);
    }

    private void own() throws InterruptedException {
        for (int i = 0; i < OWNED; i++) {
            client.newLock().lock();
            client.newEvent();
        }
        client.semaphore("hoard/" + name + "/permits", OWNED).acquire(OWNED);
        SharedQueue<byte[]> items = client.queue("hoard/" + name + "/items", byte[].class);
        for (int i = 0; i < OWNED; i++) {
            items.put(new byte[100]);
            items.receive();
        }
        tally.done("hoard.own", OWNED);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // they never end
    private void parkLargePuts() throws InterruptedException {
        SharedQueue<byte[]> full =
                client.queue("hoard/" + name + "/full", byte[].class, QueueOptions.DEFAULT.maxsize(1));
        full.offer(new byte[1]);
        for (int i = 0; i < LARGE_ITEMS; i++) {
            full.putAsync(new byte[LARGE_BYTES]);
        }
        tally.done("waits.LARGE_PUT", LARGE_ITEMS);
    }
}
