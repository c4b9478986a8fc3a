// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Bounded queues, in which puts wait for room, and their deliveries. */
@SuppressWarnings("ReturnValueIgnored") // only the calls matter
final class QueueOperations {
    private static final int MOST_ITEMS = 60;
    private static final int MOST_AT_ONCE = 20;

    private QueueOperations() {}

    static KindOperations all() {
        return looking(receiving(taking(putting(new KindOperations("queue")))));
    }

    private static KindOperations putting(KindOperations kind) {
        return kind.with("put", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    if (queue.isFull()) {
                        queue.poll();
                    }
                    queue.put(context.blob());
                })
                .with("offer", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    queue.offer(context.blob());
                    queue.offer(context.blob(), context.patience().toMillis(), TimeUnit.MILLISECONDS);
                    context.finish(queue.offerAsync(context.blob(), context.patience()));
                })
                .with("putAll", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    queue.clear();
                    context.finish(queue.putAllAsync(context.blobs(MOST_AT_ONCE)));
                })
                .with("addAll", context -> any(context).addAll(context.blobs(MOST_AT_ONCE)))
                .with("shutdown", context -> ending(context, false))
                .with("shutdownNow", context -> ending(context, true));
    }

    private static KindOperations taking(KindOperations kind) {
        return kind.with("take", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    queue.offer(context.blob());
                    context.finish(queue.takeAsync());
                })
                .with("poll", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    queue.poll();
                    queue.poll(context.below(100), TimeUnit.MILLISECONDS);
                    context.finish(queue.pollAsync(context.patience()));
                    queue.poll(1 + context.below(MOST_AT_ONCE), context.patience());
                })
                .with("remove", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    byte[] first = queue.peek();
                    if (first != null) {
                        queue.remove(first);
                    }
                    queue.remove();
                })
                .with("drainTo", context -> any(context).drainTo(new ArrayList<>(), MOST_AT_ONCE))
                .with("clear", context -> context.finish(any(context).clearAsync()));
    }

    private static KindOperations receiving(KindOperations kind) {
        return kind.with("receive", context -> {
                    try (Delivery<byte[]> delivery = any(context).receive(context.patience())) {
                        if (delivery != null) {
                            delivery.value();
                            context.finish(context.coin() ? delivery.ackAsync() : delivery.nackAsync());
                        }
                    }
                })
                .with("ackAll", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    List<Delivery<byte[]>> deliveries =
                            context.finish(queue.receiveAsync(1 + context.below(MOST_AT_ONCE), context.patience()));
                    if (!deliveries.isEmpty()) {
                        context.finish(queue.ackAllAsync(deliveries));
                    }
                })
                .with("taskDone", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    if (queue.poll() != null) {
                        context.finish(queue.taskDoneAsync(1));
                    }
                })
                .with("join", context -> context.finish(any(context).joinAsync(context.patience())));
    }

    private static KindOperations looking(KindOperations kind) {
        return kind.with("remainingCapacity", context -> any(context).remainingCapacity())
                .with("peek", context -> context.finish(any(context).peekAsync()))
                .with("element", context -> {
                    SharedQueue<byte[]> queue = any(context);
                    queue.offer(context.blob());
                    queue.element();
                })
                .with("size", context -> any(context).size())
                .with("sizeAsLong", context -> any(context).sizeAsLong())
                .with("isEmpty", context -> any(context).isEmpty())
                .with("isFull", context -> any(context).isFull())
                .with("inspect", context -> any(context).inspect())
                .with("contains", context -> any(context).contains(context.blob(8)))
                .with("toArray", context -> any(context).toArray(new byte[0][]))
                .with("iterator", context -> {
                    Iterator<byte[]> items = any(context).iterator();
                    while (items.hasNext()) {
                        items.next();
                    }
                })
                .with(
                        "spliterator",
                        context -> any(context).stream()
                                .mapToInt(item -> item.length)
                                .sum());
    }

    private static SharedQueue<byte[]> any(OperationContext context) {
        return context.open(
                context.name("queue"),
                name -> context.client().queue(name, byte[].class, QueueOptions.DEFAULT.maxsize(MOST_ITEMS)));
    }

    /** Shuts a queue down and deletes it, so that the next one has its name. */
    private static void ending(OperationContext context, boolean now) throws Exception {
        String name = context.name("ending");
        SharedQueue<byte[]> queue = context.client().queue(name, byte[].class, QueueOptions.DEFAULT);
        queue.putAll(context.blobs(MOST_AT_ONCE));
        context.finish(now ? queue.shutdownNowAsync() : queue.shutdownAsync());
        context.client().delete(name);
    }
}
