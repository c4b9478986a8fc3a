// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.list;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
import com.google.common.collect.testing.testers.CollectionIteratorTester;
import com.google.common.collect.testing.testers.ListListIteratorTester;
import io.holdfast.client.list.SharedList;
import io.holdfast.contract.GuavaSuite;
import io.holdfast.contract.SharedCluster;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Guava's contract of {@link List}, on three nodes: general purpose, with nulls, of any size, and of its sublists.
 *
 * <p>Nothing of it fails. Left out are the tests that try every sequence of five calls of an iterator: they make
 * thousands of lists of every size and sublist, of one and the same iterator. {@link ListIteratorTest} is in their place.
 */
class SharedListContractTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @TestFactory
    DynamicNode list() {
        TestSuite suite = ListTestSuiteBuilder.using(new Generator())
                .named("SharedList")
                .withFeatures(
                        ListFeature.GENERAL_PURPOSE,
                        CollectionFeature.ALLOWS_NULL_VALUES,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                        CollectionSize.ANY)
                .suppressing(everySequence())
                .createTestSuite();
        assertThat(GuavaSuite.count(suite)).isGreaterThan(400);
        return GuavaSuite.of(suite);
    }

    private static Method[] everySequence() {
        Set<String> names = Set.of(
                "testIterator_unknownOrderRemoveSupported",
                "testIterator_knownOrderRemoveSupported",
                "testListIterator_fullyModifiable");
        return Stream.<Class<?>>of(CollectionIteratorTester.class, ListListIteratorTester.class)
                .flatMap(testers -> Stream.of(testers.getMethods()))
                .filter(method -> names.contains(method.getName()))
                .toArray(Method[]::new);
    }

    private static final class Generator extends TestStringListGenerator {
        @Override
        protected List<String> create(String[] elements) {
            SharedList<String> list = shared.client().list(shared.name());
            list.addAll(Arrays.asList(elements));
            return list;
        }
    }
}
