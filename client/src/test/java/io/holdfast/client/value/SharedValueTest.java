// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedValueTest {
    @Test
    void operations_answerBeforeAndAfter() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Long> value = client.value("v", Typecode.INT64, 5L);
            assertThat(client.value("v", Typecode.INT64, 9L).get()).isEqualTo(5);
            assertThat(value.getAndAdd(2L)).isEqualTo(5);
            assertThat(value.addAndGet(-1L)).isEqualTo(6);
            assertThat(value.getAndSet(10L)).isEqualTo(6);
            assertThat(value.compareAndSet(11L, 0L)).isFalse();
            assertThat(value.compareAndSet(10L, 1L)).isTrue();
            assertThat(value.update(n -> n * 3)).isEqualTo(3);
            value.set(Long.MAX_VALUE);
            assertThatThrownBy(() -> value.addAndGet(1L)).isInstanceOf(ArithmeticException.class);
            assertThat(value.getAsync().join()).isEqualTo(Long.MAX_VALUE);
            assertThat(value.getStale().value()).isEqualTo(Long.MAX_VALUE);
            assertThat(value.inspect().value()).isEqualTo(Long.MAX_VALUE);
            assertThatThrownBy(() -> value.set(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void wrongType_isAClassCastException() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Double> real = client.value("d", Typecode.FLOAT64, 0.5);
            assertThatThrownBy(() -> real.addAndGet(1.0)).isInstanceOf(ClassCastException.class);
        }
    }

    @Test
    void unsignedIntegersOf64Bits_areBigIntegers() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
            SharedValue<BigInteger> value = client.value("Q", Typecode.UINT64, BigInteger.TEN);
            assertThat(value.get()).isEqualTo(BigInteger.TEN);
            value.set(most);
            assertThat(value.get()).isEqualTo(most);
        }
    }

    @Test
    void typecodes_areThoseOfPython() {
        assertThat("bBhHiIlLqQfduw"
                        .chars()
                        .mapToObj(code -> Typecode.of((char) code).letter()))
                .hasSize(14);
        assertThatThrownBy(() -> Typecode.of('z')).isInstanceOf(IllegalArgumentException.class);
    }
}
