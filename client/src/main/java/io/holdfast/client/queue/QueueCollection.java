// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.QueueInspection;
import io.holdfast.client.session.ContentWalk;
import io.holdfast.client.session.Cursor;
import io.holdfast.client.session.Read;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.QueueFound;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.QueueRemoved;
import io.holdfast.protocol.v1.Value;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a queue is as a {@link java.util.Queue} that nobody waits for: {@link SharedQueue} adds the waiting. */
abstract sealed class QueueCollection<E> extends AbstractQueue<E> permits SharedQueue {
    /** Items of a page, when all of them are wanted. */
    private static final int PAGE_ROWS = 1_000;

    final QueueOptions options;
    final ContentCodec<E> codec;
    final QueueCalls calls;
    final UndecodedItems undecoded;
    final QueueBulk<E> bulk;

    QueueCollection(QueueOptions options, ContentCodec<E> codec, QueueCalls calls, UndecodedItems undecoded) {
        this.options = options;
        this.codec = codec;
        this.calls = calls;
        this.undecoded = undecoded;
        this.bulk = new QueueBulk<>(calls.caller(), calls, codec, options.maxsize());
    }

    // ---- putting and taking -----------------------------------------------------------------------

    /** Puts it, unless the queue is full; false: it is, or others wait to put. */
    @Override
    public boolean offer(E item) {
        return calls.caller().awaitUninterruptibly(calls.put(bulk.single(item), 0));
    }

    /**
     * Puts the items in their order, as {@code add} does one by one, but in as few commands as they fit.
     *
     * <p>If they do not all fit, the first ones that do are in the queue when this throws. {@link SharedQueue#putAll} puts
     * all or none, and waits for room.
     *
     * @return whether there were any
     * @throws IllegalStateException if the queue is full, or others wait to put, before all are in it
     * @throws IllegalArgumentException if they are the items of this queue, through whichever facade; or if one of them cannot
     *     be stored: then none was put
     * @throws NullPointerException if one of them is null; then none was put
     */
    @Override
    public boolean addAll(Collection<? extends E> items) {
        requireOther(items, "added");
        return bulk.addAll(items);
    }

    /** Facades of one queue are one queue, as {@code this} is for a queue of the JDK. */
    final void requireOther(Collection<?> other, String what) {
        if (isSame(other)) {
            throw new IllegalArgumentException(
                    "A queue cannot be " + what + " to itself: both are " + calls.object() + ".");
        }
    }

    /** The first item, which is taken; null: there is none (or it is the null of a client in another language). */
    @Override
    public @Nullable E poll() {
        return firstOf(takeNow(1));
    }

    /** As {@link #poll}, without blocking. */
    public CompletableFuture<@Nullable E> pollAsync() {
        return takeAsync(first(0));
    }

    @Override
    public E remove() {
        List<E> taken = takeNow(1);
        if (taken.isEmpty()) {
            throw new NoSuchElementException("Queue empty");
        }
        return taken.get(0);
    }

    List<E> takeNow(int max) {
        undecoded.throwKept();
        return calls.caller().awaitUninterruptibly(all(max, 0));
    }

    @Override
    public @Nullable E peek() {
        return firstOf(calls.caller().ask(calls.page(0, 1, this::decoded)));
    }

    /** As {@link #peek}, without blocking. */
    public CompletableFuture<@Nullable E> peekAsync() {
        return calls.caller().askAsync(calls.page(0, 1, items -> firstOf(decoded(items))));
    }

    @Override
    public E element() {
        List<E> first = calls.caller().ask(calls.page(0, 1, this::decoded));
        if (first.isEmpty()) {
            throw new NoSuchElementException("Queue empty");
        }
        return first.get(0);
    }

    // ---- looking ----------------------------------------------------------------------------------

    /** How many items can be taken now; at most {@link Integer#MAX_VALUE}. */
    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, sizeAsLong());
    }

    /** How many items can be taken now; linearizable. */
    public long sizeAsLong() {
        return calls.caller().ask(calls.size());
    }

    /** As {@link #sizeAsLong}, without blocking. */
    public CompletableFuture<Long> sizeAsync() {
        return calls.caller().askAsync(calls.size());
    }

    @Override
    public boolean isEmpty() {
        return sizeAsLong() == 0;
    }

    /** Whether there is no room for one more item now. */
    public boolean isFull() {
        return options.maxsize() != 0 && sizeAsLong() >= options.maxsize();
    }

    /** What the queue is in, and who waits. */
    public QueueInspection inspect() {
        return (QueueInspection)
                calls.caller().ask(Inspections.byId(calls.object().id()));
    }

    /** Whether an equal item is in the queue; a long one is looked through as it is at one instant. */
    @Override
    public boolean contains(@Nullable Object item) {
        Value wanted = lookup(item);
        return wanted != null && calls.caller().read(finding(wanted));
    }

    /**
     * As {@link #contains}, without blocking. While a queue is looked through that takes more than one question (10,000
     * items), a thread of the client's callback executor is occupied.
     */
    public CompletableFuture<Boolean> containsAsync(E item) {
        Value wanted = lookup(item);
        return wanted == null
                ? CompletableFuture.completedFuture(false)
                : calls.caller().readAsync(finding(wanted));
    }

    private Read<QueueFound, Boolean> finding(Value wanted) {
        return new Read<>(
                calls.find(wanted, 0),
                first -> first.getNext() == 0,
                first -> first.getId() != 0,
                cursor -> isIn(cursor, wanted));
    }

    private boolean isIn(Cursor cursor, Value wanted) {
        QueueFound found = cursor.ask(calls.find(wanted, 0));
        while (found.getNext() != 0) {
            found = cursor.ask(calls.find(wanted, found.getNext()));
        }
        return found.getId() != 0;
    }

    /** All items, as they are at one instant. */
    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T> T[] toArray(T[] target) {
        return copy().toArray(target);
    }

    /** All items, as they are at one instant; inside another shared object that is printed, the queue's id. */
    @Override
    public String toString() {
        return ContentWalk.text(calls.object(), () -> copy().toString());
    }

    /** Whether the other is a facade of the same queue. */
    @Override
    public boolean equals(@Nullable Object other) {
        return isSame(other);
    }

    private boolean isSame(@Nullable Object other) {
        return other instanceof QueueCollection<?> queue
                && calls.object().id() == queue.calls.object().id()
                && calls.caller().sharesClusterWith(queue.calls.caller());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(calls.object().id());
    }

    private List<E> copy() {
        return calls.caller()
                .read(new Read<>(
                        calls.page(0, PAGE_ROWS, items -> items),
                        first -> first.getNext() == 0,
                        this::decoded,
                        this::copy));
    }

    private List<E> copy(Cursor cursor) {
        QueueItems page = cursor.ask(calls.page(0, PAGE_ROWS, items -> items));
        List<E> copy = new ArrayList<>(decoded(page));
        while (page.getNext() != 0) {
            page = cursor.ask(calls.page(page.getNext(), PAGE_ROWS, items -> items));
            copy.addAll(decoded(page));
        }
        return copy;
    }

    @Override
    public Iterator<E> iterator() {
        return new QueueIterator<>(calls, codec);
    }

    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
    }

    // ---- removing ---------------------------------------------------------------------------------

    /** Removes the first equal item. A long queue is looked through in parts: others may change it meanwhile. */
    @Override
    public boolean remove(@Nullable Object item) {
        Value wanted = lookup(item);
        QueueRemoved removed = QueueRemoved.getDefaultInstance();
        while (wanted != null) {
            removed = calls.caller().call(calls.remove(wanted, removed.getNext()));
            if (removed.getNext() == 0) {
                return removed.getDone();
            }
        }
        return false;
    }

    /** As {@link #remove(Object)}, on the client's callback executor. */
    public CompletableFuture<Boolean> removeAsync(E item) {
        return calls.caller().supplyAsync(() -> remove(item));
    }

    /** Removes all items; they are done with. Deliveries stay with those who have them. */
    @Override
    public void clear() {
        calls.caller().call(calls.clear());
    }

    // ---- for the waiting ones ---------------------------------------------------------------------

    /** Waits for the truth: what the cluster has done is never lost to the one who asked for it. */
    <T extends @Nullable Object> T await(Wait<T> wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return calls.caller().awaitOutcome(wait);
        } catch (CancellationException e) {
            Thread.interrupted(); // the exception says it
            throw new InterruptedException();
        }
    }

    /** As {@link #await}, for items that are handed over. */
    <T extends @Nullable Object> T take(Wait<T> wait) throws InterruptedException {
        undecoded.throwKept();
        return await(wait);
    }

    /** As {@link #take(Wait)}, without blocking. */
    <T extends @Nullable Object> CompletableFuture<T> takeAsync(Wait<T> wait) {
        try {
            undecoded.throwKept();
        } catch (DecodingException e) {
            return CompletableFuture.failedFuture(e);
        }
        return calls.caller().awaitOutcomeAsync(wait);
    }

    Wait<TakenItems<E>> batch(int max, long timeoutNanos) {
        return calls.get(max, false, timeoutNanos, TakenItems.none(), (items, session) -> TakenItems.of(items, codec));
    }

    Wait<List<E>> all(int max, long timeoutNanos) {
        return calls.get(
                max,
                false,
                timeoutNanos,
                List.of(),
                (items, session) -> undecoded.separate(TakenItems.of(items, codec)));
    }

    Wait<@Nullable E> first(long timeoutNanos) {
        return calls.get(
                1,
                false,
                timeoutNanos,
                null,
                (items, session) -> codec.decodeTaken(items.get(0).getValue()));
    }

    private List<E> decoded(QueueItems items) {
        return items.getItemsList().stream()
                .map(item -> codec.decode(item.getValue()))
                .toList();
    }

    private static <E> @Nullable E firstOf(List<E> items) {
        return items.isEmpty() ? null : items.get(0);
    }

    /** A value of whatever type; null: it has no encoded form, so it is not in the queue. */
    @SuppressWarnings("unchecked") // what is not an E is found out by its codec
    private @Nullable Value lookup(@Nullable Object item) {
        if (item == null) {
            return null;
        }
        try {
            return calls.caller().limits().checkedValue(codec.encode((E) item));
        } catch (ClassCastException | IllegalArgumentException e) {
            return null;
        }
    }
}
