// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ContentWalk;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a {@link Map} does beyond single commands: loops, views, and what is made of all entries. */
abstract class DictMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
    final Caller caller;
    final DictCalls calls;
    final EntryCodec<K, V> codec;
    final DictBulk<K, V> bulk;
    final WholeDict<K, V> whole;
    private final DictChanges<K, V> changes;

    DictMap(DictCalls calls, EntryCodec<K, V> codec) {
        this.caller = codec.caller();
        this.calls = calls;
        this.codec = codec;
        this.changes = new DictChanges<>(caller, calls, codec);
        this.bulk = new DictBulk<>(caller, calls, codec);
        this.whole = new WholeDict<>(caller, calls, codec);
    }

    /** How many entries there are. */
    public long sizeAsLong() {
        return caller.ask(calls.size());
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, sizeAsLong());
    }

    @Override
    public boolean isEmpty() {
        return sizeAsLong() == 0;
    }

    /**
     * Puts all entries, in as few commands as they fit; what fails leaves a part of them put. Those that fit one command
     * ({@link SharedDict#update}) are put as one. The entries of this dict itself are those of one instant.
     */
    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        bulk.putAll(isSame(map) ? caller.read(whole.copy()) : map);
    }

    /** Whether it is a facade of this dict. */
    private boolean isSame(@Nullable Object other) {
        return other instanceof DictMap<?, ?> dict
                && calls.object().id() == dict.calls.object().id()
                && caller.sharesClusterWith(dict.caller);
    }

    /** As {@link #putAll}, on the client's callback executor; the map must not change until then. */
    public CompletableFuture<@Nullable Void> putAllAsync(Map<? extends K, ? extends V> map) {
        return caller.runAsync(() -> putAll(map));
    }

    /**
     * {@inheritDoc}
     *
     * @param function may be called several times: again whenever another client has changed the entry meanwhile. It must have
     *     no other effect
     */
    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        return changes.settle(key, before -> function.apply(key, before));
    }

    /** As {@link #compute}, on the client's callback executor, the function included. */
    public CompletableFuture<@Nullable V> computeAsync(
            K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        return caller.supplyAsync(() -> compute(key, function));
    }

    /**
     * {@inheritDoc}
     *
     * @param function may be called several times, as that of {@link #compute}
     */
    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        return changes.settle(key, before -> {
            if (before == null) {
                return null;
            }
            return function.apply(key, before);
        });
    }

    /** As {@link #computeIfPresent}, on the client's callback executor, the function included. */
    public CompletableFuture<@Nullable V> computeIfPresentAsync(
            K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        return caller.supplyAsync(() -> computeIfPresent(key, function));
    }

    /**
     * {@inheritDoc}
     *
     * @param function may be called several times, as that of {@link #compute}; and although another client's value is returned
     *     in the end
     */
    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        return changes.fill(key, Objects.requireNonNull(function, "function"));
    }

    /** As {@link #computeIfAbsent}, on the client's callback executor, the function included. */
    public CompletableFuture<@Nullable V> computeIfAbsentAsync(
            K key, Function<? super K, ? extends @Nullable V> function) {
        return caller.supplyAsync(() -> computeIfAbsent(key, function));
    }

    /**
     * {@inheritDoc}
     *
     * @param function may be called several times, as that of {@link #compute}
     */
    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(value, "value");
        return changes.settle(key, before -> before == null ? value : function.apply(before, value));
    }

    /** As {@link #merge}, on the client's callback executor, the function included. */
    public CompletableFuture<@Nullable V> mergeAsync(
            K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        return caller.supplyAsync(() -> merge(key, value, function));
    }

    /**
     * Replaces the values one after the other, in as many commands.
     *
     * @param function may be called several times for an entry, as that of {@link #compute}
     */
    @Override
    public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        Objects.requireNonNull(function, "function");
        for (K key : keySet()) {
            computeIfPresent(key, (k, old) -> Objects.requireNonNull(function.apply(k, old)));
        }
    }

    /** As {@link #replaceAll}, on the client's callback executor, the function included. */
    public CompletableFuture<@Nullable Void> replaceAllAsync(BiFunction<? super K, ? super V, ? extends V> function) {
        return caller.runAsync(() -> replaceAll(function));
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

    @Override
    public boolean containsValue(@Nullable Object value) {
        return whole.contains(Objects.requireNonNull(value, "value"));
    }

    /** As {@link #containsValue}, on the client's callback executor. */
    public CompletableFuture<Boolean> containsValueAsync(V value) {
        return caller.supplyAsync(() -> containsValue(value));
    }

    /**
     * Whether the other is a facade of this dict, or a map with the same entries as this one at one instant.
     *
     * @throws IllegalStateException if the contents of both refer back to them, or are nested more than 100 shared objects deep
     */
    @Override
    public boolean equals(@Nullable Object other) {
        if (other == this || isSame(other)) {
            return true;
        }
        if (other instanceof SharedDict<?, ?> shared) {
            return ContentWalk.equal(calls.object(), shared.id(), () -> whole.isEqual(shared.copy()));
        }
        return other instanceof Map<?, ?> map && ContentWalk.equal(calls.object(), 0, () -> whole.isEqual(map));
    }

    /**
     * The hash of a map with these entries.
     *
     * @throws IllegalStateException if the contents refer back to this dict, or are nested more than 100 shared objects deep
     */
    @Override
    public int hashCode() {
        return ContentWalk.hash(calls.object(), whole::hash);
    }

    /** The entries, as of a map of Java; inside another shared object that is printed, the dict's id. */
    @Override
    public String toString() {
        return ContentWalk.text(calls.object(), whole::tell);
    }
}
