// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallRemainsTest {
    @TempDir
    private Path group;

    private void snapshot(String folder, int index) throws IOException {
        Files.createDirectories(group.resolve(folder).resolve("snapshot_1_" + index));
    }

    @Test
    void folder_thatIsNotThereYet_isLeftAlone() throws IOException {
        InstallRemains.mend(group.resolve("none"));

        assertThat(group).isEmptyDirectory();
    }

    @Test
    void snapshots_thatWereMovedAside_comeBack_whereNoneTookTheirPlace() throws IOException {
        snapshot("sm.tmp20261122-101500.123", 7);
        snapshot("tmp/snapshot-12", 90);

        InstallRemains.mend(group);

        assertThat(group.resolve("sm/snapshot_1_7")).exists();
        assertThat(group).isDirectoryNotContaining("glob:**tmp*");
    }

    @Test
    void snapshots_thatWereMovedAside_areDeleted_whereOthersTookTheirPlace() throws IOException {
        snapshot("sm.tmp20261122-101500.123", 7);
        snapshot("sm", 90);

        InstallRemains.mend(group);

        assertThat(group.resolve("sm/snapshot_1_90")).exists();
        assertThat(group).isDirectoryNotContaining("glob:**tmp*");
    }

    @Test
    void youngest_comesBack_whereSeveralWereMovedAside() throws IOException {
        snapshot("sm.tmp20261122-101500.123", 7);
        snapshot("sm.tmp20261122-111500.123", 8);

        InstallRemains.mend(group);

        assertThat(group.resolve("sm/snapshot_1_8")).exists();
        assertThat(group).isDirectoryNotContaining("glob:**tmp*");
    }

    @Test
    void snapshot_thatCameInPart_isDeleted_andTheRestLeftAlone() throws IOException {
        snapshot("tmp/snapshot-12", 90);
        snapshot("sm", 7);
        Files.createDirectories(group.resolve("current"));

        InstallRemains.mend(group);

        assertThat(group.resolve("tmp")).doesNotExist();
        assertThat(group.resolve("sm/snapshot_1_7")).exists();
        assertThat(group.resolve("current")).exists();
    }

    private Path attempt(String id, long modified) throws IOException {
        Path attempt = Files.createDirectories(group.resolve("tmp/snapshot-" + id));
        Files.createDirectories(attempt.resolve("snapshot_1_10"));
        Files.writeString(attempt.resolve("snapshot_1_10/CURRENT"), "half");
        Files.setLastModifiedTime(attempt, FileTime.fromMillis(modified));
        return attempt;
    }

    @Test
    void attempt_thatALaterOneReplaced_isDeleted_whileTheNodeRuns() throws IOException {
        Path first = attempt("b", 1_000);
        Path second = attempt("c", 2_000);
        Path latest = attempt("a", 3_000);

        InstallRemains.deleteAbandoned(group);

        assertThat(first).doesNotExist();
        assertThat(second).doesNotExist();
        assertThat(latest.resolve("snapshot_1_10/CURRENT")).exists();
    }

    @Test
    void attempts_ofWhichNoneIsTheLater_andOtherThings_stay() throws IOException {
        Path one = attempt("a", 1_000);
        Path other = attempt("b", 1_000);
        Path notOurs = Files.createDirectories(group.resolve("tmp/else"));

        InstallRemains.deleteAbandoned(group);

        assertThat(one).exists();
        assertThat(other).exists();
        assertThat(notOurs).exists();
    }

    @Test
    void nothing_isDeleted_whereNothingWasReceived() throws IOException {
        InstallRemains.deleteAbandoned(group.resolve("none"));

        assertThat(group.resolve("none")).doesNotExist();
    }
}
