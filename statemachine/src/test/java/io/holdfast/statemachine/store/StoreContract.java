// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do. */
abstract class StoreContract {
    private Store store;

    /** An empty store. */
    abstract Store newStore();

    @BeforeEach
    void openStore() {
        store = newStore();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void get_ofNoRow_isNull() {
        assertThat(store.get(bytes("01"))).isNull();
    }

    @Test
    void write_putsReplacesAndRemoves() {
        write("01=aa", "02=bb");
        write("01=cc", "02", "03");
        assertThat(store.get(bytes("01"))).isEqualTo(bytes("cc"));
        assertThat(store.get(bytes("02"))).isNull();
        assertThat(scan(store, "00", "ff")).containsExactly("01=cc");
    }

    @Test
    void write_ofNothing_isPossible() {
        write();
        assertThat(scan(store, "00", "ff")).isEmpty();
    }

    @Test
    void emptyValue_isARow() {
        write("01=");
        assertThat(store.get(bytes("01"))).isEmpty();
        assertThat(scan(store, "00", "ff")).containsExactly("01=");
    }

    @Test
    void scan_isInUnsignedOrder_fromInclusive_toExclusive() {
        write("80=1a", "7f=1b", "ff=1c", "00=1d", "7f00=1e", "7fff=1f");
        assertThat(scan(store, "00", "ff")).containsExactly("00=1d", "7f=1b", "7f00=1e", "7fff=1f", "80=1a");
        assertThat(scan(store, "7f", "80")).containsExactly("7f=1b", "7f00=1e", "7fff=1f");
        assertThat(scan(store, "7f00", "7fff")).containsExactly("7f00=1e");
        assertThat(scan(store, "01", "7f")).isEmpty();
        assertThat(scan(store, "81", "ff")).isEmpty();
    }

    @Test
    void scan_ofAnEmptyRange_findsNothing() {
        write("01=aa");
        assertThat(scan(store, "01", "01")).isEmpty();
        assertThat(scan(store, "02", "01")).isEmpty();
    }

    @Test
    void scan_endsAndStaysAtTheEnd() {
        write("01=aa");
        try (StoreReader.Cursor cursor = store.scan(bytes("00"), bytes("ff"))) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void last_isTheGreatest_fromInclusive_toExclusive() {
        write("80=1a", "7f=1b", "00=1d", "7f00=1e");
        assertThat(last(store, "00", "ff")).isEqualTo("80=1a");
        assertThat(last(store, "00", "80")).isEqualTo("7f00=1e");
        assertThat(last(store, "7f", "7f00")).isEqualTo("7f=1b");
        assertThat(last(store, "01", "7f")).isNull();
        assertThat(last(store, "81", "ff")).isNull();
        assertThat(last(store, "7f", "7f")).isNull();
        assertThat(last(store, "80", "00")).isNull();
        write("80", "7f00");
        assertThat(last(store, "00", "ff")).isEqualTo("7f=1b");
    }

    @Test
    void snapshot_isUnmovedByLaterWrites() {
        write("01=aa", "02=bb");
        try (StoreReader snapshot = store.snapshot()) {
            write("01=cc", "02", "03=dd");
            assertThat(snapshot.get(bytes("01"))).isEqualTo(bytes("aa"));
            assertThat(snapshot.get(bytes("03"))).isNull();
            assertThat(scan(snapshot, "00", "ff")).containsExactly("01=aa", "02=bb");
            assertThat(last(snapshot, "00", "ff")).isEqualTo("02=bb");
            assertThat(last(store, "00", "ff")).isEqualTo("03=dd");
            assertThat(scan(store, "00", "ff")).containsExactly("01=cc", "03=dd");
        }
    }

    @Test
    void hash_dependsOnEveryByteAndOnNothingElse() {
        StateHash empty = StateHash.of(store);
        assertThat(empty.rows()).isZero();
        write("0100=aa", "02=bb");
        StateHash some = StateHash.of(store);
        assertThat(some.rows()).isEqualTo(2);
        try (Store other = newOther()) {
            other.write(List.of(change("02=bb")));
            other.write(List.of(change("0100=ff"), change("03=cc")));
            other.write(List.of(change("0100=aa"), change("03")));
            assertThat(StateHash.of(other)).isEqualTo(some);
        }
        write("0100", "01=00aa");
        assertThat(StateHash.of(store)).isNotEqualTo(some);
        write("01", "0100=aa");
        assertThat(StateHash.of(store)).isEqualTo(some);
        write("0100", "02");
        assertThat(StateHash.of(store)).isEqualTo(empty);
    }

    /** A second empty store, beside the first. */
    abstract Store newOther();

    @Test
    void randomChanges_giveWhatASortedMapGives() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
            try (Store tested = newOther()) {
                for (int step = 0; step < 100; step++) {
                    randomWrite(random, tested, model);
                    byte[] from = randomKey(random);
                    byte[] to = randomKey(random);
                    List<String> expected = Arrays.compareUnsigned(from, to) >= 0
                            ? List.of()
                            : model.subMap(from, to).entrySet().stream()
                                    .map(entry -> tell(entry.getKey(), entry.getValue()))
                                    .toList();
                    assertThat(scan(tested, from, to))
                            .as("seed %s, step %s", seed, step)
                            .isEqualTo(expected);
                    assertThat(last(tested, from, to))
                            .as("seed %s, step %s", seed, step)
                            .isEqualTo(expected.isEmpty() ? null : expected.get(expected.size() - 1));
                    assertThat(tested.get(from)).isEqualTo(model.get(from));
                }
            }
        }
    }

    private static void randomWrite(Random random, Store store, NavigableMap<byte[], byte[]> model) {
        List<Store.Change> changes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            byte[] key = randomKey(random);
            byte[] value = random.nextInt(3) == 0 ? null : new byte[] {(byte) random.nextInt()};
            changes.add(new Store.Change(key, value));
            if (value == null) {
                model.remove(key);
            } else {
                model.put(key, value);
            }
        }
        store.write(changes);
    }

    private static byte[] randomKey(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(4) * 85);
        }
        return key;
    }

    private void write(String... changes) {
        store.write(Arrays.stream(changes).map(StoreContract::change).toList());
    }

    /** {@code key=value}, or {@code key} to remove it. */
    private static Store.Change change(String text) {
        String[] parts = text.split("=", -1);
        return new Store.Change(bytes(parts[0]), parts.length == 1 ? null : bytes(parts[1]));
    }

    private static List<String> scan(StoreReader reader, String from, String to) {
        return scan(reader, bytes(from), bytes(to));
    }

    private static List<String> scan(StoreReader reader, byte[] from, byte[] to) {
        List<String> rows = new ArrayList<>();
        try (StoreReader.Cursor cursor = reader.scan(from, to)) {
            while (cursor.next()) {
                rows.add(tell(cursor.key(), cursor.value()));
            }
        }
        return rows;
    }

    private static @Nullable String last(StoreReader reader, String from, String to) {
        return last(reader, bytes(from), bytes(to));
    }

    private static @Nullable String last(StoreReader reader, byte[] from, byte[] to) {
        StoreReader.Found found = reader.last(from, to);
        return found == null ? null : tell(found.key(), found.value());
    }

    private static String tell(byte[] key, byte[] value) {
        return HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value);
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static void assertFails(Runnable action) {
        assertThatThrownBy(action::run).isInstanceOf(StoreException.class);
    }
}
