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
import io.holdfast.client.session.Operation;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.Value;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
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
 * exactly once. {@code compute*}, {@code merge} and {@code replaceAll} are compare-and-set loops: their
 * functions may be called several times and must have no other effect. {@code putAll} is not atomic.
 *
 * <p>Null keys and values are refused with {@link NullPointerException}. (The wire allows null values:
 * one that a program in another language has put reads as null here, while {@code containsKey} is true.)
 *
 * <p>Keys are equal when their encoded forms are, as are values in {@code remove(k, v)} and {@code
 * replace(k, old, new)}. A key or value that the codec cannot encode is {@link IllegalArgumentException}
 * or {@link ClassCastException} where it would be written, and simply not there where it is looked for.
 *
 * <p>Views are live. Iterators page through the dict and are weakly consistent: they see every entry
 * that is there from beginning to end exactly once, others at most once, and never throw {@link
 * java.util.ConcurrentModificationException}. {@code Iterator.remove} removes the key whatever it holds
 * by then; {@code Entry.setValue} puts. {@code equals}, {@code hashCode}, {@code toString} and {@code
 * containsValue} go by content, as {@link Map} demands, and page through the whole dict: do not key other
 * maps by it. {@code size} answers at most {@link Integer#MAX_VALUE}; see {@link #sizeAsLong}.
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
public final class SharedDict<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V>, SharedObject {
    /** Commands that putAll has under way. */
    private static final int PIPELINED = 256;

    private final ObjectRef object;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final Caller caller;
    private final DictCalls calls;

    /** For {@link io.holdfast.client.HoldfastClient#dict(String, Codec, Codec)}. */
    public SharedDict(ObjectRef object, Codec<K> keys, Codec<V> values, Caller caller) {
        this.object = object;
        this.keys = keys;
        this.values = values;
        this.caller = caller;
        this.calls = new DictCalls(object);
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
     * This dict, with all commands guarded by that grant of a lock: they change nothing, and throw {@link
     * io.holdfast.client.errors.StaleTokenException}, once the grant is over; while the lease is in doubt
     * they wait. Reads are not guarded.
     */
    public SharedDict<K, V> guardedBy(LockHandle held) {
        return new SharedDict<>(object, keys, values, held.guarding(caller));
    }

    /** This dict, with all commands guarded by a grant that any client holds. */
    public SharedDict<K, V> guardedBy(Guard guard) {
        return new SharedDict<>(object, keys, values, caller.guarded(guard));
    }

    /** Reads of any one node's state, which may be behind; the answers say by how much. */
    public StaleDict<K, V> stale() {
        return new StaleDict<>(this);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        Value wanted = lookup(key);
        return wanted == null ? null : caller.ask(calls.get(wanted, this::decodeOrNull));
    }

    /** As {@link #get}, without blocking. */
    public CompletableFuture<@Nullable V> getAsync(K key) {
        return caller.askAsync(calls.get(key(key), this::decodeOrNull));
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        Value wanted = lookup(key);
        return wanted != null && caller.ask(calls.containsKey(wanted));
    }

    /** As {@link #containsKey}, without blocking. */
    public CompletableFuture<Boolean> containsKeyAsync(K key) {
        return caller.askAsync(calls.containsKey(key(key)));
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return values().contains(value);
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, sizeAsLong());
    }

    /** How many entries there are. */
    public long sizeAsLong() {
        return caller.ask(calls.size());
    }

    /** As {@link #sizeAsLong}, without blocking. */
    public CompletableFuture<Long> sizeAsync() {
        return caller.askAsync(calls.size());
    }

    @Override
    public boolean isEmpty() {
        return sizeAsLong() == 0;
    }

    @Override
    public @Nullable V put(K key, V value) {
        return caller.call(calls.put(key(key), value(value), this::previous));
    }

    /** As {@link #put}, without blocking. */
    public CompletableFuture<@Nullable V> putAsync(K key, V value) {
        return caller.callAsync(calls.put(key(key), value(value), this::previous));
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        return caller.call(calls.putIfAbsent(key(key), value(value), this::previous));
    }

    /** As {@link #putIfAbsent}, without blocking. */
    public CompletableFuture<@Nullable V> putIfAbsentAsync(K key, V value) {
        return caller.callAsync(calls.putIfAbsent(key(key), value(value), this::previous));
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        Value wanted = lookup(key);
        return wanted == null ? null : caller.call(calls.remove(wanted, null, this::previous));
    }

    /** As {@link #remove(Object)}, without blocking. */
    public CompletableFuture<@Nullable V> removeAsync(K key) {
        return caller.callAsync(calls.remove(key(key), null, this::previous));
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        Value wanted = lookup(key);
        Value expected = lookupValue(value);
        return wanted != null && expected != null && caller.call(calls.remove(wanted, expected, DictReply::getDone));
    }

    /** As {@link #remove(Object, Object)}, without blocking. */
    public CompletableFuture<Boolean> removeAsync(K key, V value) {
        return caller.callAsync(calls.remove(key(key), value(value), DictReply::getDone));
    }

    @Override
    public @Nullable V replace(K key, V value) {
        return caller.call(calls.replace(key(key), null, value(value), this::previous));
    }

    /** As {@link #replace(Object, Object)}, without blocking. */
    public CompletableFuture<@Nullable V> replaceAsync(K key, V value) {
        return caller.callAsync(calls.replace(key(key), null, value(value), this::previous));
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        return caller.call(calls.replace(key(key), value(expected), value(value), DictReply::getDone));
    }

    /** As {@link #replace(Object, Object, Object)}, without blocking. */
    public CompletableFuture<Boolean> replaceAsync(K key, V expected, V value) {
        return caller.callAsync(calls.replace(key(key), value(expected), value(value), DictReply::getDone));
    }

    @Override
    public void clear() {
        caller.call(calls.clear());
    }

    /** As {@link #clear}, without blocking. */
    public CompletableFuture<@Nullable Void> clearAsync() {
        return caller.callAsync(calls.clear());
    }

    /** Puts one entry after the other, many under way at a time; what fails leaves a part of them put. */
    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        ArrayDeque<Runnable> underWay = new ArrayDeque<>();
        for (Map.Entry<? extends K, ? extends V> entry : map.entrySet()) {
            if (underWay.size() == PIPELINED) {
                underWay.remove().run();
            }
            underWay.add(caller.begin(calls.put(key(entry.getKey()), value(entry.getValue()), DictReply::getDone)));
        }
        underWay.forEach(Runnable::run);
    }

    // ---- compare-and-set loops ------------------------------------------------------------------
    // On encoded values: what was read is what is compared, whatever a codec makes of it in between.

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        return settle(key, before -> function.apply(key, before));
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        return settle(key, before -> {
            if (before == null) {
                return null;
            }
            return function.apply(key, before);
        });
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        V old = get(key);
        V made = old == null ? function.apply(key) : null;
        if (made == null) {
            return old;
        }
        V winner = putIfAbsent(key, made);
        return winner == null ? made : winner;
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(value, "value");
        return settle(key, before -> before == null ? value : function.apply(before, value));
    }

    @Override
    public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        Objects.requireNonNull(function, "function");
        for (K key : keySet()) {
            computeIfPresent(key, (k, old) -> Objects.requireNonNull(function.apply(k, old)));
        }
    }

    /** Makes the entry what the function makes of it, which gets and answers null for 'not there'. */
    private @Nullable V settle(K key, Change<V> function) {
        Value wanted = key(key);
        while (true) {
            Value before = caller.ask(calls.get(wanted, found -> found));
            V old = decodeOrNull(before);
            V after = function.apply(old);
            if ((old == null && after == null) || change(wanted, before, after)) {
                return after;
            }
        }
    }

    /** What a compare-and-set loop makes of what a key holds; null: nothing. */
    private interface Change<V> {
        @Nullable
        V apply(@Nullable V before);
    }

    /** Writes what a function has made of an entry; false: it has changed meanwhile. */
    private boolean change(Value key, @Nullable Value before, @Nullable V after) {
        if (before == null) {
            return after != null && caller.call(calls.putIfAbsent(key, value(after), DictReply::getDone));
        }
        Operation<Boolean> change = after == null
                ? calls.remove(key, before, DictReply::getDone)
                : calls.replace(key, before, value(after), DictReply::getDone);
        return caller.call(change);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new DictViews.Entries<>(this);
    }

    @Override
    public Set<K> keySet() {
        return new DictViews.Keys<>(this);
    }

    @Override
    public Collection<V> values() {
        return new DictViews.Values<>(this);
    }

    Caller caller() {
        return caller;
    }

    DictCalls calls() {
        return calls;
    }

    K decodeKey(Value key) {
        return keys.decode(key);
    }

    V decodeValue(Value value) {
        return values.decode(value);
    }

    @Nullable
    V decodeOrNull(@Nullable Value value) {
        return value == null ? null : values.decode(value);
    }

    Value key(K key) {
        return caller.limits().checkedKey(keys.encode(Objects.requireNonNull(key, "key")));
    }

    private Value value(V value) {
        return caller.limits().checkedValue(values.encode(Objects.requireNonNull(value, "value")));
    }

    /** A key of whatever type; null: it has no encoded form, so it is not in the dict. */
    @SuppressWarnings("unchecked") // what is not a K is found out by its codec
    @Nullable
    Value lookup(@Nullable Object key) {
        Objects.requireNonNull(key, "key");
        try {
            return key((K) key);
        } catch (ClassCastException | IllegalArgumentException e) {
            return null;
        }
    }

    /** A value of whatever type; null: it has no encoded form, so no entry holds it. */
    @SuppressWarnings("unchecked") // what is not a V is found out by its codec
    @Nullable
    Value lookupValue(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return value((V) value);
        } catch (ClassCastException | IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable V previous(DictReply reply) {
        return reply.hasPrevious() ? values.decode(reply.getPrevious()) : null;
    }
}
