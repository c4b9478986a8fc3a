// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    private Path folder;

    @Test
    void bytes_areThoseOfAllFiles_inFoldersBelowToo() throws IOException {
        Files.write(folder.resolve("a"), new byte[10]);
        Files.createDirectories(folder.resolve("below/it"));
        Files.write(folder.resolve("below/it/b"), new byte[20]);

        assertThat(Folders.bytes(folder)).isEqualTo(30);
    }

    @Test
    void file_thatHasTwoNames_countsOnce() throws IOException {
        Path file = Files.write(folder.resolve("000007.sst"), new byte[10]);
        Files.createDirectories(folder.resolve("snapshot"));
        Files.createLink(folder.resolve("snapshot/000007.sst"), file);

        assertThat(Folders.bytes(folder)).isEqualTo(10);
    }

    @Test
    void linkStore_linksWhatRocksDbNeverChanges_andCopiesTheRest() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
        for (String name : List.of("000007.sst", "000008.blob", "CURRENT", "000007.sst.md5")) {
            Files.writeString(snapshot.resolve(name), name);
        }
        Path live = folder.resolve("live");

        Folders.linkStore(snapshot, live);

        assertThat(isLink(snapshot, live, "000007.sst")).isTrue();
        assertThat(isLink(snapshot, live, "000008.blob")).isTrue();
        assertThat(isLink(snapshot, live, "CURRENT")).isFalse();
        assertThat(live.resolve("CURRENT")).hasContent("CURRENT");
        assertThat(live.resolve("000007.sst.md5")).doesNotExist();
    }

    @Test
    void folder_thatIsNotThere_hasNone() {
        assertThat(Folders.bytes(folder.resolve("none"))).isZero();
    }

    private static boolean isLink(Path from, Path to, String name) throws IOException {
        return Files.isSameFile(from.resolve(name), to.resolve(name));
    }
}
