// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.server.metrics.ApplyMetrics;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.Store;
import io.holdfast.statemachine.store.StoreException;
import io.holdfast.statemachine.store.StoreReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state whose store fails while it writes a checkpoint. */
class FailedSnapshotTest {
    @TempDir
    private Path folder;

    private final FailingStore store = new FailingStore();
    private final List<String> emergencies = new ArrayList<>();
    private RaftStorage storage;
    private ReplicatedState state;

    /** Writes half a checkpoint, and then fails as it was told. */
    private static final class FailingStore implements Store {
        private final MemoryStore memory = new MemoryStore();
        private @Nullable RuntimeException failure;

        @Override
        public void checkpoint(Path folder) {
            try {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve("000007.sst"), "rows");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public byte @Nullable [] read(Path checkpoint, byte[] key) {
            return memory.get(key);
        }

        @Override
        public void write(List<Change> changes) {
            memory.write(changes);
        }

        @Override
        public StoreReader snapshot() {
            return memory.snapshot();
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return memory.get(key);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            return memory.scan(from, to);
        }

        @Override
        public @Nullable Found last(byte[] from, byte[] to) {
            return memory.last(from, to);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        storage = RaftStorage.newBuilder()
                .setDirectory(folder.resolve("group").toFile())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setLogCorruptionPolicy(CorruptionPolicy.EXCEPTION)
                .setStorageFreeSpaceMin(SizeInBytes.ONE_KB)
                .build();
        storage.initialize();
        state = new ReplicatedState(
                folder.resolve("store"),
                (why, cause) -> emergencies.add(why),
                new NoListener(),
                new ApplyMetrics(new SimpleMeterRegistry()),
                1,
                path -> store);
        state.initialize(server(), RaftGroupId.valueOf(UUID.randomUUID()), storage);
        apply(1);
    }

    @AfterEach
    void close() throws IOException {
        state.close();
        storage.close();
    }

    /** A server that has a name, and is asked for nothing else. */
    private static RaftServer server() {
        return (RaftServer) Proxy.newProxyInstance(
                RaftServer.class.getClassLoader(), new Class<?>[] {RaftServer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getId")) {
                        return RaftPeerId.valueOf("n1");
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private static final class NoListener implements LeadershipListener {
        @Override
        public void leads(long term, Kernel kernel) {}

        @Override
        public void leadsNoMore(long term) {}
    }

    private void apply(long index) {
        RaftProtos.LogEntryProto entry = RaftProtos.LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(index)
                .setStateMachineLogEntry(RaftProtos.StateMachineLogEntryProto.newBuilder()
                        .setLogData(ByteString.copyFrom(LogEntry.newBuilder()
                                .setTimeNanos(index)
                                .build()
                                .toByteArray())))
                .build();
        state.applyTransaction(TransactionContext.newBuilder()
                        .setStateMachine(state)
                        .setLogEntry(entry)
                        .setServerRole(RaftProtos.RaftPeerRole.FOLLOWER)
                        .build())
                .join();
    }

    private List<String> kept() throws IOException {
        Path sm = storage.getStorageDir().getStateMachineDir().toPath();
        try (Stream<Path> entries = Files.list(sm)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void snapshot_thatTheStoreCannotWrite_haltsNothing_leavesNothing_andIsTakenLater() throws IOException {
        store.failure = new StoreException("No space left on device", new IOException());

        assertThat(state.writeSnapshot()).isEqualTo(-1);
        assertThat(state.takeSnapshot()).isEqualTo(-1);

        assertThat(emergencies).isEmpty();
        assertThat(kept()).isEmpty();
        assertThat(state.snapshotFailure()).isEqualTo("No space left on device");
        assertThat(state.bytesSinceSnapshot()).isPositive();

        apply(2);
        store.failure = null;
        assertThat(state.takeSnapshot()).isEqualTo(2);
        assertThat(kept()).containsExactly("snapshot_1_2");
        assertThat(state.snapshotFailure()).isEmpty();
    }

    @Test
    void snapshot_thatIsWritten_isToldOnce_andEntriesAfterItCountForTheNext() throws IOException {
        assertThat(state.writeSnapshot()).isEqualTo(1);
        assertThat(state.bytesSinceSnapshot()).isZero();
        apply(2);

        assertThat(state.takeSnapshot()).isEqualTo(1);
        assertThat(kept()).containsExactly("snapshot_1_1");
        assertThat(state.bytesSinceSnapshot()).isPositive();

        assertThat(state.takeSnapshot()).isEqualTo(2);
        assertThat(kept()).containsExactly("snapshot_1_1", "snapshot_1_2");
    }

    @Test
    void snapshot_ofTheSameState_isTheOneThatIsThere() throws IOException {
        state.writeSnapshot();
        Files.writeString(folder.resolve("group/sm/snapshot_1_1/mark"), "");

        assertThat(state.writeSnapshot()).isEqualTo(1);

        assertThat(kept()).containsExactly("snapshot_1_1");
        assertThat(folder.resolve("group/sm/snapshot_1_1/mark")).exists();
    }

    @Test
    void fault_thatIsNotTheStores_stopsTheNode_andLeavesNothing() throws IOException {
        store.failure = new IllegalStateException("a fault of ours");

        assertThatThrownBy(state::takeSnapshot).isSameAs(store.failure);

        assertThat(emergencies).containsExactly("taking a snapshot failed");
        assertThat(kept()).isEmpty();
    }
}
