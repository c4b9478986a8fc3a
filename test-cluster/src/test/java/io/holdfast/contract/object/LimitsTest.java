// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.SharedCluster;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is too much is refused, and the session goes on as if it had not been asked for. */
class LimitsTest {
    private static final int MEBI = 1 << 20;

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private HoldfastClient client;
    private SharedDict<String, Object> dict;
    private long session;

    @BeforeEach
    void connect() {
        client = shared.cluster().connect();
        dict = client.dict(shared.name());
        session = client.sessionId();
    }

    @AfterEach
    void sessionWentOn() {
        assertThat(dict.size()).isGreaterThanOrEqualTo(0);
        assertThat(client.sessionId()).isEqualTo(session);
        client.close();
    }

    @Test
    void value_mayHaveOneMebibyte_andNoMore() {
        byte[] most = new byte[MEBI - 16];
        dict.put("a", most);
        assertThat(dict.get("a")).isEqualTo(most);
        for (Object tooMuch : List.of(new byte[MEBI + 1], "x".repeat(5 * MEBI), new byte[20 * MEBI])) {
            assertThatThrownBy(() -> dict.put("b", tooMuch)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(dict).containsOnlyKeys("a");
    }

    @Test
    void key_mayHave64Kibibytes_andNoMore() {
        String most = "x".repeat((64 << 10) - 16);
        dict.put(most, 1L);
        assertThat(dict.get(most)).isEqualTo(1L);
        String tooMuch = "x".repeat((64 << 10) + 1);
        assertThatThrownBy(() -> dict.put(tooMuch, 1L)).isInstanceOf(IllegalArgumentException.class);
        assertThat(dict.containsKey(tooMuch)).isFalse();
    }

    @Test
    void lists_mayBeNested29Deep_andWhatIsDeeperIsRefused() {
        for (int depth : new int[] {1, 10, 28, 29}) {
            Object nested = nestedLists(depth);
            dict.put("lists", nested);
            assertThat(dict.get("lists")).isEqualTo(nested);
        }
        for (int depth : new int[] {30, 31, 32, 33, 40, 60, 100}) {
            Object nested = nestedLists(depth);
            assertThatThrownBy(() -> dict.put("lists", nested))
                    .as("depth %s", depth)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void maps_mayBeNested29Deep_andWhatIsDeeperIsRefused() {
        for (int depth : new int[] {1, 10, 28, 29}) {
            Object nested = nestedMaps(depth);
            dict.put("maps", nested);
            assertThat(dict.get("maps")).isEqualTo(nested);
        }
        for (int depth : new int[] {30, 31, 32, 33, 40, 60, 100}) {
            Object nested = nestedMaps(depth);
            assertThatThrownBy(() -> dict.put("maps", nested))
                    .as("depth %s", depth)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Object nestedLists(int depth) {
        Object nested = 1L;
        for (int i = 0; i < depth; i++) {
            nested = List.of(nested);
        }
        return nested;
    }

    private static Object nestedMaps(int depth) {
        Object nested = 1L;
        for (int i = 0; i < depth; i++) {
            nested = Map.of("k", nested);
        }
        return nested;
    }

    @Test
    void hugeNumbersAndTexts_areRefusedByAValue() {
        SharedValue<BigInteger> number = client.value(shared.name(), Typecode.UINT64, BigInteger.ONE);
        assertThatThrownBy(() -> number.set(BigInteger.ONE.shiftLeft(50_000_000)))
                .isInstanceOfAny(ArithmeticException.class, IllegalArgumentException.class);
        SharedValue<String> character = client.value(shared.name(), Typecode.UNICODE, "a");
        assertThatThrownBy(() -> character.set("x".repeat(5 * MEBI)))
                .isInstanceOfAny(ClassCastException.class, IllegalArgumentException.class);
        assertThat(number.get()).isEqualTo(BigInteger.ONE);
        assertThat(character.get()).isEqualTo("a");
    }

    @Test
    void manyLargeValuesAtATime_getThrough() throws Exception {
        List<CompletableFuture<Object>> puts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            puts.add(dict.putAsync("key-" + i, new byte[MEBI / 2]));
        }
        for (CompletableFuture<Object> put : puts) {
            put.get();
        }
        assertThat(dict).hasSize(24);
        assertThat(dict.values()).allSatisfy(value -> assertThat((byte[]) value).hasSize(MEBI / 2));
    }

    @Test
    void moreCallsAtATimeThanTheClusterTakes_waitTheirTurn() throws Exception {
        SharedValue<Long> value = client.value(shared.name(), Typecode.INT64, 0L);
        List<CompletableFuture<Long>> adds = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            adds.add(value.addAndGetAsync(1L));
        }
        long expected = 0;
        for (CompletableFuture<Long> add : adds) {
            assertThat(add.get()).isEqualTo(++expected);
        }
        assertThat(value.get()).isEqualTo(10_000);
    }
}
