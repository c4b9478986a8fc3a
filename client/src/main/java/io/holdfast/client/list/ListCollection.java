// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.client.SharedObject;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ContentWalk;
import io.holdfast.client.session.Read;
import io.holdfast.protocol.v1.ListElements;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a list is as a collection: what is done with all its elements, or with those that are looked for. {@link
 * SharedList} adds their places: indexes and slices.
 */
abstract sealed class ListCollection<E extends @Nullable Object> extends AbstractList<E> permits SharedList {
    final Caller caller;
    final ListCalls calls;
    final ElementCodec<E> codec;
    private final ListReads reads;
    private final ListChanges<E> changes;

    ListCollection(ListCalls calls, ElementCodec<E> codec) {
        this.caller = codec.caller();
        this.calls = calls;
        this.codec = codec;
        this.reads = new ListReads(calls);
        this.changes = new ListChanges<>(caller, calls, reads, codec);
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, sizeAsLong());
    }

    /** How many elements there are. */
    public long sizeAsLong() {
        return caller.ask(calls.size());
    }

    /** As {@link #sizeAsLong}, without blocking. */
    public CompletableFuture<Long> sizeAsync() {
        return caller.askAsync(calls.size());
    }

    // ---- what is looked for -----------------------------------------------------------------------

    @Override
    public boolean contains(@Nullable Object element) {
        return indexOf(element) >= 0;
    }

    /** As {@link #contains}, without blocking; as {@link #indexOfAsync(Object)}. */
    public CompletableFuture<Boolean> containsAsync(E element) {
        return indexOfAsync(element).thenApply(index -> index >= 0);
    }

    @Override
    public int indexOf(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? -1 : caller.read(reads.index(wanted, false));
    }

    /**
     * As {@link #indexOf(Object)}, without blocking. While a list is looked through that takes more than one question (10,000
     * elements), a thread of the client's callback executor is occupied.
     */
    public CompletableFuture<Integer> indexOfAsync(E element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? CompletableFuture.completedFuture(-1) : caller.readAsync(reads.index(wanted, false));
    }

    /**
     * The first index of an equal element in that range; -1: it is not there. Python's {@code index(x, start, stop)}: negative
     * indexes count from the end, and those beyond an end are the end.
     *
     * @param to behind the last one that is looked at
     */
    public int indexOf(@Nullable Object element, int from, int to) {
        Value wanted = codec.lookup(element);
        return wanted == null ? -1 : caller.read(reads.index(wanted, from, to));
    }

    /** As {@link #indexOf(Object, int, int)}, without blocking; as {@link #indexOfAsync(Object)}. */
    public CompletableFuture<Integer> indexOfAsync(E element, int from, int to) {
        Value wanted = codec.lookup(element);
        return wanted == null ? CompletableFuture.completedFuture(-1) : caller.readAsync(reads.index(wanted, from, to));
    }

    @Override
    public int lastIndexOf(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? -1 : caller.read(reads.index(wanted, true));
    }

    /** As {@link #lastIndexOf}, without blocking; as {@link #indexOfAsync(Object)}. */
    public CompletableFuture<Integer> lastIndexOfAsync(E element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? CompletableFuture.completedFuture(-1) : caller.readAsync(reads.index(wanted, true));
    }

    /** How often the element is there. */
    public long count(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? 0 : caller.read(reads.count(wanted));
    }

    /** As {@link #count}, without blocking; as {@link #indexOfAsync(Object)}. */
    public CompletableFuture<Long> countAsync(E element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? CompletableFuture.completedFuture(0L) : caller.readAsync(reads.count(wanted));
    }

    @Override
    public boolean remove(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted != null && caller.call(calls.remove(wanted));
    }

    /** As {@link #remove(Object)}, without blocking. */
    public CompletableFuture<Boolean> removeAsync(E element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? CompletableFuture.completedFuture(false) : caller.callAsync(calls.remove(wanted));
    }

    // ---- many elements ----------------------------------------------------------------------------

    @Override
    public boolean addAll(Collection<? extends E> all) {
        List<List<Value>> parts = codec.parts(codec.encode(all));
        parts.forEach(part -> caller.call(calls.extend(part)));
        return !parts.isEmpty();
    }

    /**
     * Adds all of them in one command, without blocking.
     *
     * @throws IllegalArgumentException if they are more than one command carries
     */
    public CompletableFuture<Boolean> addAllAsync(Collection<? extends E> all) {
        return caller.callAsync(calls.extend(codec.encodeForOne(all)));
    }

    /** Whether it is a facade of this list. */
    private boolean isSame(@Nullable Object other) {
        return other instanceof ListCollection<?> list
                && calls.object().id() == list.calls.object().id()
                && caller.sharesClusterWith(list.caller);
    }

    @Override
    public boolean containsAll(Collection<?> all) {
        return isSame(all) || super.containsAll(all);
    }

    /**
     * Removes all elements that the collection contains, all at once.
     *
     * @param all its {@code contains} may be called several times for an element: again whenever another client has changed the
     *     list meanwhile
     */
    @Override
    public boolean removeAll(Collection<?> all) {
        Objects.requireNonNull(all, "all");
        return isSame(all) ? changes.removeIf(element -> true) : changes.removeIf(all::contains);
    }

    /** As {@link #removeAll}, on the client's callback executor. */
    public CompletableFuture<Boolean> removeAllAsync(Collection<?> all) {
        return caller.supplyAsync(() -> removeAll(all));
    }

    /**
     * Removes all elements that the collection does not contain, all at once.
     *
     * @param all its {@code contains} may be called several times for an element, as with {@link #removeAll}
     */
    @Override
    public boolean retainAll(Collection<?> all) {
        Objects.requireNonNull(all, "all");
        return !isSame(all) && changes.removeIf(element -> !all.contains(element));
    }

    /** As {@link #retainAll}, on the client's callback executor. */
    public CompletableFuture<Boolean> retainAllAsync(Collection<?> all) {
        return caller.supplyAsync(() -> retainAll(all));
    }

    /**
     * Removes all elements that meet the condition, all at once.
     *
     * @param condition may be called several times for an element: again whenever another client has changed the list
     *     meanwhile. It must have no other effect
     */
    @Override
    public boolean removeIf(Predicate<? super E> condition) {
        return changes.removeIf(Objects.requireNonNull(condition, "condition"));
    }

    /** As {@link #removeIf}, on the client's callback executor, the condition included. */
    public CompletableFuture<Boolean> removeIfAsync(Predicate<? super E> condition) {
        return caller.supplyAsync(() -> removeIf(condition));
    }

    /**
     * Replaces all elements, up to 10,000 at once.
     *
     * @param function may be called several times for an element, as the condition of {@link #removeIf}
     */
    @Override
    public void replaceAll(UnaryOperator<E> function) {
        changes.replaceAll(Objects.requireNonNull(function, "function"));
    }

    /** As {@link #replaceAll}, on the client's callback executor, the function included. */
    public CompletableFuture<@Nullable Void> replaceAllAsync(UnaryOperator<E> function) {
        return caller.runAsync(() -> replaceAll(function));
    }

    /**
     * Sorts the list, stably. By {@code null}, in natural order: of numbers, strings, booleans and byte arrays (by
     * their unsigned bytes) in one command of the cluster's; all elements must then be of one type, and none null.
     *
     * @param comparator works in this client, on a copy; the list is sorted again whenever another client has changed it
     *     meanwhile. It must have no other effect
     * @throws ClassCastException if elements cannot be compared; nothing is moved then
     */
    @Override
    public void sort(@Nullable Comparator<? super E> comparator) {
        changes.sort(comparator);
    }

    /** As {@link #sort}, on the client's callback executor, the comparator included. */
    public CompletableFuture<@Nullable Void> sortAsync(@Nullable Comparator<? super E> comparator) {
        return caller.runAsync(() -> sort(comparator));
    }

    /** Turns the list round, in one command. */
    public void reverse() {
        caller.call(calls.reverse());
    }

    /** As {@link #reverse}, without blocking. */
    public CompletableFuture<@Nullable Void> reverseAsync() {
        return caller.callAsync(calls.reverse());
    }

    /** Makes the list so many times itself: Python's {@code *=}. Not positive: empties it. */
    public void repeat(int times) {
        caller.call(calls.repeat(times));
    }

    /** As {@link #repeat}, without blocking. */
    public CompletableFuture<@Nullable Void> repeatAsync(int times) {
        return caller.callAsync(calls.repeat(times));
    }

    @Override
    public void clear() {
        caller.call(calls.clear());
    }

    /** As {@link #clear}, without blocking. */
    public CompletableFuture<@Nullable Void> clearAsync() {
        return caller.callAsync(calls.clear());
    }

    // ---- all elements -----------------------------------------------------------------------------

    @Override
    public Iterator<E> iterator() {
        return new PagingIterator<>(this, 0);
    }

    @Override
    public ListIterator<E> listIterator(int index) {
        if (index != 0) {
            Objects.checkIndex(index, size() + 1);
        }
        return new PagingIterator<>(this, index);
    }

    /** Of no known size: it may change on the way. */
    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
    }

    /** All elements, as of one instant, in a list that does not change. */
    public List<E> copy() {
        return caller.read(elements(ListCalls.ALL));
    }

    /** As {@link #copy}, without blocking; as {@link SharedList#sliceAsync}. */
    public CompletableFuture<List<E>> copyAsync() {
        return caller.readAsync(elements(ListCalls.ALL));
    }

    final Read<ListElements, List<E>> elements(Slice slice) {
        return reads.elements(slice, elements -> codec.copy(elements.values()));
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T extends @Nullable Object> T[] toArray(T[] array) {
        return copy().toArray(array);
    }

    /**
     * Whether the other is a facade of this list, or a list with equal elements in the same order as this one has at one
     * instant.
     *
     * @throws IllegalStateException if the contents of both refer back to them, or are nested more than 100 shared objects deep
     */
    @Override
    public boolean equals(@Nullable Object other) {
        if (other == this || isSame(other)) {
            return true;
        }
        if (other instanceof ListCollection<?> shared) {
            return ContentWalk.equal(calls.object(), shared.calls.object().id(), () -> copy().equals(shared.copy()));
        }
        return other instanceof List<?> list && ContentWalk.equal(calls.object(), 0, () -> copy().equals(list));
    }

    /**
     * The hash of a list with these elements.
     *
     * @throws IllegalStateException if the contents refer back to this list, or are nested more than 100 shared objects deep
     */
    @Override
    public int hashCode() {
        return ContentWalk.hash(calls.object(), () -> copy().hashCode());
    }

    /** The elements, as of a list of Java; inside another shared object that is printed, the list's id. */
    @Override
    public String toString() {
        return ContentWalk.text(calls.object(), this::print);
    }

    private String print() {
        StringJoiner text = new StringJoiner(", ", "[", "]");
        for (E element : copy()) {
            text.add(element instanceof SharedObject shared ? "#" + shared.id() : String.valueOf(element));
        }
        return text.toString();
    }
}
