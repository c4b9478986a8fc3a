// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.contract.GuavaSuite;
import io.holdfast.contract.SharedCluster;
import java.util.LinkedHashMap;
import java.util.Map;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Guava's contract of {@link java.util.concurrent.ConcurrentMap}, on three nodes: general purpose, in the order of
 * insertion, of any size. All of it: nothing is left out.
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
                .createTestSuite();
        assertThat(GuavaSuite.count(suite)).isGreaterThan(900);
        return GuavaSuite.of(suite);
    }

    private static final class Generator extends TestStringMapGenerator {
        @Override
        protected Map<String, String> create(Map.Entry<String, String>[] entries) {
            SharedDict<String, String> dict = shared.client().dict(shared.name());
            Map<String, String> all = new LinkedHashMap<>();
            for (Map.Entry<String, String> entry : entries) {
                all.put(entry.getKey(), entry.getValue());
            }
            dict.putAll(all);
            return dict;
        }
    }
}
