// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.statemachine.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.SizeInBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFolderTest {
    @TempDir
    private Path group;

    private RaftStorage storage;
    private Path sm;
    private SnapshotFolder snapshots;

    @BeforeEach
    void open() throws IOException {
        storage = RaftStorage.newBuilder()
                .setDirectory(group.toFile())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setLogCorruptionPolicy(CorruptionPolicy.EXCEPTION)
                .setStorageFreeSpaceMin(SizeInBytes.ONE_KB)
                .build();
        storage.initialize();
        sm = storage.getStorageDir().getStateMachineDir().toPath();
        snapshots = opened();
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
    }

    private SnapshotFolder opened() throws IOException {
        SnapshotFolder folder = new SnapshotFolder();
        folder.init(storage);
        return folder;
    }

    private void take(long term, long index) throws IOException {
        takeOnly(term, index);
        snapshots.announce();
    }

    private void takeOnly(long term, long index) throws IOException {
        TermIndex at = TermIndex.valueOf(term, index);
        snapshots.take(folder -> {
            write(folder);
            return at;
        });
    }

    private static void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("000007.sst"), "rows");
            Files.writeString(folder.resolve("CURRENT"), "MANIFEST-1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> entries = Files.list(sm)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void newFolder_holdsNoSnapshot() {
        assertThat(snapshots.getLatestSnapshot()).isNull();
        assertThat(snapshots.latestFolder()).isNull();
    }

    @Test
    void snapshot_thatIsFinished_isTheLatest_withAllItsFiles() throws IOException {
        take(3, 40);

        FileListSnapshotInfo latest = snapshots.getLatestSnapshot();
        assertThat(latest.getTermIndex()).isEqualTo(TermIndex.valueOf(3, 40));
        assertThat(latest.getFiles())
                .extracting(file -> file.getPath().getFileName().toString())
                .containsExactly("000007.sst", "CURRENT");
        assertThat(snapshots.latestFolder()).isEqualTo(sm.resolve("snapshot_3_40"));
    }

    /** Ratis takes no snapshot, and purges nothing, if it sees that the latest one is new enough. */
    @Test
    void snapshot_isTheLatest_onceItIsAnnounced() throws IOException {
        take(1, 10);
        takeOnly(1, 20);
        assertThat(snapshots.getLatestSnapshot().getIndex()).isEqualTo(10);
        takeOnly(1, 30);
        assertThat(kept()).containsExactly("snapshot_1_10", "snapshot_1_30");

        assertThat(snapshots.announce()).isTrue();

        assertThat(snapshots.getLatestSnapshot().getIndex()).isEqualTo(30);
        assertThat(snapshots.announce()).isFalse();
    }

    @Test
    void latest_isByIndexAsANumber_notByName() throws IOException {
        take(1, 900);
        take(2, 1_000);

        assertThat(opened().getLatestSnapshot().getIndex()).isEqualTo(1_000);
    }

    @Test
    void snapshot_thatIsNotFinished_isNoSnapshot_andIsDeletedAtTheNextStart() throws IOException {
        take(1, 10);
        Files.createDirectories(sm.resolve("unfinished"));
        snapshots.refresh();
        assertThat(snapshots.getLatestSnapshot().getIndex()).isEqualTo(10);

        assertThat(opened().getLatestSnapshot().getIndex()).isEqualTo(10);
        assertThat(kept()).containsExactly("snapshot_1_10");
    }

    @Test
    void snapshot_startsAfresh_whereAnEarlierAttemptLeftSomething() throws IOException {
        Path failed = sm.resolve("unfinished");
        Files.createDirectories(failed);
        Files.writeString(failed.resolve("half"), "");

        take(1, 10);

        assertThat(sm.resolve("snapshot_1_10/half")).doesNotExist();
    }

    @Test
    void snapshot_thatCannotBeWritten_leavesNothingBehind() throws IOException {
        take(1, 10);
        StoreException full = new StoreException("No space left on device", new IOException());

        assertThatThrownBy(() -> snapshots.take(folder -> {
                    write(folder);
                    write(sm.resolve(folder.getFileName() + ".tmp")); // as RocksDB stages it
                    throw full;
                }))
                .isSameAs(full);

        assertThat(kept()).containsExactly("snapshot_1_10");
        assertThat(snapshots.getLatestSnapshot().getIndex()).isEqualTo(10);
    }

    @Test
    void snapshot_thatCannotBeFinished_leavesNothingBehind() throws IOException {
        take(1, 10);

        assertThatThrownBy(() -> snapshots.take(folder -> {
                    write(folder.resolve("inner"));
                    return TermIndex.valueOf(1, 20);
                }))
                .isInstanceOf(IOException.class); // a folder cannot be synced as a file

        assertThat(kept()).containsExactly("snapshot_1_10");
        assertThat(snapshots.getLatestSnapshot().getIndex()).isEqualTo(10);
        take(1, 20);
        assertThat(kept()).containsExactly("snapshot_1_10", "snapshot_1_20");
    }

    @Test
    void digests_thatRatisLeaves_areNoFilesOfTheSnapshot() throws IOException {
        take(1, 10);
        Files.writeString(sm.resolve("snapshot_1_10/CURRENT.md5"), "");

        assertThat(opened().getLatestSnapshot().getFiles()).hasSize(2);
    }

    @Test
    void folder_thatRatisHasReplaced_isLookedAtAgain() throws IOException {
        take(1, 10);
        Folders.delete(sm);
        Files.createDirectories(sm.resolve("snapshot_4_500"));

        snapshots.refresh();

        assertThat(snapshots.getLatestSnapshot().getTermIndex()).isEqualTo(TermIndex.valueOf(4, 500));
    }

    @Test
    void deleteOld_keepsTheLastTwo() throws IOException {
        for (int index = 10; index <= 50; index += 10) {
            take(1, index);
        }

        snapshots.deleteOld();

        assertThat(kept()).containsExactly("snapshot_1_40", "snapshot_1_50");
    }

    @Test
    void deleteOld_leavesAlone_whatIsNoSnapshot() throws IOException {
        take(1, 10);
        Files.writeString(sm.resolve("notes.txt"), "");

        snapshots.deleteOld();

        assertThat(kept()).containsExactly("notes.txt", "snapshot_1_10");
    }

    @Test
    void folder_isNotKnown_beforeInit() {
        assertThatThrownBy(() -> new SnapshotFolder().refresh()).isInstanceOf(IllegalStateException.class);
    }
}
