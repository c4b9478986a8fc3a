// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.SplittableRandom;

/** All chance of a world; from its seed alone. */
public final class Dice {
    private final SplittableRandom random;

    public Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** 0 to bound - 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** From least to greatest, both included. */
    public int between(int least, int greatest) {
        return random.nextInt(least, greatest + 1);
    }

    /** True once in so many throws. */
    public boolean oneIn(int throwsCount) {
        return random.nextInt(throwsCount) == 0;
    }

    public <T> T pick(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }
}
