// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.testers.CollectionIteratorTester;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.contract.GuavaSuite;
import io.holdfast.contract.SharedCluster;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Guava's contract of {@link Queue}, on three nodes: general purpose, in the order of putting, of any size.
 *
 * <p>Nothing of it fails. Left out are, as for the dict, the tests that try every sequence of five calls of an iterator:
 * they make thousands of queues of one and the same iterator.
 */
class SharedQueueContractTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @TestFactory
    DynamicNode queue() {
        TestSuite suite = QueueTestSuiteBuilder.using(new Generator())
                .named("SharedQueue")
                .withFeatures(
                        CollectionFeature.GENERAL_PURPOSE,
                        CollectionFeature.KNOWN_ORDER,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                        CollectionSize.ANY)
                .suppressing(everySequence())
                .createTestSuite();
        assertThat(GuavaSuite.count(suite)).isGreaterThan(200);
        return GuavaSuite.of(suite);
    }

    private static Method[] everySequence() {
        Set<String> names =
                Set.of("testIterator_unknownOrderRemoveSupported", "testIterator_knownOrderRemoveSupported");
        return Stream.of(CollectionIteratorTester.class.getMethods())
                .filter(method -> names.contains(method.getName()))
                .toArray(Method[]::new);
    }

    private static final class Generator extends TestStringQueueGenerator {
        @Override
        protected Queue<String> create(String[] elements) {
            SharedQueue<String> queue = shared.client().queue(shared.name());
            queue.addAll(List.of(elements));
            return queue;
        }
    }
}
