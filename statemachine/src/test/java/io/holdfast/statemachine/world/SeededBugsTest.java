// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Checks that worlds detect bugs: for each {@link SeededBug}, one of the seeds violates an invariant that the bug must
 * violate. Most bugs need no more seeds than a default run of {@link WorldTest} has; a bug that needs a rare meeting of
 * events may take up to five times as many.
 *
 * <p>Bugs run side by side, as many as {@code junit-platform.properties} says, each with a folder, a class loader and
 * worlds of its own. {@code -Dbug=N} runs only the bugs whose names contain N.
 */
class SeededBugsTest {
    private static final int SEEDS = 5 * WorldTest.SEEDS;

    @TempDir
    private Path folder;

    static Stream<SeededBug> bugs() {
        return Stream.of(
                        BugsOfKernel.all(),
                        BugsOfLocks.all(),
                        BugsOfSynchronizers.all(),
                        BugsOfQueues.all(),
                        BugsOfLists.all(),
                        BugsOfArrays.all(),
                        BugsOfDicts.all(),
                        BugsOfNamespaces.all(),
                        BugsOfGarbage.all(),
                        BugsOfPieces.all())
                .flatMap(List::stream)
                .filter(bug -> bug.name().contains(System.getProperty("bug", "")));
    }

    /** SLF4J returns substitutes for loggers to other threads while one initializes it; {@link Faults} needs the real ones. */
    @BeforeAll
    static void initializeLogging() {
        LoggerFactory.getILoggerFactory();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    @Execution(ExecutionMode.CONCURRENT)
    void worlds_convict(SeededBug bug) throws ReflectiveOperationException {
        Class<?> world = bug.load(folder).loadClass(bug.world().getName());
        Method violated = world.getMethod("violated", long.class, int.class);
        Set<Invariant> seen = EnumSet.noneOf(Invariant.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            String invariant = (String) violated.invoke(null, seed, WorldTest.STEPS);
            if (!invariant.isEmpty()) {
                seen.add(Invariant.valueOf(invariant));
            }
            if (!Collections.disjoint(seen, bug.convictedBy())) {
                return; // what else a world meets first, because of the bug, is chance
            }
        }
        throw new AssertionError(
                "none of " + SEEDS + " worlds has seen that " + bug + ", but of what it leads to " + seen);
    }
}
