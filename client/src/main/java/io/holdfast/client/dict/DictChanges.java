// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Operation;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.Value;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compare-and-set loops over an entry. On encoded values: what was read is what is compared, whatever a codec makes of
 * it in between.
 */
record DictChanges<K, V>(Caller caller, DictCalls calls, EntryCodec<K, V> codec) {

    /** What becomes of what a key holds; null: nothing. */
    interface Change<V> {
        @Nullable
        V apply(@Nullable V before);
    }

    /** Makes the entry what the function makes of it, which gets and answers null for 'not there'. */
    @Nullable
    V settle(K key, Change<V> function) {
        Value wanted = codec.key(key);
        while (true) {
            Value before = caller.ask(calls.get(wanted, found -> found));
            V old = codec.decodeOrNull(before);
            V after = function.apply(old);
            if ((old == null && after == null) || change(wanted, before, after)) {
                return after;
            }
        }
    }

    /** What the key holds; if that is nothing, or null, the function makes it. */
    @Nullable
    V fill(K key, Function<? super K, ? extends @Nullable V> function) {
        Value wanted = codec.key(key);
        while (true) {
            Value before = caller.ask(calls.get(wanted, found -> found));
            V old = codec.decodeOrNull(before);
            V made = old == null ? function.apply(key) : null;
            if (made == null || change(wanted, before, made)) {
                return made == null ? old : made;
            }
        }
    }

    /** Writes what a function has made of an entry; false: it has changed meanwhile. */
    private boolean change(Value key, @Nullable Value before, @Nullable V after) {
        if (before == null) {
            return after != null && caller.call(calls.putIfAbsent(key, codec.value(after), DictReply::getDone));
        }
        Operation<Boolean> change = after == null
                ? calls.remove(key, before, DictReply::getDone)
                : calls.replace(key, before, codec.value(after), DictReply::getDone);
        return caller.call(change);
    }
}
