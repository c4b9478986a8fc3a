// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import java.util.Collections;
import java.util.Map;
import junit.framework.TestResult;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Guava's contract suite for {@link java.util.concurrent.ConcurrentMap}. */
class SharedDictContractTest {

    @Test
    void keepsTheContractOfConcurrentMap() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            TestResult result = new TestResult();
            ConcurrentMapTestSuiteBuilder.using(new TestStringMapGenerator() {
                        @Override
                        protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                            SharedDict<String, String> dict = client.dict("dict");
                            dict.clear();
                            for (Map.Entry<String, String> entry : entries) {
                                dict.put(entry.getKey(), entry.getValue());
                            }
                            return dict;
                        }
                    })
                    .named("SharedDict")
                    .withFeatures(
                            MapFeature.GENERAL_PURPOSE,
                            CollectionFeature.KNOWN_ORDER,
                            CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                            CollectionSize.ANY)
                    .createTestSuite()
                    .run(result);
            Assertions.assertThat(result.runCount()).isGreaterThan(300);
            Assertions.assertThat(Collections.list(result.failures())).isEmpty();
            Assertions.assertThat(Collections.list(result.errors())).isEmpty();
        }
    }
}
