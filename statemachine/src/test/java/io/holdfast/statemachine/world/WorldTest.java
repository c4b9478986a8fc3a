// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import org.junit.jupiter.api.Test;

/**
 * Runs worlds. {@code -Dseeds=N -Dsteps=M} for longer runs than the default's few seconds (with {@code -Dworld.jit=}, they
 * are faster), {@code -Dseed=S} for one world alone, {@code -DfirstSeed=F} to begin elsewhere.
 */
class WorldTest {
    static final int SEEDS = 200;
    static final int STEPS = 500;

    @Test
    void worlds_holdTheInvariants() {
        int steps = Integer.getInteger("steps", STEPS);
        Long only = Long.getLong("seed");
        if (only != null) {
            run(only, steps);
            return;
        }
        long first = Long.getLong("firstSeed", 0);
        int seeds = Integer.getInteger("seeds", SEEDS);
        for (long seed = first; seed < first + seeds; seed++) {
            run(seed, steps);
        }
    }

    @Test
    void worldsOfGarbage_holdTheInvariants() {
        int steps = Integer.getInteger("steps", STEPS);
        long first = Long.getLong("firstSeed", 0);
        int seeds = Integer.getInteger("seeds", SEEDS);
        for (long seed = first; seed < first + seeds; seed++) {
            new GarbageWorld(seed).run(steps);
        }
    }

    private static void run(long seed, int steps) {
        try {
            new World(seed).run(steps);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\nReplay: mvn -pl statemachine -am -Dtest=WorldTest -Dseed=" + seed + " -Dsteps="
                            + steps + " test",
                    e);
        }
    }
}
