// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.StaleAnswer;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stale reads say how old they are; all nodes come to the same in the end. */
class StaleReadsTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private static void requireYoung(StaleAnswer<?> answer) {
        assertThat(answer.age()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
        assertThat(answer.appliedIndex()).isPositive();
    }

    @Test
    void value_isReadAtAnyNode_withItsAge() throws Exception {
        SharedValue<Long> value = shared.client().value(shared.name(), Typecode.INT64, 0L);
        value.set(1L);
        value.set(2L);
        Await.until(() -> {
            StaleAnswer<Long> answer = value.getStale();
            requireYoung(answer);
            assertThat(answer.value()).isBetween(0L, 2L);
            return answer.value() == 2;
        });
    }

    @Test
    void event_isReadAtAnyNode() throws Exception {
        SharedEvent event = shared.client().event(shared.name());
        event.set();
        Await.until(() -> {
            StaleAnswer<Boolean> answer = event.isSetStale();
            requireYoung(answer);
            return answer.value();
        });
    }

    @Test
    void dict_isReadAtAnyNode() throws Exception {
        SharedDict<String, String> dict = shared.client().dict(shared.name());
        dict.put("a", "b");
        Await.until(() -> "b".equals(dict.stale().get("a").value()));
        Await.until(() -> dict.stale().size().value() == 1);
        Await.until(() -> dict.stale().containsKey("a").value());
        StaleAnswer<String> nothing = dict.stale().get("x");
        requireYoung(nothing);
        assertThat(nothing.value()).isNull();
    }
}
