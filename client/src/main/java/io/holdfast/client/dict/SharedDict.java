// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.inspect.DictInspection;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Timeouts;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.Value;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A map that all clients share, in insertion order: writing to a key that is there keeps its place.
 *
 * <pre>{@code
 * SharedDict<String, Job> jobs = client.dict("jobs", client.codec(String.class), client.codec(Job.class));
 * jobs.put("7", new Job("render", 3));
 * jobs.computeIfPresent("7", (id, job) -> job.withPriority(1));
 * }</pre>
 *
 * <p>A {@link ConcurrentMap}: each method but the bulk ones is one linearizable command that takes effect
 * exactly once. {@code compute*}, {@code merge} and {@code replaceAll} are compare-and-set loops in the client: their
 * functions may be called several times for one key, and must have no other effect. {@link #update} is one command;
 * {@code putAll} is as many as it takes, and not atomic.
 *
 * <p>Entries can have a time to live ({@link #put(Object, Object, Duration)}, {@link #expiringAfter}), which
 * the cluster counts on its own clock. Every write to a key sets it anew: what is written without one
 * lives for ever, be it by {@code put}, by {@code merge}, or by {@code Entry.setValue}.
 *
 * <p>Null keys and values are refused with {@link NullPointerException}. (The wire allows null values: one that a
 * program in another language has put reads as null here, while {@code containsKey} is true. {@code putIfAbsent} leaves
 * it and answers null; {@code compute*} and {@code merge} take it for nothing, and replace it.)
 *
 * <p>A reference to an object that is gone reads as null, too, or as the handle of it that this client had. So does what
 * a method answers of before and was the last reference to an anonymous object, which goes with it.
 *
 * <p>Keys are equal when their encoded forms are, as are values in {@code remove(k, v)} and {@code
 * replace(k, old, new)}. A key or value that the codec cannot encode is {@link IllegalArgumentException}
 * or {@link ClassCastException} where it would be written, and simply not there where it is looked for.
 *
 * <p>Views are live. Iterators page through the dict and are weakly consistent: they see every entry
 * that is there from beginning to end exactly once, others at most once, and never throw {@link
 * java.util.ConcurrentModificationException}. {@code Iterator.remove} removes the key whatever it holds
 * by then; {@code Entry.setValue} puts. {@code removeIf} of {@code entrySet()} and {@code values()} removes an entry only if it
 * holds what the condition was asked about. {@code size} answers at most {@link Integer#MAX_VALUE}; see {@link #sizeAsLong}.
 *
 * <p>{@link #copy}, {@code equals}, {@code hashCode}, {@code toString} and {@code containsValue} read the
 * whole dict as it is at one instant, however large it is and whatever changes meanwhile. They go by
 * content, as {@link Map} demands ({@link #id} tells whether two are the same dict): do not key other maps
 * by a dict. Facades of one dict are equal, which reads nothing. {@code hashCode} of a dict whose contents refer back to it, and
 * {@code equals} of two such dicts, throw {@link IllegalStateException}; so do those of contents that are nested more than 100
 * shared objects deep. Shared objects in a dict are printed as their ids.
 *
 * <p>A value that the codec cannot decode is a {@link io.holdfast.client.errors.DecodingException}, which carries it encoded.
 * {@code put}, {@code replace}, {@code remove} and {@link #popLast} have taken effect then: what they replaced or removed is in
 * the exception. All other methods changed nothing. Iterators go on behind the entry, and {@code remove} removes it.
 *
 * <p>A method that throws {@link io.holdfast.client.errors.SessionLostException} may or may not have
 * taken effect.
 *
 * <p>Memory consistency effects: as with other concurrent collections, actions in a thread before
 * writing an entry <i>happen-before</i> actions after reading it in another, as far as they go through
 * this cluster; between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedDict<K, V> extends DictMap<K, V> implements SharedObject {
    private final ObjectRef object;

    /** For {@link io.holdfast.client.HoldfastClient#dict(String, Codec, Codec)}. */
    public SharedDict(ObjectRef object, Codec<K> keys, Codec<V> values, Caller caller) {
        this(new DictCalls(object, 0), EntryCodec.of(keys, values, caller));
    }

    private SharedDict(DictCalls calls, EntryCodec<K, V> codec) {
        super(calls, codec);
        this.object = calls.object();
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    @Override
    public DictInspection inspect() {
        return (DictInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * This dict, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait. Reads are not guarded.
     */
    public SharedDict<K, V> guardedBy(LockHandle held) {
        return calling(held.guarding(caller));
    }

    /** This dict, with all commands guarded by a grant that any client holds. */
    public SharedDict<K, V> guardedBy(Guard guard) {
        return calling(caller.guarded(guard));
    }

    private SharedDict<K, V> calling(Caller other) {
        return new SharedDict<>(calls, new EntryCodec<>(codec.keys(), codec.values(), other));
    }

    /**
     * This dict, with everything that is written through it living for that time: by {@code put}, {@code
     * replace}, {@code merge}, {@link #update} and all the others. An entry is there for at least its time,
     * and goes within milliseconds after it.
     *
     * @param ttl positive
     */
    public SharedDict<K, V> expiringAfter(Duration ttl) {
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalArgumentException("an entry must live for some time, not for " + ttl);
        }
        return new SharedDict<>(new DictCalls(object, Timeouts.nanos(ttl)), codec);
    }

    /** Reads of any one node's state, which may be behind; the answers say by how much. */
    public StaleDict<K, V> stale() {
        return new StaleDict<>(this);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        Value wanted = codec.lookup(key);
        return wanted == null ? null : caller.ask(calls.get(wanted, codec::decodeOrNull));
    }

    /** As {@link #get}, without blocking. */
    public CompletableFuture<@Nullable V> getAsync(K key) {
        Value wanted = codec.lookup(key);
        return wanted == null
                ? CompletableFuture.completedFuture(null)
                : caller.askAsync(calls.get(wanted, codec::decodeOrNull));
    }

    /**
     * The key's value.
     *
     * @throws NoSuchElementException if the key is not there
     */
    public V getOrThrow(K key) {
        Value wanted = codec.lookup(key);
        return wanted == null
                ? codec.decodeOrThrow(key, null)
                : caller.ask(calls.get(wanted, found -> codec.decodeOrThrow(key, found)));
    }

    /** As {@link #getOrThrow}, without blocking; the future fails if the key is not there. */
    public CompletableFuture<V> getOrThrowAsync(K key) {
        Value wanted = codec.lookup(key);
        return wanted == null
                ? CompletableFuture.failedFuture(EntryCodec.missing(key))
                : caller.askAsync(calls.get(wanted, found -> codec.decodeOrThrow(key, found)));
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        Value wanted = codec.lookup(key);
        return wanted != null && caller.ask(calls.containsKey(wanted));
    }

    /** As {@link #containsKey}, without blocking. */
    public CompletableFuture<Boolean> containsKeyAsync(K key) {
        Value wanted = codec.lookup(key);
        return wanted == null ? CompletableFuture.completedFuture(false) : caller.askAsync(calls.containsKey(wanted));
    }

    /** As {@link #sizeAsLong}, without blocking. */
    public CompletableFuture<Long> sizeAsync() {
        return caller.askAsync(calls.size());
    }

    @Override
    public @Nullable V put(K key, V value) {
        return caller.call(calls.put(codec.key(key), codec.value(value), codec::previous));
    }

    /** As {@link #put}, without blocking. */
    public CompletableFuture<@Nullable V> putAsync(K key, V value) {
        return caller.callAsync(calls.put(codec.key(key), codec.value(value), codec::previous));
    }

    /** Puts an entry that goes by itself after that time; see {@link #expiringAfter}, which also has the async twin. */
    public @Nullable V put(K key, V value, Duration ttl) {
        return expiringAfter(ttl).put(key, value);
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        return caller.call(calls.putIfAbsent(codec.key(key), codec.value(value), codec::existing));
    }

    /** As {@link #putIfAbsent}, without blocking. */
    public CompletableFuture<@Nullable V> putIfAbsentAsync(K key, V value) {
        return caller.callAsync(calls.putIfAbsent(codec.key(key), codec.value(value), codec::existing));
    }

    /** Puts the entry if the key is not there, and answers what the key holds then: Python's {@code setdefault}. */
    public V setDefault(K key, V value) {
        return caller.call(calls.putIfAbsent(codec.key(key), codec.value(value), reply -> codec.settled(reply, value)));
    }

    /** As {@link #setDefault}, without blocking. */
    public CompletableFuture<V> setDefaultAsync(K key, V value) {
        return caller.callAsync(
                calls.putIfAbsent(codec.key(key), codec.value(value), reply -> codec.settled(reply, value)));
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        Value wanted = codec.lookup(key);
        return wanted == null ? null : caller.call(calls.remove(wanted, null, codec::previous));
    }

    /** As {@link #remove(Object)}, without blocking. */
    public CompletableFuture<@Nullable V> removeAsync(K key) {
        Value wanted = codec.lookup(key);
        return wanted == null
                ? CompletableFuture.completedFuture(null)
                : caller.callAsync(calls.remove(wanted, null, codec::previous));
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        Value wanted = codec.lookup(key);
        Value expected = codec.lookupValue(value);
        return wanted != null && expected != null && caller.call(calls.remove(wanted, expected, DictReply::getDone));
    }

    /** As {@link #remove(Object, Object)}, without blocking. */
    public CompletableFuture<Boolean> removeAsync(K key, V value) {
        Value wanted = codec.lookup(key);
        Value expected = codec.lookupValue(value);
        return wanted == null || expected == null
                ? CompletableFuture.completedFuture(false)
                : caller.callAsync(calls.remove(wanted, expected, DictReply::getDone));
    }

    /** Removes the entry that was inserted last, and answers it; empty: the dict was. Python's {@code popitem}. */
    public Optional<Map.Entry<K, @Nullable V>> popLast() {
        return caller.call(calls.<Optional<Map.Entry<K, @Nullable V>>>popItem(codec::removed));
    }

    /** As {@link #popLast}, without blocking. */
    public CompletableFuture<Optional<Map.Entry<K, @Nullable V>>> popLastAsync() {
        return caller.callAsync(calls.<Optional<Map.Entry<K, @Nullable V>>>popItem(codec::removed));
    }

    @Override
    public @Nullable V replace(K key, V value) {
        return caller.call(calls.replace(codec.key(key), null, codec.value(value), codec::previous));
    }

    /** As {@link #replace(Object, Object)}, without blocking. */
    public CompletableFuture<@Nullable V> replaceAsync(K key, V value) {
        return caller.callAsync(calls.replace(codec.key(key), null, codec.value(value), codec::previous));
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        return caller.call(
                calls.replace(codec.key(key), codec.value(expected), codec.value(value), DictReply::getDone));
    }

    /** As {@link #replace(Object, Object, Object)}, without blocking. */
    public CompletableFuture<Boolean> replaceAsync(K key, V expected, V value) {
        return caller.callAsync(
                calls.replace(codec.key(key), codec.value(expected), codec.value(value), DictReply::getDone));
    }

    @Override
    public void clear() {
        caller.call(calls.clear());
    }

    /** As {@link #clear}, without blocking. */
    public CompletableFuture<@Nullable Void> clearAsync() {
        return caller.callAsync(calls.clear());
    }

    /**
     * Puts all entries in one command, or none: nobody sees some of them without the others.
     *
     * @throws IllegalArgumentException if one of them cannot be stored, or they are more than one command carries: 4,000
     *     entries, nearly 3 MiB. See {@link #putAll} for more
     */
    public void update(Map<? extends K, ? extends V> map) {
        caller.call(bulk.update(map));
    }

    /** As {@link #update}, without blocking. */
    public CompletableFuture<@Nullable Void> updateAsync(Map<? extends K, ? extends V> map) {
        return caller.callAsync(bulk.update(map));
    }

    /** A copy of all entries as they are at one instant, in their order. It is the caller's own. */
    public Map<K, V> copy() {
        return caller.read(whole.copy());
    }

    /**
     * As {@link #copy}, without blocking. With more entries than one message carries (1,000), a thread of the client's
     * callback executor is occupied until all are read.
     */
    public CompletableFuture<Map<K, V>> copyAsync() {
        return caller.readAsync(whole.copy());
    }
}
