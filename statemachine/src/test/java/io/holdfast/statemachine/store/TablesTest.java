// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TablesTest {
    @Test
    void tables_haveDistinctPrefixesAndNames() {
        Set<Byte> prefixes = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Table<?> table : Tables.all()) {
            assertThat(prefixes.add(table.prefix())).as("prefix of %s", table).isTrue();
            assertThat(names.add(table.name())).as("name of %s", table).isTrue();
            assertThat((int) table.prefix()).as("the state hash reads 0 to 254").isPositive();
        }
    }

    @Test
    void tables_areAllListed_underTheirOwnNames() throws IllegalAccessException {
        for (var field : Tables.class.getDeclaredFields()) {
            if (field.getType() == Table.class && Modifier.isPublic(field.getModifiers())) {
                Table<?> table = (Table<?>) field.get(null);
                assertThat(table.name()).isEqualTo(field.getName());
                assertThat(Tables.all()).contains(table);
            }
        }
    }

    @Test
    void tables_areInTheOrderOfTheirNumbers() {
        List<Byte> prefixes =
                Tables.all().stream().map(Table::prefix).map(Byte::valueOf).toList();
        assertThat(prefixes).isSorted();
    }

    @Test
    void damagedRow_isAStoreFailure() {
        byte[] damaged = new byte[10];
        Arrays.fill(damaged, (byte) 0xff);
        assertThatThrownBy(() -> Tables.LOCKS.parse(damaged))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("LOCKS");
    }
}
