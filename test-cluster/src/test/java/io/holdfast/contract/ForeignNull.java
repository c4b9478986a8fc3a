// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.Values;
import io.holdfast.protocol.v1.Value;

/** Writes nulls, as a client in another language may where this one refuses to. */
public final class ForeignNull implements Codec<String> {
    @Override
    public Value encode(String value) {
        return Values.NULL;
    }

    @Override
    public String decode(Value value) {
        return "read: " + value;
    }
}
