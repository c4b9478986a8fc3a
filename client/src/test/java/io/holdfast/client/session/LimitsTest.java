// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.codec.Values;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.Value;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private final Limits limits = new Limits(1, 100, 50, 1 << 20);

    @Test
    void value_asLargeAsTheClusterTakes_passes_andALargerOneIsRefused() {
        Value most = Values.text("x".repeat(98)); // and two bytes of its own
        assertThat(limits.checkedValue(most)).isSameAs(most);
        assertThatThrownBy(() -> limits.checkedValue(Values.text("x".repeat(99))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("101 bytes")
                .hasMessageContaining("limits.value-bytes");
    }

    @Test
    void key_hasABoundOfItsOwn() {
        assertThat(limits.checkedKey(Values.text("x".repeat(48)))).isNotNull();
        assertThatThrownBy(() -> limits.checkedKey(Values.text("x".repeat(49))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the cluster takes 50 (for a key)");
    }

    @Test
    void cells_areAsLargeAsAValueTogether() {
        assertThat(limits.checkedCells(text(98))).isNotNull();
        assertThatThrownBy(() -> limits.checkedCells(text(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limits.value-bytes");
    }

    private static Cells text(int length) {
        return Cells.newBuilder().setText("x".repeat(length)).build();
    }

    @Test
    void bulk_whileTheLimitsAreUnknown_isSplitAsThisReleaseTakesIt_butNotRefused() {
        assertThat(Limits.UNKNOWN.fitsBulk(10, 2 << 20)).isTrue();
        assertThat(Limits.UNKNOWN.fitsBulk(10, 3 << 20)).isFalse();
        Limits.UNKNOWN.checkBulk(10, 3 << 20);
        assertThatThrownBy(() -> Limits.UNKNOWN.checkBulk(10_001, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits.checkBulk(10, 1 << 20)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void update_whileTheLimitsAreUnknown_isSplitAsThisReleaseTakesIt_butNotRefused() {
        assertThat(Limits.UNKNOWN.fitsUpdate(4_000, 2 << 20)).isTrue();
        assertThat(Limits.UNKNOWN.fitsUpdate(10, 3 << 20)).isFalse();
        assertThat(Limits.UNKNOWN.fitsUpdate(4_001, 1)).isFalse();
        Limits.UNKNOWN.checkUpdate(10, 3 << 20);
        assertThatThrownBy(() -> Limits.UNKNOWN.checkUpdate(4_001, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits.checkUpdate(10, 1 << 20)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nesting_isRefusedBeforeTheClusterWouldRefuseIt() {
        Limits wide = new Limits(1, 1_000, 1_000, 1 << 20);
        assertThat(wide.checkedValue(nested(30))).isNotNull();
        assertThatThrownBy(() -> wide.checkedValue(nested(31)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30 deep");
    }

    /** A number in so many lists that they are nested that deep, itself included. */
    private static Value nested(int depth) {
        return IntStream.range(1, depth)
                .boxed()
                .reduce(
                        Values.integer(1),
                        (inner, i) -> Value.newBuilder()
                                .setList(ListValue.newBuilder().addElements(inner))
                                .build(),
                        (a, b) -> b);
    }
}
