// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.list.SharedList;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;

/** Lists of up to a hundred values of any size. An operation that would make a list longer first removes values. */
@SuppressWarnings("ReturnValueIgnored") // only the calls matter
final class ListOperations {
    private static final int MOST_ELEMENTS = 60;
    private static final int MOST_AT_ONCE = 10;
    private static final int MOST_REPEATED = 20;

    private ListOperations() {}

    static KindOperations all() {
        return whole(removing(changing(reading(new KindOperations("list")))));
    }

    private static KindOperations reading(KindOperations kind) {
        return kind.with("get", context -> filled(context).get(0))
                .with("at", context -> context.finish(filled(context).atAsync(-1)))
                .with("size", context -> any(context).size())
                .with("sizeAsLong", context -> context.finish(any(context).sizeAsync()))
                .with("contains", context -> context.finish(any(context).containsAsync(context.blob(4))))
                .with("indexOf", context -> {
                    context.finish(any(context).indexOfAsync(context.blob(4)));
                    any(context).indexOf(context.blob(4), 0, 10);
                })
                .with("lastIndexOf", context -> context.finish(any(context).lastIndexOfAsync(context.blob(4))))
                .with("count", context -> context.finish(any(context).countAsync(context.blob(4))))
                .with("slice", context -> context.finish(any(context).sliceAsync(0, MOST_AT_ONCE, 2)))
                .with("inspect", context -> any(context).inspect())
                .with("stale", context -> {
                    any(context).stale().size();
                    filled(context).stale().at(0);
                });
    }

    private static KindOperations changing(KindOperations kind) {
        return kind.with("set", context -> context.finish(filled(context).setAsync(0, context.blob())))
                .with("compareAndSet", context -> {
                    SharedList<byte[]> list = filled(context);
                    context.finish(list.compareAndSetAsync(0, list.get(0), context.blob()));
                })
                .with("add", context -> {
                    context.finish(growing(context).addAsync(context.blob()));
                    context.finish(growing(context).addAsync(0, context.blob()));
                })
                .with("addAll", context -> {
                    context.finish(growing(context).addAllAsync(context.blobs(MOST_AT_ONCE)));
                    context.finish(growing(context).addAllAsync(0, context.blobs(MOST_AT_ONCE)));
                })
                .with(
                        "setSlice",
                        context -> context.finish(growing(context).setSliceAsync(0, 5, 1, context.blobs(MOST_AT_ONCE))))
                .with("replaceAll", context -> context.finish(small(context).replaceAllAsync(byte[]::clone)))
                .with("sort", context -> context.finish(any(context).sortAsync(null)))
                .with("reverse", context -> context.finish(any(context).reverseAsync()))
                .with("repeat", context -> context.finish(small(context).repeatAsync(context.below(MOST_REPEATED))));
    }

    private static KindOperations removing(KindOperations kind) {
        return kind.with("remove", context -> {
                    context.finish(any(context).removeAsync(context.blob(4)));
                    context.finish(filled(context).removeAtAsync(0));
                })
                .with("compareAndRemove", context -> {
                    SharedList<byte[]> list = filled(context);
                    context.finish(list.compareAndRemoveAsync(0, list.get(0)));
                })
                .with("removeFirst", context -> context.finish(filled(context).removeFirstAsync()))
                .with("removeLast", context -> context.finish(filled(context).removeLastAsync()))
                .with("removeSlice", context -> context.finish(any(context).removeSliceAsync(0, MOST_ELEMENTS, 3)))
                .with("removeAll", context -> context.finish(any(context).removeAllAsync(context.blobs(2))))
                .with("retainAll", context -> {
                    SharedList<byte[]> list = small(context);
                    context.finish(list.retainAllAsync(List.of(list.get(0))));
                })
                .with("removeIf", context -> context.finish(small(context).removeIfAsync(bytes -> bytes.length > 99)))
                .with("clear", context -> context.finish(any(context).clearAsync()));
    }

    private static KindOperations whole(KindOperations kind) {
        return kind.with("copy", context -> context.finish(any(context).copyAsync()))
                .with("toArray", context -> any(context).toArray(new byte[0][]))
                .with("iterator", context -> {
                    Iterator<byte[]> elements = any(context).iterator();
                    while (elements.hasNext()) {
                        elements.next();
                    }
                })
                .with("listIterator", context -> {
                    ListIterator<byte[]> elements = any(context).listIterator(0);
                    if (elements.hasNext()) {
                        elements.next();
                    }
                })
                .with(
                        "spliterator",
                        context -> any(context).stream()
                                .mapToInt(bytes -> bytes.length)
                                .sum());
    }

    private static SharedList<byte[]> any(OperationContext context) {
        return context.open(context.name("list"), name -> context.client().list(name, byte[].class));
    }

    private static SharedList<byte[]> filled(OperationContext context) throws Exception {
        SharedList<byte[]> list = any(context);
        context.finish(list.addAsync(context.blob()));
        return growing(context, list);
    }

    /** Returns a list that has room for more values. */
    private static SharedList<byte[]> growing(OperationContext context) throws Exception {
        return growing(context, any(context));
    }

    private static SharedList<byte[]> growing(OperationContext context, SharedList<byte[]> list) throws Exception {
        if (list.size() > MOST_ELEMENTS) {
            context.finish(list.removeSliceAsync(0, MOST_ELEMENTS, 1));
        }
        return list;
    }

    /** Returns a list of a few small values, for operations that read all of it or multiply it. */
    private static SharedList<byte[]> small(OperationContext context) throws Exception {
        SharedList<byte[]> list =
                context.open(context.name("small"), name -> context.client().list(name, byte[].class));
        if (list.size() > 1_000) {
            context.finish(list.clearAsync());
        }
        context.finish(list.addAllAsync(List.of(context.blob(100), context.blob(50))));
        return list;
    }
}
