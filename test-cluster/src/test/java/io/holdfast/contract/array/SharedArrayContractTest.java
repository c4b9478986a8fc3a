// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.array;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.IteratorFeature;
import com.google.common.collect.testing.IteratorTester;
import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
import com.google.common.collect.testing.testers.CollectionIteratorTester;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.GuavaSuite;
import io.holdfast.contract.SharedCluster;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Guava's contract of {@link List}, on three nodes, of an array's {@code asList()}: of a fixed size, so that elements can be
 * set, and neither be added nor removed. Of any size. Its elements are texts of one character.
 *
 * <p>Nothing of it fails. Left out are the tests that try every sequence of five calls of an iterator, which are most of the
 * suite's time; {@link #iterator_inEverySequenceOfThreeCalls} is in their place.
 */
class SharedArrayContractTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @TestFactory
    DynamicNode list() {
        TestSuite suite = ListTestSuiteBuilder.using(new Generator())
                .named("SharedArray.asList")
                .withFeatures(
                        ListFeature.SUPPORTS_SET,
                        CollectionFeature.KNOWN_ORDER,
                        CollectionFeature.ALLOWS_NULL_QUERIES,
                        CollectionSize.ANY)
                .suppressing(everySequence())
                .createTestSuite();
        assertThat(GuavaSuite.count(suite)).isGreaterThan(290);
        return GuavaSuite.of(suite);
    }

    @Test
    void iterator_inEverySequenceOfThreeCalls() {
        List<String> list = new Generator().create(new String[] {"a", "b"});
        new IteratorTester<String>(
                3, IteratorFeature.UNMODIFIABLE, List.of("a", "b"), IteratorTester.KnownOrder.KNOWN_ORDER) {
            @Override
            protected Iterator<String> newTargetIterator() {
                return list.iterator();
            }
        }.test();
    }

    private static Method[] everySequence() {
        Set<String> names =
                Set.of("testIterator_unknownOrderRemoveUnsupported", "testIterator_knownOrderRemoveUnsupported");
        return Stream.of(CollectionIteratorTester.class.getMethods())
                .filter(method -> names.contains(method.getName()))
                .toArray(Method[]::new);
    }

    private static final class Generator extends TestStringListGenerator {
        @Override
        protected List<String> create(String[] elements) {
            return shared.client()
                    .array(shared.name(), Typecode.UNICODE, Arrays.asList(elements))
                    .asList();
        }
    }
}
