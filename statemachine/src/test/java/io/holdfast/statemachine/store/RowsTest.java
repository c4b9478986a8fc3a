// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.statemachine.rows.NameRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowsTest {
    private final MemoryStore store = new MemoryStore();
    private final Rows rows = new Rows(store);

    @Test
    void insert_ofARowThatIsThere_fails() {
        rows.insert(Tables.NAMES, key("a"), row(1));
        assertThatThrownBy(() -> rows.insert(Tables.NAMES, key("a"), row(2))).isInstanceOf(IllegalStateException.class);
        rows.commit();
        assertThatThrownBy(() -> rows.insert(Tables.NAMES, key("a"), row(2))).isInstanceOf(IllegalStateException.class);
        rows.delete(Tables.NAMES, key("a"));
        rows.insert(Tables.NAMES, key("a"), row(2));
        assertThat(rows.get(Tables.NAMES, key("a"))).isEqualTo(row(2));
    }

    @Test
    void updateAndDelete_ofNoRow_fail() {
        assertThatThrownBy(() -> rows.update(Tables.NAMES, key("a"), row(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> rows.delete(Tables.NAMES, key("a"))).isInstanceOf(IllegalStateException.class);
        rows.upsert(Tables.NAMES, key("a"), row(1));
        rows.commit();
        rows.delete(Tables.NAMES, key("a"));
        assertThatThrownBy(() -> rows.update(Tables.NAMES, key("a"), row(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> rows.delete(Tables.NAMES, key("a"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> rows.require(Tables.NAMES, key("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NAMES");
    }

    @Test
    void changes_reachTheStoreWithCommitOnly() {
        rows.insert(Tables.NAMES, key("a"), row(1));
        assertThat(rows.get(Tables.NAMES, key("a"))).isEqualTo(row(1));
        assertThat(new SnapshotView(store).get(Tables.NAMES, key("a"))).isNull();
        rows.commit();
        assertThat(new SnapshotView(store).get(Tables.NAMES, key("a"))).isEqualTo(row(1));
    }

    @Test
    void rollback_undoesWhatCameSinceTheMark() {
        rows.insert(Tables.NAMES, key("stored"), row(1));
        rows.commit();
        rows.insert(Tables.NAMES, key("before"), row(2));
        rows.update(Tables.NAMES, key("stored"), row(3));
        int mark = rows.mark();
        rows.update(Tables.NAMES, key("stored"), row(4));
        rows.delete(Tables.NAMES, key("stored"));
        rows.update(Tables.NAMES, key("before"), row(5));
        rows.insert(Tables.NAMES, key("after"), row(6));
        rows.rollback(mark);
        assertThat(rows.get(Tables.NAMES, key("stored"))).isEqualTo(row(3));
        assertThat(rows.get(Tables.NAMES, key("before"))).isEqualTo(row(2));
        assertThat(rows.get(Tables.NAMES, key("after"))).isNull();
        rows.rollback(0);
        rows.commit();
        assertThat(all(new SnapshotView(store))).isEqualTo(Map.of("stored", 1L));
    }

    @Test
    void randomChanges_areSeenAsASortedMapSeesThem() {
        for (int seed = 0; seed < 200; seed++) {
            randomRun(new Random(seed), "seed " + seed);
        }
    }

    private static void randomRun(Random random, String seed) {
        MemoryStore store = new MemoryStore();
        Rows rows = new Rows(store);
        NavigableMap<String, Long> committed = new TreeMap<>();
        NavigableMap<String, Long> model = new TreeMap<>();
        for (int step = 0; step < 60; step++) {
            int mark = rows.mark();
            NavigableMap<String, Long> marked = new TreeMap<>(model);
            for (int i = random.nextInt(5); i > 0; i--) {
                randomChange(random, rows, model);
            }
            switch (random.nextInt(6)) {
                case 0 -> {
                    rows.rollback(mark);
                    model = marked;
                }
                case 1 -> {
                    rows.commit();
                    committed = new TreeMap<>(model);
                }
                case 2 -> rows = reopened(random, rows, store);
                default -> {}
            }
            if (rows.mark() == 0) {
                model = new TreeMap<>(committed);
            }
            compareScan(random, rows, model, seed + ", step " + step);
            assertThat(all(rows)).as(seed).isEqualTo(model);
            View stored = new SnapshotView(store);
            assertThat(all(stored)).as(seed).isEqualTo(committed);
            assertThat(last(stored, "a", "z")).as(seed).isEqualTo(lastOf(committed, "a", "z"));
        }
    }

    /** New rows over the same store: what was not committed is lost. */
    private static Rows reopened(Random random, Rows rows, MemoryStore store) {
        return random.nextBoolean() ? rows : new Rows(store);
    }

    private static void randomChange(Random random, Rows rows, NavigableMap<String, Long> model) {
        String name = name(random);
        long value = random.nextInt(1000);
        if (!model.containsKey(name)) {
            rows.insert(Tables.NAMES, key(name), row(value));
            model.put(name, value);
        } else if (random.nextBoolean()) {
            rows.delete(Tables.NAMES, key(name));
            model.remove(name);
        } else {
            rows.update(Tables.NAMES, key(name), row(value));
            model.put(name, value);
        }
    }

    private static void compareScan(Random random, Rows rows, NavigableMap<String, Long> model, String seed) {
        String from = name(random);
        String to = name(random);
        int limit = 1 + random.nextInt(6);
        List<String> expected = from.compareTo(to) >= 0
                ? List.of()
                : model.subMap(from, to).entrySet().stream()
                        .limit(limit)
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList();
        List<String> found = new ArrayList<>();
        rows.scan(Tables.NAMES, key(from), key(to), limit)
                .forEach(row -> found.add(row.key().text(0) + "=" + row.row().getObject()));
        assertThat(found).as(seed).isEqualTo(expected);
        assertThat(last(rows, from, to)).as(seed).isEqualTo(lastOf(model, from, to));
    }

    private static @Nullable String last(View view, String from, String to) {
        View.Row<NameRow> last = view.last(Tables.NAMES, key(from), key(to));
        return last == null ? null : last.key().text(0) + "=" + last.row().getObject();
    }

    private static @Nullable String lastOf(NavigableMap<String, Long> model, String from, String to) {
        Map.Entry<String, Long> last = from.compareTo(to) >= 0
                ? null
                : model.subMap(from, true, to, false).lastEntry();
        return last == null ? null : last.getKey() + "=" + last.getValue();
    }

    private static Map<String, Long> all(View view) {
        Map<String, Long> all = new TreeMap<>();
        view.scan(Tables.NAMES, Tables.NAMES.key(), Integer.MAX_VALUE)
                .forEach(row -> all.put(row.key().text(0), row.row().getObject()));
        return all;
    }

    private static String name(Random random) {
        return String.valueOf((char) ('a' + random.nextInt(12)));
    }

    private static Key key(String name) {
        return Tables.NAMES.key(name);
    }

    private static NameRow row(long object) {
        return NameRow.newBuilder().setObject(object).build();
    }
}
