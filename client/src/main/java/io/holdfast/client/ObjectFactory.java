// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.array.SharedArray;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.RLockOptions;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.lock.SharedMutex;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.SemaphoreOptions;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens shared objects by name, and creates those without one: what {@link HoldfastClient} does most. */
public abstract sealed class ObjectFactory permits HoldfastClient {
    ObjectFactory() {}

    abstract Maker named(String name);

    abstract Maker anonymous();

    /** The codec for values of any type, which reads references as live handles of this client. */
    public abstract StandardCodec codec();

    /**
     * The codec for values of one type, which reads references as live handles of this client.
     *
     * @throws IllegalArgumentException if there is none; see {@link Codec#of}
     */
    public abstract <T> Codec<T> codec(Class<T> type);

    // ---- named objects ----------------------------------------------------------------------------

    /** Opens a lock that its session owns. */
    public SharedLock lock(String name) {
        return lock(name, LockOptions.DEFAULT);
    }

    /** Opens a lock. */
    public SharedLock lock(String name, LockOptions options) {
        return named(name).lock(options);
    }

    /** Opens a reentrant lock that refuses deadlocks. */
    public SharedRLock rlock(String name) {
        return rlock(name, RLockOptions.DEFAULT);
    }

    /** Opens a reentrant lock. */
    public SharedRLock rlock(String name, RLockOptions options) {
        return named(name).rlock(options);
    }

    /** Opens a condition, which belongs to that lock; as {@link SharedMutex#condition}. */
    public SharedCondition condition(String name, SharedMutex lock) {
        return lock.condition(name);
    }

    /**
     * Opens a semaphore that is not bounded, and whose permits sessions own.
     *
     * @param permits how many there are at first, which is one of its parameters; not negative
     */
    public SharedSemaphore semaphore(String name, int permits) {
        return semaphore(name, permits, SemaphoreOptions.DEFAULT);
    }

    /** Opens a semaphore; as {@link #semaphore(String, int)}. */
    public SharedSemaphore semaphore(String name, int permits, SemaphoreOptions options) {
        return named(name).semaphore(permits, options);
    }

    /** Opens a semaphore that never has more permits than at first; as {@link #semaphore(String, int)}. */
    public SharedSemaphore boundedSemaphore(String name, int permits) {
        return semaphore(name, permits, SemaphoreOptions.BOUNDED);
    }

    /**
     * Opens a barrier.
     *
     * @param parties how many must arrive, 1 to 100,000
     */
    public SharedBarrier barrier(String name, int parties) {
        return named(name).barrier(parties, null, null);
    }

    /**
     * Opens a barrier, with an action for the last of those that have one; see {@link SharedBarrier}. The action is this
     * facade's, and no parameter of the barrier.
     */
    public SharedBarrier barrier(String name, int parties, Runnable action) {
        return named(name).barrier(parties, action, null);
    }

    /**
     * Opens a barrier.
     *
     * @param timeout how long parties wait that name no time of their own; one of its parameters
     */
    public SharedBarrier barrier(String name, int parties, Duration timeout) {
        return named(name).barrier(parties, null, timeout);
    }

    /** Opens a barrier with both: {@link #barrier(String, int, Runnable)}, {@link #barrier(String, int, Duration)}. */
    public SharedBarrier barrier(String name, int parties, Runnable action, Duration timeout) {
        return named(name).barrier(parties, action, timeout);
    }

    /** Opens an event; a new one is not set. */
    public SharedEvent event(String name) {
        return named(name).event();
    }

    /**
     * Opens a value.
     *
     * @param initial what it holds if this creates it; ignored if it is there
     * @throws ArithmeticException if the initial value does not fit the type code
     */
    public <T> SharedValue<T> value(String name, Typecode<T> typecode, T initial) {
        return named(name).value(typecode, initial);
    }

    /**
     * Opens a dict that holds whatever the client's standard codec carries. That entries are of the types
     * K and V is the caller's promise, which nobody checks: Integers come back as Long, for one.
     */
    @SuppressWarnings("unchecked")
    public <K, V> SharedDict<K, V> dict(String name) {
        return dict(name, (Codec<K>) codec().objects(), (Codec<V>) codec().objects());
    }

    /** Opens a dict of exactly these types. */
    public <K, V> SharedDict<K, V> dict(String name, Class<K> keys, Class<V> values) {
        return dict(name, codec(keys), codec(values));
    }

    /** Opens a dict, read and written with these codecs. */
    public <K, V> SharedDict<K, V> dict(String name, Codec<K> keys, Codec<V> values) {
        return named(name).dict(keys, values);
    }

    /**
     * Opens a queue without a bound that holds whatever the client's standard codec carries. That items are of the type E
     * is the caller's promise, which nobody checks: Integers come back as Long, for one.
     */
    @SuppressWarnings("unchecked")
    public <E> SharedQueue<E> queue(String name) {
        return queue(name, (Codec<E>) codec().objects(), QueueOptions.DEFAULT);
    }

    /** Opens a queue of exactly that type, without a bound. */
    public <E> SharedQueue<E> queue(String name, Class<E> items) {
        return queue(name, codec(items), QueueOptions.DEFAULT);
    }

    /** Opens a queue of exactly that type. */
    public <E> SharedQueue<E> queue(String name, Class<E> items, QueueOptions options) {
        return queue(name, codec(items), options);
    }

    /** Opens a queue, read and written with that codec. */
    public <E> SharedQueue<E> queue(String name, Codec<E> items, QueueOptions options) {
        return named(name).queue(options, items);
    }

    /**
     * Opens a list that holds whatever the client's standard codec carries, nulls included. That elements are of the
     * type E is the caller's promise, which nobody checks: Integers come back as Long, for one.
     */
    @SuppressWarnings("unchecked")
    public <E extends @Nullable Object> SharedList<E> list(String name) {
        return list(name, (Codec<E>) (Codec<?>) codec());
    }

    /** Opens a list of exactly this type, and nulls. */
    public <E> SharedList<E> list(String name, Class<E> elements) {
        return list(name, codec(elements));
    }

    /** Opens a list, read and written with this codec; nulls are carried beside what it carries. */
    public <E extends @Nullable Object> SharedList<E> list(String name, Codec<E> elements) {
        return named(name).list(elements);
    }

    /** Opens a namespace, whose attributes hold whatever the client's codec carries. */
    public SharedNamespace namespace(String name) {
        return named(name).namespace(codec());
    }

    /**
     * Opens an array of so many cells; a new one is all zeros, which takes no room.
     *
     * @param length 0 to 2<sup>31</sup>-1; one of its parameters
     */
    public <T> SharedArray<T> array(String name, Typecode<T> typecode, int length) {
        return named(name).array(typecode, length);
    }

    /**
     * Opens an array of as many cells as there are values.
     *
     * @param values what it holds if this creates it; ignored if it is there, but for how many they are
     * @throws ArithmeticException if one of them does not fit the type code
     */
    public <T> SharedArray<T> array(String name, Typecode<T> typecode, List<T> values) {
        return named(name).array(typecode, values);
    }

    // ---- anonymous objects ------------------------------------------------------------------------

    /** A new lock without a name; see {@link HoldfastClient#drop} for its life. */
    public SharedLock newLock() {
        return newLock(LockOptions.DEFAULT);
    }

    /** A new lock without a name. */
    public SharedLock newLock(LockOptions options) {
        return anonymous().lock(options);
    }

    /** A new reentrant lock without a name. */
    public SharedRLock newRLock() {
        return newRLock(RLockOptions.DEFAULT);
    }

    /** A new reentrant lock without a name. */
    public SharedRLock newRLock(RLockOptions options) {
        return anonymous().rlock(options);
    }

    /** A new condition of that lock, without a name; as {@link SharedMutex#newCondition}. */
    public SharedCondition newCondition(SharedMutex lock) {
        return lock.newCondition();
    }

    /** A new semaphore without a name. */
    public SharedSemaphore newSemaphore(int permits) {
        return newSemaphore(permits, SemaphoreOptions.DEFAULT);
    }

    /** A new semaphore without a name. */
    public SharedSemaphore newSemaphore(int permits, SemaphoreOptions options) {
        return anonymous().semaphore(permits, options);
    }

    /** A new barrier without a name. */
    public SharedBarrier newBarrier(int parties) {
        return anonymous().barrier(parties, null, null);
    }

    /** A new barrier without a name, with an action; as {@link #barrier(String, int, Runnable)}. */
    public SharedBarrier newBarrier(int parties, Runnable action) {
        return anonymous().barrier(parties, action, null);
    }

    /** A new event without a name, not set. */
    public SharedEvent newEvent() {
        return anonymous().event();
    }

    /** A new value without a name. */
    public <T> SharedValue<T> newValue(Typecode<T> typecode, T initial) {
        return anonymous().value(typecode, initial);
    }

    /** A new array without a name; as {@link #array(String, Typecode, int)}. */
    public <T> SharedArray<T> newArray(Typecode<T> typecode, int length) {
        return anonymous().array(typecode, length);
    }

    /** A new array without a name; as {@link #array(String, Typecode, List)}. */
    public <T> SharedArray<T> newArray(Typecode<T> typecode, List<T> values) {
        return anonymous().array(typecode, values);
    }

    /** A new dict without a name; as {@link #dict(String)}. */
    @SuppressWarnings("unchecked")
    public <K, V> SharedDict<K, V> newDict() {
        return newDict((Codec<K>) codec().objects(), (Codec<V>) codec().objects());
    }

    /** A new dict without a name, of exactly these types. */
    public <K, V> SharedDict<K, V> newDict(Class<K> keys, Class<V> values) {
        return newDict(codec(keys), codec(values));
    }

    /** A new dict without a name, read and written with these codecs. */
    public <K, V> SharedDict<K, V> newDict(Codec<K> keys, Codec<V> values) {
        return anonymous().dict(keys, values);
    }

    /** A new queue without a name and without a bound; as {@link #queue(String)}. */
    @SuppressWarnings("unchecked")
    public <E> SharedQueue<E> newQueue() {
        return newQueue((Codec<E>) codec().objects(), QueueOptions.DEFAULT);
    }

    /** A new queue without a name and without a bound, of exactly that type. */
    public <E> SharedQueue<E> newQueue(Class<E> items) {
        return newQueue(codec(items), QueueOptions.DEFAULT);
    }

    /** A new queue without a name, read and written with that codec. */
    public <E> SharedQueue<E> newQueue(Codec<E> items, QueueOptions options) {
        return anonymous().queue(options, items);
    }

    /** A new list without a name; as {@link #list(String)}. */
    @SuppressWarnings("unchecked")
    public <E extends @Nullable Object> SharedList<E> newList() {
        return newList((Codec<E>) (Codec<?>) codec());
    }

    /** A new list without a name, of exactly this type, and nulls. */
    public <E> SharedList<E> newList(Class<E> elements) {
        return newList(codec(elements));
    }

    /** A new list without a name, read and written with this codec; as {@link #list(String, Codec)}. */
    public <E extends @Nullable Object> SharedList<E> newList(Codec<E> elements) {
        return anonymous().list(elements);
    }

    /** A new namespace without a name. */
    public SharedNamespace newNamespace() {
        return anonymous().namespace(codec());
    }
}
