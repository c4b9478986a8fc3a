// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.nio.charset.StandardCharsets;

/**
 * A typed, ordered map of the store: how its keys are built and its rows are read.
 *
 * @param <R> the message that a row is
 */
public final class Table<R extends MessageLite> {
    private final String name;
    private final byte prefix;
    private final Parser<R> parser;

    Table(int prefix, String name, Parser<R> parser) {
        this.prefix = (byte) prefix;
        this.name = name;
        this.parser = parser;
    }

    public String name() {
        return name;
    }

    byte prefix() {
        return prefix;
    }

    /** The key made of these numbers; with fewer than a row's, the prefix that its rows share. */
    public Key key(long... parts) {
        return Key.of(prefix, parts);
    }

    public Key key(long part, byte[] last) {
        return Key.of(prefix, part, last);
    }

    public Key key(long part, String text) {
        return Key.of(prefix, part, text.getBytes(StandardCharsets.UTF_8));
    }

    public Key key(String text) {
        return Key.of(prefix, text);
    }

    R parse(byte[] bytes) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException("a row of " + name + " cannot be read: the store is damaged", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
