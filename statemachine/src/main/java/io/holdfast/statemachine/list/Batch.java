// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;

/** Elements that one step of a command adds, limited in number, in bytes and in references. */
final class Batch {
    private static final long MOST_BYTES = 64 << 10;
    private static final long MOST_REFERENCES = 512;

    private final List<Value> values = new ArrayList<>();
    private final int most;
    private int seen;
    private long bytes;
    private long references;

    Batch(int most) {
        this.most = most;
    }

    boolean isFull() {
        return seen >= most || bytes >= MOST_BYTES || references >= MOST_REFERENCES;
    }

    /** Counts an element that is skipped. */
    void pass() {
        seen++;
    }

    void add(Value value) {
        seen++;
        bytes += ListNodes.bytes(value);
        references += Values.references(value).size();
        values.add(value);
    }

    /** Returns the number of elements that were looked at. */
    int seen() {
        return seen;
    }

    List<Value> values() {
        return values;
    }
}
