// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fencing tokens: which is current of each lock, and those that were. */
final class Tokens {
    private final TreeMap<Long, Long> current = new TreeMap<>();
    private final List<Guard> given = new ArrayList<>();
    private long last;

    /** A new grant, whose token must be greater than all before. */
    void grant(long lock, long token) {
        unless(token > last, Invariant.TOKENS_GROW, "token %s of lock %s after %s", token, lock, last);
        last = token;
        current.put(lock, token);
        given.add(Guard.newBuilder().setLock(lock).setToken(token).build());
    }

    void release(long lock) {
        current.remove(lock);
    }

    boolean isHeld(long lock) {
        return current.containsKey(lock);
    }

    /** Whether the guard lets a command pass. */
    boolean holds(Guard guard) {
        return guard.getToken() != 0 && guard.getToken() == current.getOrDefault(guard.getLock(), 0L);
    }

    /** A token of now or of a short time ago, with its lock; null: there was none yet. */
    @Nullable
    Guard any(Dice dice) {
        return given.isEmpty() ? null : given.get(given.size() - 1 - dice.below(Math.min(6, given.size())));
    }

    /** A token of that lock, of now more often than not; 0: none. */
    long any(Dice dice, long lock) {
        Guard other = dice.oneIn(4) ? any(dice) : null;
        return other != null ? other.getToken() : current.getOrDefault(lock, 0L);
    }
}
