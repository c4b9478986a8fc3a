// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.demo;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells what happens, each line with the milliseconds since the beginning. */
final class Narrator {
    private final long begin = System.nanoTime();

    /** A new part of the story. */
    void chapter(String title) {
        System.out.println();
        System.out.println(title);
    }

    void say(String line) {
        System.out.printf(Locale.ROOT, "%,9d ms  %s%n", millisSince(begin), line);
    }

    /**
     * A claim: told if it is true.
     *
     * @throws UntrueException if it is not
     */
    void claim(boolean isTrue, String claim, String instead) {
        if (!isTrue) {
            throw new UntrueException("NOT TRUE: " + claim + " - " + instead);
        }
        say(claim);
    }

    static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Something that the demo claims is not so. */
    static final class UntrueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UntrueException(String message) {
            super(message);
        }
    }
}
