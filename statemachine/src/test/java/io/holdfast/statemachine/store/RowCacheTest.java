// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.statemachine.rows.NameRow;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowCacheTest {
    private static final int ROW_BYTES = 10_000;

    private final RowCache cache = new RowCache(10 * ROW_BYTES);

    @Test
    void rowsThatWereUsedLeast_makePlace() {
        for (int i = 0; i < 9; i++) {
            cache.put(key(i), row(i), ROW_BYTES);
        }
        assertThat(cached(9)).hasSize(9);
        cache.get(key(0));
        cache.put(key(9), row(9), ROW_BYTES);
        cache.put(key(10), row(10), ROW_BYTES);
        assertThat(cached(11)).hasSizeLessThan(11).contains(0, 10).doesNotContain(1);
        assertThat(cache.get(key(0))).isEqualTo(row(0));
    }

    @Test
    void rowThatIsReplacedOrRemoved_isNotCountedAnyMore() {
        for (int i = 0; i < 1_000; i++) {
            cache.put(key(1), row(i), ROW_BYTES);
            cache.put(key(2), row(i), ROW_BYTES);
            cache.remove(key(2));
            cache.remove(key(3));
        }
        for (int i = 3; i < 10; i++) {
            cache.put(key(i), row(i), ROW_BYTES);
        }
        assertThat(cache.get(key(1))).isEqualTo(row(999));
        assertThat(cache.get(key(2))).isNull();
        assertThat(cached(10)).hasSize(8);
    }

    @Test
    void rowLargerThanTheCache_isNotCached() {
        cache.put(key(1), row(1), ROW_BYTES);
        cache.put(key(2), row(2), 11 * ROW_BYTES);
        assertThat(cache.get(key(2))).isNull();
        cache.put(key(3), row(3), ROW_BYTES);
        assertThat(cache.get(key(3))).isEqualTo(row(3));
    }

    private List<Integer> cached(int keys) {
        return IntStream.range(0, keys)
                .filter(i -> cache.get(key(i)) != null)
                .boxed()
                .toList();
    }

    private static Key key(int i) {
        return Tables.NAMES.key("n" + i);
    }

    private static NameRow row(int i) {
        return NameRow.newBuilder().setObject(i).build();
    }
}
