// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.IteratorFeature;
import com.google.common.collect.testing.IteratorTester;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import com.google.common.collect.testing.testers.CollectionIteratorTester;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.contract.GuavaSuite;
import io.holdfast.contract.SharedCluster;
import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Guava's contract of {@link java.util.concurrent.ConcurrentMap}, on three nodes: general purpose, in the order of
 * insertion, of any size.
 *
 * <p>Nothing of it fails. Left out are the tests that try every sequence of five calls of an iterator: for the views and
 * sizes together they make thousands of dicts, which is most of the suite's time, of one and the same iterator. {@link
 * #iterator_inEverySequenceOfThreeCalls} is in their place.
 */
class SharedDictContractTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @TestFactory
    DynamicNode concurrentMap() {
        TestSuite suite = ConcurrentMapTestSuiteBuilder.using(new Generator())
                .named("SharedDict")
                .withFeatures(
                        MapFeature.GENERAL_PURPOSE,
                        CollectionFeature.KNOWN_ORDER,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                        CollectionSize.ANY)
                .suppressing(everySequence())
                .createTestSuite();
        assertThat(GuavaSuite.count(suite)).isGreaterThan(900);
        return GuavaSuite.of(suite);
    }

    @Test
    void iterator_inEverySequenceOfThreeCalls() {
        new IteratorTester<String>(
                3, IteratorFeature.MODIFIABLE, List.of("a", "b"), IteratorTester.KnownOrder.KNOWN_ORDER) {
            @Override
            protected Iterator<String> newTargetIterator() {
                SharedDict<String, Long> dict = shared.client().dict(shared.name());
                dict.put("a", 1L);
                dict.put("b", 2L);
                return dict.keySet().iterator();
            }
        }.test();
    }

    private static Method[] everySequence() {
        Set<String> names =
                Set.of("testIterator_unknownOrderRemoveSupported", "testIterator_knownOrderRemoveSupported");
        return Stream.of(CollectionIteratorTester.class.getMethods())
                .filter(method -> names.contains(method.getName()))
                .toArray(Method[]::new);
    }

    private static final class Generator extends TestStringMapGenerator {
        @Override
        protected Map<String, String> create(Map.Entry<String, String>[] entries) {
            SharedDict<String, String> dict = shared.client().dict(shared.name());
            for (Map.Entry<String, String> entry : entries) {
                dict.put(entry.getKey(), entry.getValue());
            }
            return dict;
        }
    }
}
