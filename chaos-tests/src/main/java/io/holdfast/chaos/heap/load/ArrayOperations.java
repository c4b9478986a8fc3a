// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.array.ArrayView;
import io.holdfast.client.array.SharedArray;
import io.holdfast.client.value.Typecode;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Arrays of 8 to 100,000 cells. */
final class ArrayOperations {
    private static final int[] LENGTHS = {8, 1_000, 100_000};
    private static final int MOST_AT_ONCE = 10_000;

    private ArrayOperations() {}

    static KindOperations all() {
        return whole(cells(new KindOperations("array")));
    }

    private static KindOperations cells(KindOperations kind) {
        return kind.with("get", context -> {
                    SharedArray<Long> array = any(context);
                    context.finish(array.getAsync(cell(context, array)));
                })
                .with("at", context -> context.finish(any(context).atAsync(-1)))
                .with("set", context -> {
                    SharedArray<Long> array = any(context);
                    context.finish(array.setAsync(cell(context, array), 3L));
                })
                .with("compareAndSet", context -> {
                    SharedArray<Long> array = any(context);
                    int cell = cell(context, array);
                    context.finish(array.compareAndSetAsync(cell, array.get(cell), 5L));
                })
                .with("getAndAdd", context -> context.finish(any(context).getAndAddAsync(0, 1L)))
                .with("addAndGet", context -> context.finish(any(context).addAndGetAsync(0, 1L)))
                .with("getAndSet", context -> context.finish(any(context).getAndSetAsync(1, 1L)))
                .with("update", context -> context.finish(any(context).updateAsync(2, old -> old / 2)));
    }

    private static KindOperations whole(KindOperations kind) {
        return kind.with("read", context -> {
                    SharedArray<Long> array = any(context);
                    context.finish(array.readAsync());
                    context.finish(array.readAsync(0, array.length() / 2));
                })
                .with("write", context -> {
                    SharedArray<Long> array = any(context);
                    context.finish(array.writeAsync(0, numbers(Math.min(array.length(), MOST_AT_ONCE))));
                })
                .with("slice", context -> context.finish(any(context).sliceAsync(null, null, 2)))
                .with("setSlice", context -> {
                    SharedArray<Long> array = any(context);
                    int count = Math.min(array.length(), MOST_AT_ONCE);
                    context.finish(array.setSliceAsync(0, count, 2, numbers((count + 1) / 2)));
                })
                .with("asLongs", context -> {
                    ArrayView<long[]> view = any(context).asLongs();
                    context.finish(view.readAsync());
                    context.finish(view.writeAsync(0, new long[] {1, 2, 3}));
                })
                .with("asList", context -> any(context).asList().indexOf(-5L))
                .with("iterator", context -> {
                    Iterator<Long> cells = any(context).iterator();
                    while (cells.hasNext()) {
                        cells.next();
                    }
                })
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedArray<Long> any(OperationContext context) {
        int length = LENGTHS[context.below(LENGTHS.length)];
        return context.open(
                context.name("array/" + length), name -> context.client().array(name, Typecode.INT64, length));
    }

    private static int cell(OperationContext context, SharedArray<Long> array) {
        return context.below(array.length());
    }

    private static List<Long> numbers(int count) {
        return Collections.nCopies(count, 42L);
    }
}
