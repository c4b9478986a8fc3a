// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static io.holdfast.protocol.Limits.BULK_VALUES;
import static io.holdfast.protocol.Limits.FRAME_BYTES;
import static io.holdfast.protocol.Limits.UPDATE_ENTRIES;

import io.holdfast.client.codec.Values;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.Welcome;

/** The bounds that the cluster sent in its Welcome; calls that break them are refused before they are sent. */
public record Limits(int maxInFlight, int maxValueBytes, int maxKeyBytes, int maxFrameBytes) {

    /**
     * The bounds of a session that is not open: no size is refused. The sender checks the size of a request once the
     * session is open, and the cluster that of its values.
     */
    static final Limits UNKNOWN = new Limits(1, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** The most a frame's envelope adds to the requests in it, for each request. */
    private static final int ENVELOPE_BYTES = 16;

    /**
     * Size of a frame with several requests, in bytes: the node answers the first ones while the rest is still on its way.
     */
    private static final int GOOD_FRAME_BYTES = 64 << 10;

    static Limits of(Welcome welcome) {
        return new Limits(
                Math.max(1, welcome.getMaxInFlight()),
                boundOf(welcome.getMaxValueBytes()),
                boundOf(welcome.getMaxKeyBytes()),
                boundOf(welcome.getMaxFrameBytes()));
    }

    /** Zero, or what does not fit an int: no bound. */
    private static int boundOf(int told) {
        return told <= 0 ? Integer.MAX_VALUE : told;
    }

    /**
     * The commands that may wait for something, of those in flight. The rest stays free for those that
     * end such waits: releases must get through however many acquires are on their way. Commands that the
     * cluster reports as waiting are not in flight.
     */
    int maxWaiting() {
        return Math.max(1, maxInFlight - Math.max(1, maxInFlight / 8));
    }

    /** Returns the greatest sum of the {@link #costOf costs} of several requests in one frame. */
    int frameBudget() {
        return Math.max(1, Math.min(GOOD_FRAME_BYTES, maxFrameBytes - ENVELOPE_BYTES));
    }

    static int costOf(int requestBytes) {
        return requestBytes + ENVELOPE_BYTES;
    }

    /** Returns whether a frame takes a request of that size, with the acknowledgements that are still to be added. */
    boolean fitsFrame(int requestBytes) {
        return requestBytes <= maxFrameBytes - maxFrameBytes / 64;
    }

    /**
     * The value itself.
     *
     * @throws IllegalArgumentException if it is too large to be stored
     */
    public Value checkedValue(Value value) {
        check(value, maxValueBytes, "value", "limits.value-bytes");
        return value;
    }

    /**
     * The cells themselves; together they may be as large as a value.
     *
     * @throws IllegalArgumentException if they are too large for one command
     */
    public Cells checkedCells(Cells cells) {
        checkSize(cells.getSerializedSize(), maxValueBytes, "range of cells", "limits.value-bytes");
        return cells;
    }

    /**
     * The key itself.
     *
     * @throws IllegalArgumentException if it is too large, or holds what a key must not hold
     */
    public Value checkedKey(Value key) {
        if (!Values.isKey(Values.notTooDeep(key, "key"))) {
            throw new IllegalArgumentException("A key cannot hold a shared object, a NaN or an opaque value. Records,"
                    + " enums, Instants and UUIDs are keys with a typed codec: client.dict(name, client.codec(UUID.class),"
                    + " …).");
        }
        check(key, maxKeyBytes, "key", "for a key");
        return key;
    }

    /**
     * Returns whether one of several commands may carry so many values, which have so many bytes with all that belongs to
     * them. While the cluster's bounds are unknown, those of this release apply, so that the parts do not get too large.
     */
    public boolean fitsBulk(int values, long bytes) {
        return values <= BULK_VALUES && bytes <= Math.min(maxBulkBytes(), bulkBytes(FRAME_BYTES));
    }

    /**
     * Checks that one command may carry so many values.
     *
     * @throws IllegalArgumentException if they are too many, or have too many bytes
     */
    public void checkBulk(int values, long bytes) {
        if (values > BULK_VALUES || bytes > maxBulkBytes()) {
            throw new IllegalArgumentException("One command carries at most " + BULK_VALUES + " values and "
                    + maxBulkBytes() + " bytes; these are " + values + " values with " + bytes
                    + " bytes. Send them with several.");
        }
    }

    /**
     * Returns whether one of several commands may write that many entries of a dict with that many bytes in total; with
     * unknown bounds as {@link #fitsBulk}.
     */
    public boolean fitsUpdate(int entries, long bytes) {
        return entries <= UPDATE_ENTRIES && fitsBulk(entries, bytes);
    }

    /**
     * Checks that one command may write so many entries of a dict.
     *
     * @throws IllegalArgumentException if they are too many, or have too many bytes
     */
    public void checkUpdate(int entries, long bytes) {
        if (entries > UPDATE_ENTRIES || bytes > maxBulkBytes()) {
            throw new IllegalArgumentException("One command writes at most " + UPDATE_ENTRIES + " entries and "
                    + maxBulkBytes() + " bytes; these are " + entries + " entries with " + bytes
                    + " bytes. Send them with several, or use putAll.");
        }
    }

    /** A command must fit one frame, with its guards and all that it acknowledges. */
    private int maxBulkBytes() {
        return bulkBytes(maxFrameBytes);
    }

    private static int bulkBytes(int frameBytes) {
        return frameBytes - frameBytes / 16;
    }

    private static void check(Value value, int bound, String what, String by) {
        Values.notTooDeep(value, what);
        checkSize(value.getSerializedSize(), bound, what, by);
    }

    private static void checkSize(int size, int bound, String what, String by) {
        if (size > bound) {
            throw new IllegalArgumentException("This " + what + " has " + size
                    + " bytes when encoded; the cluster takes " + bound + " (" + by + "). Store less, or split it.");
        }
    }
}
