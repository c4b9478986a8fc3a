// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.ratis.proto.RaftProtos.FileChunkProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto.SnapshotChunkProto;
import org.apache.ratis.server.storage.FileChunkReader;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedChunksTest {
    private static final int CHUNK_BYTES = 1_000;
    /** Less than a chunk, some whole chunks, some and a part, nothing. */
    private static final List<Integer> SIZES = List.of(10, 3 * CHUNK_BYTES, 0, 2 * CHUNK_BYTES + 1);

    @TempDir
    private Path folder;

    private List<FileInfo> files() throws IOException {
        Random random = new Random(20261125);
        List<FileInfo> files = new ArrayList<>();
        for (int size : SIZES) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            files.add(new FileInfo(Files.write(folder.resolve(files.size() + ".sst"), bytes), null));
        }
        return files;
    }

    /** As Ratis makes them. */
    private static List<InstallSnapshotRequestProto> requests(List<FileInfo> files) throws IOException {
        List<InstallSnapshotRequestProto> requests = new ArrayList<>();
        for (FileInfo file : files) {
            try (FileChunkReader reader =
                    FileChunkReader.newInstance(file, file.getPath().getFileName())) {
                FileChunkProto chunk;
                do {
                    chunk = reader.readFileChunk(CHUNK_BYTES);
                    requests.add(InstallSnapshotRequestProto.newBuilder()
                            .setLeaderTerm(7)
                            .setSnapshotChunk(SnapshotChunkProto.newBuilder()
                                    .setRequestIndex(requests.size())
                                    .addFileChunks(chunk))
                            .build());
                } while (!chunk.getDone());
            }
        }
        return requests;
    }

    @Test
    void requests_areThoseOfRatis_toTheByte() throws IOException {
        List<FileInfo> files = files();
        List<InstallSnapshotRequestProto> given = requests(files);

        assertThat(new MappedChunks(given, files))
                .containsExactlyElementsOf(given)
                .hasSize(8);
    }

    @Test
    void bytes_areNotOnTheHeap() throws IOException {
        List<FileInfo> files = files();

        for (InstallSnapshotRequestProto request : new MappedChunks(requests(files), files)) {
            ByteString data = request.getSnapshotChunk().getFileChunks(0).getData();
            assertThat(data.asReadOnlyByteBuffer().isDirect()).isTrue();
        }
    }

    @Test
    void bytes_areStillThere_whenTheSnapshotIsDeletedMeanwhile() throws IOException {
        List<FileInfo> files = files();
        List<InstallSnapshotRequestProto> mapped = new ArrayList<>();
        new MappedChunks(requests(files), files).forEach(mapped::add);
        List<InstallSnapshotRequestProto> given = requests(files);

        Folders.delete(folder);

        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < mapped.size(); i++) {
            mapped.get(i).writeTo(sent);
            given.get(i).writeTo(expected);
        }
        assertThat(sent.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void snapshot_thatCannotBeRead_isToldOf() throws IOException {
        List<FileInfo> files = files();
        List<InstallSnapshotRequestProto> given = requests(files);
        Folders.delete(folder);

        assertThatThrownBy(() -> new MappedChunks(given, files).iterator().next())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("0.sst");
    }
}
