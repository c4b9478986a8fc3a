// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.dict.SharedDict;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of a ConcurrentMap, whose facades are of this client and of another one. */
class SharedConcurrentMapTest extends ConcurrentMapContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @Override
    ConcurrentMap<String, Long> empty() {
        return shared.client().dict(shared.name(), String.class, Long.class);
    }

    @Override
    List<ConcurrentMap<String, Long>> facades(ConcurrentMap<String, Long> map) {
        SharedDict<String, Long> itself = (SharedDict<String, Long>) map;
        return List.of(
                itself,
                shared.client().dict(itself.name(), String.class, Long.class),
                shared.other().dict(itself.name(), String.class, Long.class),
                itself.expiringAfter(Duration.ofDays(1)));
    }

    @Test
    void function_runsAgain_whenAnotherClientHasChangedTheEntry() {
        ConcurrentMap<String, Long> map = empty();
        AtomicInteger calls = new AtomicInteger();
        map.put("a", 1L);
        long merged = map.merge("a", 10L, (before, more) -> {
            if (calls.incrementAndGet() == 1) {
                map.put("a", 2L);
            }
            return before + more;
        });
        assertThat(calls).hasValue(2);
        assertThat(merged).isEqualTo(12);
    }
}
