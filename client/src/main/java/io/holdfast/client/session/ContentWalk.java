// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The shared objects whose contents a thread is comparing, hashing or printing. Shared objects may refer to each other in
 * cycles, also through the lists, maps and records of Java that they hold: without this, {@code equals}, {@code hashCode} and
 * {@code toString} of a cycle would read it from the cluster until the stack overflows.
 *
 * <p>A thread has such a path only while one of these methods runs.
 */
public final class ContentWalk {
    /** Each step is a call to the cluster and some frames of the stack. */
    private static final int MOST_STEPS = 100;

    private static final ThreadLocal<Deque<Step>> PATH = ThreadLocal.withInitial(ArrayDeque::new);

    private enum Purpose {
        EQUALS("compared with equals"),
        HASH("hashed"),
        TEXT("printed");

        private final String told;

        Purpose(String told) {
            this.told = told;
        }
    }

    /**
     * An object that is being looked at.
     *
     * @param other the object that it is compared with; 0: none, or one that is not shared
     */
    private record Step(Purpose purpose, long object, long other) {}

    private ContentWalk() {}

    /**
     * Compares two objects by their contents.
     *
     * @param other the id of the other one; 0: it is not a shared object
     * @throws IllegalStateException if the contents refer back to both objects, or are nested more than 100 shared objects
     *     deep
     */
    public static boolean equal(ObjectRef object, long other, BooleanSupplier equal) {
        return through(new Step(Purpose.EQUALS, object.id(), other), object, equal::getAsBoolean);
    }

    /**
     * Hashes the contents of an object.
     *
     * @throws IllegalStateException if the contents refer back to the object, or are nested more than 100 shared objects deep
     */
    public static int hash(ObjectRef object, IntSupplier hash) {
        return through(new Step(Purpose.HASH, object.id(), 0), object, hash::getAsInt);
    }

    /** Prints an object: inside another one that is being printed, only by its id. */
    public static String text(ObjectRef object, Supplier<String> text) {
        boolean inside = PATH.get().stream().anyMatch(step -> step.purpose() == Purpose.TEXT);
        return inside ? "#" + object.id() : through(new Step(Purpose.TEXT, object.id(), 0), object, text);
    }

    private static <T> T through(Step step, ObjectRef object, Supplier<T> look) {
        Deque<Step> path = PATH.get();
        if (path.contains(step)) {
            throw new IllegalStateException("The contents of " + object + " refer back to it: it cannot be "
                    + step.purpose().told + ". Compare the ids of shared objects instead.");
        }
        if (path.size() == MOST_STEPS) {
            throw new IllegalStateException(
                    "The contents that lead to " + object + " are nested more than " + MOST_STEPS
                            + " shared objects deep: they cannot be " + step.purpose().told
                            + ". Compare the ids of shared objects instead.");
        }
        path.push(step);
        try {
            return look.get();
        } finally {
            path.pop();
            if (path.isEmpty()) {
                PATH.remove();
            }
        }
    }
}
