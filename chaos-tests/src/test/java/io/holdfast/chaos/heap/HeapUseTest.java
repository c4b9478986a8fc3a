// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeapUseTest {
    private final HeapUse use = new HeapUse(10);

    @Test
    void garbageBetweenTwoCollections_isNotCounted() {
        for (int second = 0; second < 100; second++) {
            use.add(second, 100 + 50 * (second % 5)); // a collection every fifth
        }
        assertThat(use.most()).isEqualTo(100);
        assertThat(use.parts(10)).isEqualTo(List.of(100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L, 100L));
    }

    @Test
    void whatStaysAfterEveryCollection_isSeenInItsPartOfTheTime() {
        for (int second = 0; second < 100; second++) {
            use.add(second, second < 50 ? 100 : 300);
        }
        assertThat(use.most()).isEqualTo(300);
        assertThat(use.parts(2)).isEqualTo(List.of(100L, 300L));
    }

    @Test
    void lessThanAWindow_showsNothing() {
        use.add(0, 100);
        use.add(5, 100);

        assertThat(use.most()).isZero();
        assertThat(use.parts(10)).isEmpty();
    }
}
