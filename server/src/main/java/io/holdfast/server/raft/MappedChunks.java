// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.FileChunkProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * The requests that carry a snapshot to another node, with their bytes in mapped files instead of the heap.
 *
 * <p>Ratis keeps each request until its time is over, whether it was answered or not: the task that looks whether an
 * answer has come holds it ({@code StreamObserverWithTimeout}), for 12 seconds with our settings. With the bytes on the
 * heap, a leader would need room there for all that it sends in that time, which may be the whole of its state.
 */
final class MappedChunks implements Iterable<InstallSnapshotRequestProto> {
    private final Iterable<InstallSnapshotRequestProto> requests;
    private final List<FileInfo> files;

    /**
     * @param requests as Ratis makes them, each with one chunk
     * @param files those that the chunks are of, in the same order
     */
    MappedChunks(Iterable<InstallSnapshotRequestProto> requests, List<FileInfo> files) {
        this.requests = requests;
        this.files = files;
    }

    @Override
    public Iterator<InstallSnapshotRequestProto> iterator() {
        Iterator<InstallSnapshotRequestProto> given = requests.iterator();
        return new Iterator<>() {
            private int file;

            @Override
            public boolean hasNext() {
                return given.hasNext();
            }

            @Override
            public InstallSnapshotRequestProto next() {
                InstallSnapshotRequestProto request = given.next();
                FileInfo of = files.get(file);
                if (chunk(request).getDone()) {
                    file++;
                }
                return mapped(request, of);
            }
        };
    }

    private static FileChunkProto chunk(InstallSnapshotRequestProto request) {
        return request.getSnapshotChunk().getFileChunks(0);
    }

    private static InstallSnapshotRequestProto mapped(InstallSnapshotRequestProto request, FileInfo file) {
        FileChunkProto chunk = chunk(request);
        InstallSnapshotRequestProto.Builder builder = request.toBuilder();
        builder.getSnapshotChunkBuilder().getFileChunksBuilder(0).setData(bytes(file, chunk));
        return builder.build();
    }

    /** The mapping outlives the channel, and the file's name too. */
    private static ByteString bytes(FileInfo file, FileChunkProto chunk) {
        try (FileChannel channel = FileChannel.open(file.getPath())) {
            return UnsafeByteOperations.unsafeWrap(channel.map(
                    FileChannel.MapMode.READ_ONLY,
                    chunk.getOffset(),
                    chunk.getData().size()));
        } catch (IOException e) {
            throw new UncheckedIOException("the snapshot cannot be read: " + file.getPath(), e);
        }
    }
}
