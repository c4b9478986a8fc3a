// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.rows.NameRow;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class WeightTest {
    private static final Value NUMBERS = Value.newBuilder()
            .setList(ListValue.newBuilder().addAllElements(Collections.nCopies(10_000, Texts.integer(7))))
            .build();

    /** How many times its bytes the row weighs. */
    private static double times(MessageLite row) {
        return (double) Weight.of(row, row.getSerializedSize()) / row.getSerializedSize();
    }

    @Test
    void manySmallValues_weighManyTimesTheirBytes() {
        assertThat(times(DictEntryRow.newBuilder().setValue(NUMBERS).build())).isGreaterThan(10);
        assertThat(times(ListNodeRow.newBuilder()
                        .addAllElements(NUMBERS.getList().getElementsList())
                        .build()))
                .isGreaterThan(10);
        Value map = Value.newBuilder()
                .setMap(MapValue.newBuilder()
                        .addEntries(
                                MapEntry.newBuilder().setKey(Texts.integer(1)).setValue(NUMBERS)))
                .build();
        assertThat(times(DictEntryRow.newBuilder().setValue(map).build())).isGreaterThan(10);
    }

    @Test
    void oneLargeValue_andRowsWithout_weighAboutTheirBytes() {
        Value text = Texts.text("x".repeat(100_000));
        assertThat(times(DictEntryRow.newBuilder().setValue(text).build())).isBetween(1.0, 1.01);
        assertThat(times(NameRow.newBuilder().setObject(1L << 40).build())).isEqualTo(1);
    }
}
