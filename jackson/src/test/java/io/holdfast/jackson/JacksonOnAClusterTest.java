// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.jackson.JacksonCodecTest.Order;
import io.holdfast.testing.HoldfastTestCluster;
import org.junit.jupiter.api.Test;

/** What is written as JSON goes through a cluster, and is compared there. */
class JacksonOnAClusterTest {
    @Test
    void values_areStored_comparedAndReadBack_byTypedAndRegisteredCodecs() {
        try (HoldfastTestCluster cluster = HoldfastTestCluster.start(1);
                HoldfastClient client = cluster.connect(
                        builder -> builder.codec(JacksonCodec.register(Codec.standard(), "order", Order.class)))) {
            SharedDict<String, Order> typed =
                    client.dict("orders", client.codec(String.class), JacksonCodec.of("order", Order.class));
            Order tea = new Order();
            tea.item = "tea";
            typed.put("1", tea);
            SharedDict<String, Object> any = client.dict("orders");
            assertThat(any.get("1")).isEqualTo(tea);

            Order more = new Order();
            more.item = "tea";
            more.count = 2;
            assertThat(any.replace("1", more, tea)).isFalse();
            assertThat(any.replace("1", tea, more)).isTrue();
            assertThat(typed.get("1")).isEqualTo(more);

            more.item = "x".repeat(1 << 21);
            assertThatThrownBy(() -> typed.put("2", more)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
