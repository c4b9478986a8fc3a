// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Makes dynamic tests of a suite of Guava's testlib, which is of JUnit 3: so they need no engine of their own.
 *
 * <p>One dynamic test for each class of tests and each size, not for each of the hundreds of test methods: that many
 * would drown the report. A failure names all methods that failed.
 */
public final class GuavaSuite {
    private GuavaSuite() {}

    /** The suite's tree, with its tests as leaves. */
    public static DynamicNode of(TestSuite suite) {
        List<junit.framework.Test> tests = Collections.list(suite.tests());
        boolean isLeaf = tests.stream().allMatch(test -> test instanceof TestCase);
        return isLeaf
                ? DynamicTest.dynamicTest(suite.getName() + " (" + suite.testCount() + ")", () -> run(suite))
                : DynamicContainer.dynamicContainer(
                        suite.getName(), tests.stream().map(GuavaSuite::of));
    }

    private static DynamicNode of(junit.framework.Test test) {
        return test instanceof TestSuite suite
                ? of(suite)
                : DynamicTest.dynamicTest(String.valueOf(test), () -> run(test));
    }

    /** How many test methods there are. */
    public static int count(TestSuite suite) {
        AtomicInteger count = new AtomicInteger();
        Collections.list(suite.tests())
                .forEach(test -> count.addAndGet(test instanceof TestSuite inner ? count(inner) : 1));
        return count.get();
    }

    private static void run(junit.framework.Test test) {
        TestResult result = new TestResult();
        test.run(result);
        List<TestFailure> failures = Collections.list(result.failures());
        failures.addAll(Collections.list(result.errors()));
        if (!failures.isEmpty()) {
            AssertionError failed = new AssertionError(failures.size() + " of " + result.runCount() + " failed:\n"
                    + failures.stream().map(TestFailure::toString).collect(Collectors.joining("\n")));
            failures.forEach(failure -> failed.addSuppressed(failure.thrownException()));
            throw failed;
        }
    }
}
