// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    private static final int WHOLE = -1;
    private static final int PADDING = 300;
    private static final long SEED = 20261122;

    private final Random random = new Random(SEED);

    @Test
    void segment_ofWholeEntries_isLeftAlone() {
        assertThat(torn(segment(frame(10), frame(200), frame(70_000)))).isEqualTo(WHOLE);
    }

    @Test
    void segment_withoutEntries_isLeftAlone() {
        assertThat(torn(segment())).isEqualTo(WHOLE);
    }

    @Test
    void segment_whoseHeaderWasNotWritten_isLeftAlone() {
        assertThat(torn(new byte[PADDING])).isEqualTo(WHOLE);
        assertThat(torn(new byte[0])).isEqualTo(WHOLE);
        assertThat(torn(new byte[] {'R', 'a', 'f'})).isEqualTo(WHOLE);
    }

    @Test
    void segment_thatFillsItsFile_isLeftAlone() {
        byte[] padded = segment(frame(10), frame(200));

        assertThat(torn(Arrays.copyOf(padded, padded.length - PADDING))).isEqualTo(WHOLE);
    }

    @Test
    void file_thatIsCutWithinTheLastEntry_isLeftToRatis() {
        byte[] first = frame(10);
        byte[] segment = segment(first, frame(200));
        int lastAt = 8 + first.length;

        for (int length = lastAt + 1; length < segment.length - PADDING; length++) {
            int found = torn(Arrays.copyOf(segment, length));

            assertThat(found).as("cut at byte %s of the entry", length - lastAt).isIn(WHOLE, lastAt);
        }
    }

    @Test
    void lastEntry_whoseEndIsZeros_isCutOff_whereverTheZerosBegin() {
        for (int size : new int[] {1, 2, 100, 127, 128, 129, 600, 20_000}) {
            byte[] first = frame(10);
            byte[] segment = segment(first, frame(size));
            int lastAt = 8 + first.length;

            for (int from = lastAt + 1; from < segment.length - PADDING; from += size > 1_000 ? 97 : 1) {
                requireCutOff(segment, lastAt, from);
            }
            for (int from = segment.length - PADDING - 8; from < segment.length - PADDING; from++) {
                requireCutOff(segment, lastAt, Math.max(lastAt + 1, from));
            }
        }
    }

    private static void requireCutOff(byte[] segment, int lastAt, int zerosFrom) {
        byte[] zeroed = segment.clone();
        Arrays.fill(zeroed, zerosFrom, zeroed.length, (byte) 0);

        assertThat(torn(zeroed))
                .as("zeros from byte %s of the entry at %s", zerosFrom - lastAt, lastAt)
                .isEqualTo(Arrays.equals(zeroed, segment) ? WHOLE : lastAt);
    }

    @Test
    void lastEntry_thatNeverReachedTheDisk_isNoDamage() {
        byte[] first = frame(10);
        byte[] segment = segment(first, frame(200));
        Arrays.fill(segment, 8 + first.length, segment.length, (byte) 0);

        assertThat(torn(segment)).isEqualTo(WHOLE);
    }

    @Test
    void bitFlip_inTheLastEntry_isLeftForRatisToRefuse() {
        byte[] first = frame(10);
        byte[] segment = segment(first, frame(200));
        int lastAt = 8 + first.length + 2; // behind its length

        for (int i = 0; i < 50; i++) {
            byte[] flipped = segment.clone();
            int at = lastAt + random.nextInt(200);
            flipped[at] ^= (byte) (1 << random.nextInt(8));

            assertThat(torn(flipped)).as("flip at %s, seed %s", at, SEED).isEqualTo(WHOLE);
        }
    }

    @Test
    void bitFlip_inTheChecksumOfTheLastEntry_isLeftForRatisToRefuse() {
        byte[] segment = segment(frame(10), frame(200));
        for (int i = 1; i <= 4; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = segment.clone();
                flipped[flipped.length - PADDING - i] ^= (byte) (1 << bit);

                assertThat(torn(flipped)).as("byte -%s, bit %s", i, bit).isEqualTo(WHOLE);
            }
        }
    }

    @Test
    void damage_inTheMiddle_isLeftForRatisToRefuse() {
        byte[] segment = segment(frame(10), frame(200), frame(50));
        segment[100] ^= 1;

        assertThat(torn(segment)).isEqualTo(WHOLE);
    }

    @Test
    void zeros_betweenEntries_areLeftForRatisToRefuse() {
        byte[] first = frame(10);
        byte[] second = frame(200);
        byte[] segment = segment(first, second, frame(50));
        int secondAt = 8 + first.length;

        for (int from = secondAt; from < secondAt + second.length; from++) {
            byte[] zeroed = segment.clone();
            Arrays.fill(zeroed, from, secondAt + second.length, (byte) 0);

            assertThat(torn(zeroed)).as("zeros from %s", from).isEqualTo(WHOLE);
        }
    }

    @Test
    void length_thatIsNoLength_isLeftForRatisToRefuse() {
        byte[] first = frame(10);
        byte[] segment = segment(first);
        for (int i = 0; i < 6; i++) {
            segment[8 + first.length + i] = (byte) 0xff;
        }

        assertThat(torn(segment)).isEqualTo(WHOLE);
    }

    @Test
    void mend_cutsTheFile_andLeavesTheOthersAlone(@TempDir Path folder) throws IOException {
        byte[] first = frame(10);
        byte[] segment = segment(first, frame(200));
        Arrays.fill(segment, 8 + first.length + 100, segment.length, (byte) 0);
        Path open = Files.write(folder.resolve("log_inprogress_7"), segment);
        Path closed = Files.write(folder.resolve("log_0-6"), segment);

        LogTail.mend(folder);

        assertThat(Files.readAllBytes(open)).isEqualTo(Arrays.copyOf(segment, 8 + first.length));
        assertThat(Files.readAllBytes(closed)).isEqualTo(segment);
    }

    @Test
    void mend_ofAFolderThatIsNotThere_doesNothing(@TempDir Path folder) throws IOException {
        LogTail.mend(folder.resolve("none"));

        assertThat(folder).isEmptyDirectory();
    }

    private static int torn(byte[] segment) {
        return LogTail.findTorn(ByteBuffer.wrap(segment));
    }

    private static byte[] segment(byte[]... frames) {
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        segment.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        for (byte[] frame : frames) {
            segment.writeBytes(frame);
        }
        segment.writeBytes(new byte[PADDING]);
        return segment.toByteArray();
    }

    /** An entry as Ratis writes it: its length, random bytes, and the checksum of both. */
    private byte[] frame(int size) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int rest = size;
        while (rest >= 0x80) {
            frame.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        frame.write(rest);
        byte[] content = new byte[size];
        random.nextBytes(content);
        frame.writeBytes(content);
        CRC32C checksum = new CRC32C();
        checksum.update(frame.toByteArray());
        frame.writeBytes(
                ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
        return frame.toByteArray();
    }
}
