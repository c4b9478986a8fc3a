// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import io.holdfast.protocol.v1.Slice;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a {@link SharedArray}, many at a time, as one Java object without a box for each.
 *
 * <pre>{@code
 * ArrayView<long[]> counts = client.array("counts", Typecode.INT64, 1_000_000).asLongs();
 * counts.write(10, new long[] {1, 2, 3});
 * long[] some = counts.read(0, 100);
 * }</pre>
 *
 * <p>It is the array itself, not a copy. What is said at {@link SharedArray} of ranges holds here too. Safe for many
 * threads.
 *
 * @param <A> {@code long[]}, {@code int[]}, {@code double[]} or String
 */
public final class ArrayView<A> {
    private final CellRanges ranges;
    private final Form<A> form;
    private final int length;

    ArrayView(CellRanges ranges, Form<A> form, int length) {
        this.ranges = ranges;
        this.form = form;
        this.length = length;
    }

    /** All cells, as of one instant. */
    public A read() {
        return read(0, length);
    }

    /** As {@link #read()}, without blocking; as {@link #readAsync(int, int)}. */
    public CompletableFuture<A> readAsync() {
        return readAsync(0, length);
    }

    /**
     * The cells of a range, as of one instant.
     *
     * @param to the first that is not read
     * @throws IndexOutOfBoundsException if they are not all in the array
     */
    public A read(int from, int to) {
        return ranges.read(range(from, to), form);
    }

    /**
     * As {@link #read(int, int)}, without blocking. With more cells than one message carries (at least 100,000), a thread
     * of the client's callback executor is occupied until all are read.
     */
    public CompletableFuture<A> readAsync(int from, int to) {
        return ranges.readAsync(range(from, to), form);
    }

    /**
     * Writes cells side by side, in one command: all or none.
     *
     * @param from the index of the first
     * @throws IndexOutOfBoundsException if they are not all in the array
     * @throws IllegalArgumentException if they are too large for one command (a mebibyte by default, which is at least
     *     100,000 cells)
     */
    public void write(int from, A values) {
        ranges.write(range(from, end(from, values)), form.encoder().apply(values));
    }

    /** As {@link #write}, without blocking. */
    public CompletableFuture<@Nullable Void> writeAsync(int from, A values) {
        return ranges.writeAsync(range(from, end(from, values)), form.encoder().apply(values));
    }

    private int end(int from, A values) {
        return from + form.length().applyAsInt(values);
    }

    private Slice range(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return slice(from, to);
    }

    static Slice slice(int from, int to) {
        return Slice.newBuilder().setStart(from).setStop(to).build();
    }
}
