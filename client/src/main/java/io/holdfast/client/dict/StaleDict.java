// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.StaleAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a dict at any one node, without asking the leader: they scale with the nodes and go on while
 * there is no leader, but may be behind, as each answer says. Two reads may be of different nodes, so
 * the second may be older than the first; {@link StaleAnswer#age} tells.
 *
 * <pre>{@code
 * StaleAnswer<Job> seen = jobs.stale().get("7");
 * if (seen.age().compareTo(Duration.ofSeconds(1)) < 0) { ... }
 * }</pre>
 *
 * <p>Methods throw {@link io.holdfast.client.errors.ClusterUnavailableException} when no node
 * answers that knows of the dict yet.
 */
public final class StaleDict<K, V> {
    private final SharedDict<K, V> dict;

    StaleDict(SharedDict<K, V> dict) {
        this.dict = dict;
    }

    /**
     * The key's value then; null: it was not there.
     *
     * @throws IllegalArgumentException if it cannot be a key
     */
    public StaleAnswer<@Nullable V> get(K key) {
        return dict.caller.askStale(dict.calls.get(dict.codec.key(key), dict.codec::decodeOrNull));
    }

    /**
     * Whether the key was there then.
     *
     * @throws IllegalArgumentException if it cannot be a key
     */
    public StaleAnswer<Boolean> containsKey(K key) {
        return dict.caller.askStale(dict.calls.containsKey(dict.codec.key(key)));
    }

    /** How many entries there were then. */
    public StaleAnswer<Long> size() {
        return dict.caller.askStale(dict.calls.size());
    }
}
