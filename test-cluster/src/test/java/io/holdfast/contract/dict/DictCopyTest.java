// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.dict.SharedDict;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What reads the whole dict reads it as it is at one instant, on three nodes. */
class DictCopyTest {
    /** More than two pages. */
    private static final int ENTRIES = 2_500;

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedDict<String, Long> dict;
    private SharedDict<String, Long> ofOther;

    @BeforeEach
    void openDict() {
        String name = shared.name();
        dict = shared.client().dict(name, String.class, Long.class);
        ofOther = shared.other().dict(name, String.class, Long.class);
    }

    private static Map<String, Long> all(long value) {
        Map<String, Long> all = new LinkedHashMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            all.put("key-" + i, value);
        }
        return all;
    }

    @Test
    void largeDict_thatIsWritten_isReadAsOfOneInstant() throws Exception {
        dict.update(all(0));
        AtomicBoolean done = new AtomicBoolean();
        OtherThread<Void> writer = OtherThread.runs(() -> {
            for (long i = 1; !done.get(); i++) {
                dict.update(all(i));
            }
        });
        try {
            for (int i = 0; i < 5; i++) {
                Map<String, Long> copy = ofOther.copy();
                assertThat(copy.keySet()).containsExactlyElementsOf(all(0).keySet());
                assertThat(new TreeSet<>(copy.values())).hasSize(1);
                String text = ofOther.toString();
                String value = text.substring(text.indexOf('=') + 1, text.indexOf(','));
                assertThat(text).isEqualTo(all(Long.parseLong(value)).toString());
            }
        } finally {
            done.set(true);
            writer.result();
        }
    }

    @Test
    void equalsHashCodeAndToString_areThoseOfAMap() {
        Map<String, Long> expected = all(7);
        dict.update(expected);
        assertThat(ofOther)
                .isEqualTo(new HashMap<>(expected))
                .hasSameHashCodeAs(expected)
                .hasToString(expected.toString());
        assertThat(new HashMap<>(expected)).isEqualTo(ofOther);
        assertThat(ofOther).isEqualTo(dict);
        SharedDict<String, Long> another = shared.client().dict(shared.name(), String.class, Long.class);
        another.update(expected);
        assertThat(another).isEqualTo(dict);
        assertThat(another.id()).as("equal, but not the same").isNotEqualTo(dict.id());
        another.put("key-0", 8L);
        assertThat(another).isNotEqualTo(dict);
        another.put("key-0", 7L);
        another.put("one more", 7L);
        assertThat(another).isNotEqualTo(dict).isNotEqualTo(expected);
        assertThat(another.containsValue(7L)).isTrue();
        assertThat(another.containsValue(8L)).isFalse();
    }

    @Test
    void copy_isTheCallersOwn_andInOrder() {
        dict.put("b", 1L);
        dict.put("a", 2L);
        Map<String, Long> copy = ofOther.copy();
        assertThat(copy).containsExactly(Map.entry("b", 1L), Map.entry("a", 2L));
        copy.put("c", 3L);
        copy.remove("a");
        assertThat(dict).containsOnlyKeys("b", "a");
        dict.clear();
        assertThat(copy).containsOnlyKeys("b", "c");
        assertThat(dict.copy()).isEmpty();
    }

    /** {@code d | e}, {@code d |= e}, {@code reversed(d)}, {@code dict.fromkeys(...)}. */
    @Test
    void pythonsOperators_areUpdateAndCopy() {
        dict.update(Map.of("a", 1L));
        Map<String, Long> or = ofOther.copy();
        or.putAll(Map.of("b", 2L));
        assertThat(or).containsOnlyKeys("a", "b");
        assertThat(dict).containsOnlyKeys("a");
        dict.update(Map.of("b", 2L));
        List<String> reversed = new ArrayList<>(ofOther.copy().keySet());
        Collections.reverse(reversed);
        assertThat(reversed).containsExactly("b", "a");
        dict.clear();
        dict.update(all(0));
        assertThat(ofOther.sizeAsLong()).isEqualTo(ENTRIES);
    }

    @Test
    void sharedObjects_areToldByTheirIds() {
        SharedDict<String, Object> any = shared.client().dict(shared.name());
        any.put("me", any);
        assertThat(any).hasToString("{me=#" + any.id() + "}");
        any.clear();
    }
}
