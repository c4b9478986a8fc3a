// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.kills;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Works on objects of its own and on a lock that all share, one call after the other, and knows what must be true in the
 * end. A call whose session was lost may or may not have taken effect; every other one was acknowledged.
 */
final class ClosedLoopWorker implements Runnable {
    private final HoldfastClient client;
    private final String name;
    private final SharedValue<Long> counter;
    private final SharedDict<String, Long> dict;
    private final SharedLock shared;
    private final SharedValue<Long> lastToken;
    private final AtomicLong acknowledged = new AtomicLong();
    /** Additions that were sent in a session that was lost; other calls of such a kind are counted beside them. */
    private final AtomicLong unknownAdditions = new AtomicLong();

    private final AtomicLong unknownOthers = new AtomicLong();
    private long put;
    private long attempted;
    private volatile boolean stopped;
    private volatile @Nullable String violation;

    ClosedLoopWorker(HoldfastClient client, String name) {
        this.client = client;
        this.name = name;
        this.counter = client.value("counter-" + name, Typecode.INT64, 0L);
        this.dict = client.dict("dict", String.class, Long.class);
        this.shared = client.lock("shared");
        this.lastToken = client.value("last-token", Typecode.INT64, 0L);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            for (long round = 1; !stopped; round++) {
                add();
                put(round);
                if (round % 4 == 0) {
                    takeSharedLock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            violation = name + " met " + e;
        }
    }

    private void add() {
        try {
            counter.addAndGet(1L);
            acknowledged.incrementAndGet();
        } catch (SessionLostException e) {
            unknownAdditions.incrementAndGet();
        }
    }

    private void put(long round) {
        attempted = round;
        try {
            Long before = dict.put(name, round);
            if ((before == null ? 0 : before) < put) {
                violation = name + " had put " + put + " into the dict, then found " + before + " there";
            }
            put = round;
        } catch (SessionLostException e) {
            unknownOthers.incrementAndGet();
        }
    }

    /** Under the lock, tokens only grow. */
    private void takeSharedLock() throws InterruptedException {
        long session = client.sessionId();
        try (LockHandle held = shared.acquire()) {
            long before = lastToken.guardedBy(held).getAndSet(held.token());
            if (before >= held.token()) {
                violation = "the token " + held.token() + " came after " + before;
            }
        } catch (SessionLostException e) {
            unknownOthers.incrementAndGet();
        } catch (IllegalMonitorStateException e) {
            unknownOthers.incrementAndGet();
            if (client.state() != ConnectionState.LOST && client.sessionId() == session) { // else the lock went with it
                violation = name + " lost the lock, and not its session: " + e;
            }
        }
    }

    /** What is not as it must be, now that it has ended. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        if (violation != null) {
            found.add(violation);
        }
        long sum = counter.get();
        if (sum < acknowledged.get() || sum > acknowledged.get() + unknownAdditions.get()) {
            found.add(name + " was acknowledged " + acknowledged + " additions (" + unknownAdditions
                    + " unknown), but its counter is " + sum);
        }
        Long stored = dict.get(name);
        if (put > 0 && (stored == null || stored < put || stored > attempted)) {
            found.add(name + " had put " + put + " into the dict, where there is " + stored + " now");
        }
        return found;
    }

    long acknowledgedCount() {
        return acknowledged.get();
    }

    long unknownCount() {
        return unknownAdditions.get() + unknownOthers.get();
    }
}
