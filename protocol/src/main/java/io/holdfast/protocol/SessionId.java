// SPDX-License-Identifier: Apache-2.0
package io.holdfast.protocol;

/** A session's id: the revision that opened it. Greater than 0, never used again. */
public record SessionId(long value) implements Comparable<SessionId> {
    @Override
    public int compareTo(SessionId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "session " + value;
    }
}
