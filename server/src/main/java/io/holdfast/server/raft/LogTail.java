// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends what a power cut leaves at the end of a Raft log. Ratis fills segments with zeros in advance; when the last
 * entry reached the disk in part, its end is zeros, and Ratis refuses to start. Such an entry was never made durable,
 * so nobody was told that it was: it is cut off.
 *
 * <p>Only an entry whose checksum is missing, or ends early, with nothing but zeros behind, is cut off. Anything else
 * that does not fit is damage, and stays for Ratis to refuse: to cut it off could lose what was acknowledged.
 *
 * <p>A segment is the eight bytes {@code RaftLog1}, then entries: length (varint), bytes, CRC-32C of both.
 */
final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final String OPEN_SEGMENT = "log_inprogress_*";
    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    private static final int VARINT_BYTES = 5;
    private static final int WHOLE = -1;

    private LogTail() {}

    /** Mends the open segment in Ratis' folder of the log, if there is one. */
    static void mend(Path logFolder) throws IOException {
        if (!Files.isDirectory(logFolder)) {
            return;
        }
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(logFolder, OPEN_SEGMENT)) {
            for (Path segment : segments) {
                mendSegment(segment);
            }
        }
    }

    private static void mendSegment(Path segment) throws IOException {
        int tornAt;
        try (FileChannel channel = FileChannel.open(segment)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            tornAt = findTorn(bytes);
        }
        if (tornAt == WHOLE) {
            return;
        }
        LOG.warn(
                "the last entry of {} was not written whole before a crash; it is cut off at byte {}", segment, tornAt);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(tornAt);
            file.getFD().sync();
        }
    }

    /** Where the torn entry begins; {@link #WHOLE}: there is none. */
    static int findTorn(ByteBuffer segment) {
        int at = HEADER_BYTES;
        while (at < segment.limit() && segment.get(at) != 0) {
            int end = frameEnd(segment, at);
            if (end > segment.limit()) {
                return WHOLE; // the file ends within the entry, which Ratis drops by itself
            }
            int fits = checksumFitsTo(segment, at, end);
            if (fits < end) {
                return isZero(segment, fits, segment.limit()) ? at : WHOLE;
            }
            at = end;
        }
        return WHOLE;
    }

    private static int frameEnd(ByteBuffer segment, int at) {
        long length = 0;
        int place = at;
        for (int i = 0; i < VARINT_BYTES && place < segment.limit(); i++) {
            byte next = segment.get(place++);
            length |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, place + length + CHECKSUM_BYTES);
    }

    /** The first place at which the checksum is not what it should be; the entry's end: it is right. */
    private static int checksumFitsTo(ByteBuffer segment, int from, int end) {
        int place = end - CHECKSUM_BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(segment.duplicate().position(from).limit(place));
        ByteBuffer expected = ByteBuffer.allocate(CHECKSUM_BYTES)
                .putInt((int) checksum.getValue())
                .flip();
        while (place < end && segment.get(place) == expected.get()) {
            place++;
        }
        return place;
    }

    private static boolean isZero(ByteBuffer segment, int from, int to) {
        for (int i = from; i < to; i++) {
            if (segment.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
