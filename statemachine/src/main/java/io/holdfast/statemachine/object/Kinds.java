// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.OnDeadlock;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.protocol.v1.SemaphoreParameters;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Kinds and parameters in words. The words are stored with refusals, so they are made here: those of a library could
 * differ between its versions, and so between nodes.
 */
final class Kinds {
    private Kinds() {}

    /** The kind as people write it: {@code lock}, {@code dict} ... */
    static String name(Kind kind) {
        return kind.name().substring("KIND_".length()).toLowerCase(Locale.ROOT);
    }

    /** Returns the parameters on one line, without those that are at their default and without initial contents. */
    static String describe(Parameters parameters) {
        Words words = new Words();
        switch (parameters.getKindCase()) {
            case LOCK -> describe(parameters.getLock(), words);
            case RLOCK -> describe(parameters.getRlock(), words);
            case SEMAPHORE -> describe(parameters.getSemaphore(), words);
            case CONDITION -> words.add("lock", parameters.getCondition().getLock());
            case BARRIER -> describe(parameters.getBarrier(), words);
            case QUEUE -> describe(parameters.getQueue(), words);
            case VALUE -> words.add("typecode", parameters.getValue().getTypecode());
            case ARRAY -> {
                words.add("typecode", parameters.getArray().getTypecode());
                words.add("length", parameters.getArray().getLength());
            }
            case EVENT, DICT, LIST, NAMESPACE, KIND_NOT_SET -> {}
        }
        return words.length() == 0 ? "default parameters" : "parameters " + words;
    }

    private static void describe(LockParameters lock, Words words) {
        words.add("ownership", lock.getOwnership());
        words.add("lock_delay_nanos", lock.getLockDelayNanos());
        words.add("on_deadlock", lock.getOnDeadlock());
    }

    private static void describe(RLockParameters rlock, Words words) {
        words.add("lock_delay_nanos", rlock.getLockDelayNanos());
        words.add("on_deadlock", rlock.getOnDeadlock());
    }

    private static void describe(SemaphoreParameters semaphore, Words words) {
        words.add("permits", semaphore.getPermits());
        words.add("bounded", semaphore.getBounded() ? "true" : "");
        words.add("ownership", semaphore.getOwnership());
    }

    private static void describe(BarrierParameters barrier, Words words) {
        words.add("parties", barrier.getParties());
        if (barrier.hasTimeoutNanos()) {
            words.add("timeout_nanos", Long.toString(barrier.getTimeoutNanos()));
        }
    }

    private static void describe(QueueParameters queue, Words words) {
        words.add("maxsize", queue.getMaxsize());
        words.add("max_deliveries", queue.getMaxDeliveries());
        words.add("dead_letter", queue.getDeadLetter());
    }

    /** Parameters with their values, joined; those that are at their default are left out. */
    private static final class Words {
        private final StringJoiner joined = new StringJoiner(" ", "{", "}").setEmptyValue("");

        void add(String name, String value) {
            if (!value.isEmpty()) {
                joined.add(name + ": " + value);
            }
        }

        void add(String name, long value) {
            add(name, value == 0 ? "" : Long.toString(value));
        }

        void add(String name, Ownership value) {
            add(name, value == Ownership.OWNERSHIP_SESSION ? "" : value.name());
        }

        void add(String name, OnDeadlock value) {
            add(name, value == OnDeadlock.ON_DEADLOCK_DEFAULT ? "" : value.name());
        }

        int length() {
            return joined.length();
        }

        @Override
        public String toString() {
            return joined.toString();
        }
    }
}
