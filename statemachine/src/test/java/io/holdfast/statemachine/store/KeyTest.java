// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyTest {
    private static final long[] NUMBERS = {
        0, 1, 127, 128, 255, 256, 65_535, 1L << 32, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };

    @Test
    void order_isThatOfTheParts() {
        List<Key> keys = new ArrayList<>();
        for (long first : NUMBERS) {
            for (long second : NUMBERS) {
                for (long third : NUMBERS) {
                    keys.add(Tables.TIMERS.key(first, second, third));
                }
            }
        }
        List<Key> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(1));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(keys);
    }

    @Test
    void order_ofNames_isThatOfTheirBytes() {
        List<Key> keys = new ArrayList<>();
        for (String name : List.of("", "\0", "A", "a", "a\0", "aa", "b", "é", "€", "😀")) {
            keys.add(Tables.NAMES.key(name));
        }
        List<Key> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(1));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(keys);
    }

    @Test
    void parts_canBeReadBack() {
        for (long number : NUMBERS) {
            Key key = Tables.TIMERS.key(7, number, 9);
            assertThat(key.number(0)).isEqualTo(7);
            assertThat(key.number(1)).isEqualTo(number);
            assertThat(key.number(2)).isEqualTo(9);
        }
        assertThat(Tables.NAMES.key("a/é").text(0)).isEqualTo("a/é");
        assertThat(Tables.DICT_ENTRIES
                        .key(5, "x".getBytes(StandardCharsets.UTF_8))
                        .text(1))
                .isEqualTo("x");
    }

    @Test
    void prefix_comesBeforeItsKeys_andAfterPrefixBehindThem() {
        for (Table<?> table : Tables.all()) {
            for (long number : NUMBERS) {
                Key prefix = table.key(number);
                assertThat(prefix).isGreaterThanOrEqualTo(table.key());
                for (long second : NUMBERS) {
                    assertThat(table.key(number, second)).isBetween(prefix, prefix.afterPrefix());
                }
                assertThat(prefix.afterPrefix()).isLessThanOrEqualTo(table.key().afterPrefix());
                if (number < Long.MAX_VALUE) {
                    assertThat(prefix.afterPrefix()).isLessThanOrEqualTo(table.key(number + 1));
                }
            }
        }
    }

    @Test
    void next_isTheFirstKeyBehind() {
        Key key = Tables.NAMES.key("a");
        assertThat(key.next()).isGreaterThan(key).isLessThanOrEqualTo(Tables.NAMES.key("a\0"));
    }

    @Test
    void equality_isThatOfTheBytes() {
        assertThat(Tables.SESSIONS.key(5)).isEqualTo(Tables.SESSIONS.key(5)).hasSameHashCodeAs(Tables.SESSIONS.key(5));
        assertThat(Tables.SESSIONS.key(5)).isNotEqualTo(Tables.OBJECTS.key(5)).isNotEqualTo(Tables.SESSIONS.key(6));
    }

    @Test
    void hashes_ofNumbersThatFollowEachOther_differ() {
        int keys = 1 << 16;
        Set<Integer> ofSequences = new HashSet<>();
        Set<Integer> ofObjects = new HashSet<>();
        for (long number = 0; number < keys; number++) {
            ofSequences.add(Tables.REPLIES.key(7, number).hashCode());
            ofObjects.add(Tables.HOLDINGS.key(number, 7).hashCode());
        }
        assertThat(ofSequences).hasSizeGreaterThan(keys * 99 / 100);
        assertThat(ofObjects).hasSizeGreaterThan(keys * 99 / 100);
    }
}
