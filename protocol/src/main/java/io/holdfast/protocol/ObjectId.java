// SPDX-License-Identifier: Apache-2.0
package io.holdfast.protocol;

/** A shared object's id: the revision that created it. Greater than 0, never used again. */
public record ObjectId(long value) implements Comparable<ObjectId> {
    @Override
    public int compareTo(ObjectId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "object " + value;
    }
}
