// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over all rows in the order of their keys, each key and value behind its length. */
public record StateHash(String sha256, long rows) {
    /** Reads every row of every table. */
    public static StateHash of(StoreReader reader) {
        MessageDigest digest = newDigest();
        long rows = 0;
        try (StoreReader.Cursor cursor = reader.scan(new byte[] {0}, new byte[] {(byte) 0xff})) {
            while (cursor.next()) {
                add(digest, cursor.key());
                add(digest, cursor.value());
                rows++;
            }
        }
        return new StateHash(HexFormat.of().formatHex(digest.digest()), rows);
    }

    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
