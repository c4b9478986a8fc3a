// SPDX-License-Identifier: Apache-2.0
package io.holdfast.protocol;

/**
 * The limits that are the same everywhere: those that the state machine enforces, which must be equal on all nodes, and
 * the bounds of what a node's configuration may set.
 */
public final class Limits {
    /** The version of the protocol that this release speaks. */
    public static final int PROTOCOL_VERSION = 1;

    /** The longest name of an object, in bytes of UTF-8. */
    public static final int NAME_BYTES = 512;
    /** The longest client or host name, in bytes of UTF-8. */
    public static final int CLIENT_NAME_BYTES = 256;
    /** Maximum number of commands that wait for one object. */
    public static final int WAITERS_PER_OBJECT = 100_000;
    /** Maximum number of commands of one session without an outcome, waiting ones included. */
    public static final int COMMANDS_PER_SESSION = 8_192;
    /** Maximum number of waiting commands of one session. */
    public static final int WAITS_PER_SESSION = 100_000;
    /** From so many waiting commands of a session on, its client is told of each that waits. */
    public static final int WAITS_UNTOLD = 256;
    /**
     * How many outcomes that the client has not acknowledged are kept for one session. All that waited may have theirs at
     * once.
     */
    public static final int OUTCOMES_PER_SESSION = 2 * COMMANDS_PER_SESSION + WAITS_PER_SESSION;
    /** Maximum number of objects without a name that one session has handles to. */
    public static final int HANDLES_PER_SESSION = 100_000;
    /** Maximum number of objects of which one session holds locks, permits, deliveries or actions. */
    public static final int HOLDINGS_PER_SESSION = 100_000;
    /** Maximum number of waiters of a condition that one command notifies, unless it notifies all. */
    public static final int NOTIFIED_AT_ONCE = 1_000;
    /** Maximum number of ranges of waiters that leave a barrier; above it, the barrier takes no new waiters. */
    public static final int BARRIER_LEAVES = 64;
    /** Maximum number of waiters that an inspection lists. */
    public static final int INSPECTED_WAITERS = 100;
    /** Maximum number of open cursors of one session. */
    public static final int CURSORS_PER_SESSION = 16;
    /** Maximum number of values in one command. */
    public static final int BULK_VALUES = 10_000;
    /**
     * Maximum number of dict entries that one command writes; the state machine looks each of them up first. A log that an
     * older release wrote may contain commands with {@link #BULK_VALUES} entries; they are applied like others.
     */
    public static final int UPDATE_ENTRIES = 4_000;
    /** Maximum number of outcomes that one command acknowledges. */
    public static final int ACKNOWLEDGED_PER_COMMAND = 8_192;
    /** Maximum number of references to objects in all values that one command stores. */
    public static final int REFERENCES_PER_COMMAND = 4_096;
    /** Maximum number of deliveries of one queue that one session has. */
    public static final int DELIVERIES_PER_SESSION = 10_000;
    /** How many bytes of them, about: all of them come back at once when the session ends. */
    public static final long DELIVERY_BYTES_PER_SESSION = 32L << 20;
    /** How many elements of a list one command may move, or look at. */
    public static final int LIST_REARRANGED = 1_000_000;
    /** How many bytes of elements of a list one command may move, or look at. */
    public static final int LIST_REARRANGED_BYTES = 64 << 20;
    /** A command that moves, or looks at, more elements of a list is done in pieces. */
    public static final int LIST_PIECE = 2_000;
    /** The same of bytes of elements. */
    public static final int LIST_PIECE_BYTES = 128 << 10;
    /** The most rows a page of a query may ask for. */
    public static final int PAGE_ROWS = 10_000;
    /** A page that has reached so many bytes takes no further row. */
    public static final int PAGE_BYTES = 1 << 20;
    /** The most cells of an array in a page: each takes at most ten bytes. */
    public static final int PAGE_CELLS = PAGE_BYTES / 10;
    /** How many cells an array may have between the first and the last of those that one message reads or writes. */
    public static final int ARRAY_SPAN = 1 << 20;
    /** How many cells of an array an inspection tells. */
    public static final int INSPECTED_CELLS = 100;
    /**
     * How deep values may be nested in one value, itself included. A map in a map is three protobuf messages deeper, and
     * protobuf's parsers give up at 100: that leaves 13 for the frames around a value.
     */
    public static final int VALUE_DEPTH = 30;

    /** The default of {@code limits.value-bytes}, and the greatest value that it can be set to. */
    public static final int VALUE_BYTES = 1 << 20;
    /** The greatest key of a dict, in bytes. */
    public static final int KEY_BYTES = 64 << 10;
    /** The greatest frame of a session's stream, in bytes. */
    public static final int FRAME_BYTES = 3 << 20;

    private Limits() {}
}
