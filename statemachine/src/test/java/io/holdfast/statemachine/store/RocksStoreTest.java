// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreTest extends StoreContract {
    private static final LogItem OPEN = LogItem.newBuilder()
            .setOpen(OpenSession.newBuilder().setClientName("x"))
            .build();

    @TempDir
    private Path folder;

    private int stores;

    @Override
    Store newStore() {
        return newOther();
    }

    @Override
    Store newOther() {
        return RocksStore.open(folder.resolve("store-" + stores++));
    }

    @Test
    void checkpoint_isTheStateOfThen_andCanBeOpened() {
        Path checkpoint = folder.resolve("checkpoint");
        StateHash then;
        try (Store store = newOther()) {
            store.write(
                    List.of(new Store.Change(bytes("01"), bytes("aa")), new Store.Change(bytes("02"), bytes("bb"))));
            then = StateHash.of(store);
            store.checkpoint(checkpoint);
            store.write(List.of(new Store.Change(bytes("01"), null), new Store.Change(bytes("03"), bytes("cc"))));
        }
        try (Store reopened = RocksStore.open(checkpoint)) {
            assertThat(StateHash.of(reopened)).isEqualTo(then);
            assertThat(reopened.get(bytes("01"))).isEqualTo(bytes("aa"));
            assertThat(reopened.get(bytes("03"))).isNull();
        }
    }

    /** Large rows are in files of their own: a checkpoint has them too, and keeps them when the store removes them. */
    @Test
    void largeRows_areInBlobFiles_andInCheckpoints() throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        byte[] large = new byte[1 << 20];
        new Random(7).nextBytes(large);
        StateHash then;
        try (Store store = newOther()) {
            store.write(List.of(new Store.Change(bytes("01"), large), new Store.Change(bytes("02"), bytes("bb"))));
            then = StateHash.of(store);
            store.checkpoint(checkpoint);
            assertThat(store.get(bytes("01"))).isEqualTo(large);
            store.write(List.of(new Store.Change(bytes("01"), null)));
            assertThat(store.get(bytes("01"))).isNull();
        }
        assertThat(files(checkpoint)).anyMatch(file -> file.toString().endsWith(".blob"));
        try (Store reopened = RocksStore.open(checkpoint)) {
            assertThat(StateHash.of(reopened)).isEqualTo(then);
            assertThat(reopened.get(bytes("01"))).isEqualTo(large);
        }
    }

    @Test
    void checkpointOfACheckpoint_isPossible() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        try (Store store = newOther()) {
            store.write(List.of(new Store.Change(bytes("01"), bytes("aa"))));
            store.checkpoint(first);
        }
        try (Store reopened = RocksStore.open(first)) {
            reopened.write(List.of(new Store.Change(bytes("02"), bytes("bb"))));
            reopened.checkpoint(second);
        }
        try (Store reopened = RocksStore.open(second)) {
            assertThat(StateHash.of(reopened).rows()).isEqualTo(2);
        }
    }

    /** A checkpoint holds whole entries, up to the one that it says. */
    @Test
    void checkpoint_whileEntriesAreApplied_isTheStateAfterOneOfThem() throws IOException {
        Path checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
        Map<Long, StateHash> states = new HashMap<>();
        try (Store store = newOther()) {
            Kernel kernel = new Kernel(store);
            states.put(0L, StateHash.of(store));
            CompletableFuture<List<Position>> taken = CompletableFuture.supplyAsync(() -> IntStream.range(0, 10)
                    .mapToObj(i -> checkpoint(store, checkpoints.resolve(Integer.toString(i))))
                    .toList());
            while (!taken.isDone()) {
                open(kernel);
                states.put(kernel.appliedIndex(), StateHash.of(store));
            }
            for (int i = 0; i < 10; i++) {
                try (Store reopened = RocksStore.open(checkpoints.resolve(Integer.toString(i)))) {
                    Position position = taken.join().get(i);
                    assertThat(StateHash.of(reopened)).isEqualTo(states.get(position.index()));
                    assertThat(new Kernel(reopened).appliedIndex()).isEqualTo(position.index());
                }
            }
        }
    }

    @Test
    void read_ofACheckpoint_leavesNothingInItsFolder() throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        try (Store store = newOther()) {
            store.write(List.of(new Store.Change(bytes("41"), bytes("aa"))));
            store.checkpoint(checkpoint);
            List<Path> files = files(checkpoint);

            assertThat(store.read(checkpoint, bytes("41"))).isEqualTo(bytes("aa"));
            assertThat(store.read(checkpoint, bytes("42"))).isNull();
            assertThat(files(checkpoint)).isEqualTo(files);
            assertThat(Position.of(store, checkpoint)).isEqualTo(new Position(0, 0));
        }
    }

    private static Position checkpoint(Store store, Path to) {
        store.checkpoint(to);
        return Position.of(store, to);
    }

    private static List<Path> files(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.sorted().toList();
        }
    }

    @Test
    void checkpoint_intoAFolderThatIsThere_fails() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        try (Store store = newOther()) {
            assertFails(() -> store.checkpoint(there));
        }
    }

    @Test
    void open_ofWhatIsNoFolder_fails() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertFails(() -> RocksStore.open(file));
    }

    @Test
    void open_whileItIsOpen_fails() {
        Path path = folder.resolve("twice");
        try (Store store = RocksStore.open(path)) {
            assertThat(store.get(bytes("01"))).isNull();
            assertFails(() -> RocksStore.open(path));
        }
    }

    @Test
    void kernel_goesOnFromACheckpoint_asIfNothingHadHappened() {
        Path checkpoint = folder.resolve("checkpoint");
        Script memory = new Script();
        try (Store store = newOther()) {
            Kernel kernel = new Kernel(store);
            apply(memory, kernel, 5);
            store.checkpoint(checkpoint);
        }
        try (Store reopened = RocksStore.open(checkpoint)) {
            Kernel kernel = new Kernel(reopened);
            assertThat(kernel.appliedIndex()).isEqualTo(5);
            apply(memory, kernel, 5);
            assertThat(StateHash.of(reopened)).isEqualTo(StateHash.of(memory.store()));
        }
    }

    private static void apply(Script memory, Kernel kernel, int entries) {
        for (int i = 0; i < entries; i++) {
            memory.apply(OPEN);
            open(kernel);
        }
    }

    /** Applies an entry that opens a session. */
    private static void open(Kernel kernel) {
        kernel.apply(
                kernel.appliedIndex() + 1,
                1,
                LogEntry.newBuilder().addItems(OPEN).build(),
                Onlooker.NONE);
    }
}
