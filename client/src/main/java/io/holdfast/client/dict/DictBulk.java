// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Limits;
import io.holdfast.client.session.Operation;
import io.holdfast.protocol.v1.MapEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Many entries at once. */
record DictBulk<K, V>(Caller caller, DictCalls calls, EntryCodec<K, V> codec) {
    /** Commands that {@link #putAll} has under way: each may fill a frame. */
    private static final int PIPELINED = 4;

    /**
     * All of them in one command.
     *
     * @throws IllegalArgumentException if they are too many, or too large
     */
    Operation<@Nullable Void> update(Map<? extends K, ? extends V> map) {
        List<MapEntry> entries = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<? extends K, ? extends V> each : map.entrySet()) {
            MapEntry entry = codec.entry(each);
            entries.add(entry);
            bytes += entry.getSerializedSize();
        }
        caller.limits().checkUpdate(entries.size(), bytes);
        return calls.update(entries);
    }

    /** In as few commands as they fit, one after the other. */
    void putAll(Map<? extends K, ? extends V> map) {
        Limits limits = caller.limits();
        ArrayDeque<Runnable> underWay = new ArrayDeque<>();
        List<MapEntry> entries = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<? extends K, ? extends V> each : map.entrySet()) {
            MapEntry entry = codec.entry(each);
            int size = entry.getSerializedSize();
            if (!entries.isEmpty() && !limits.fitsUpdate(entries.size() + 1, bytes + size)) {
                send(entries, underWay);
                entries.clear();
                bytes = 0;
            }
            entries.add(entry);
            bytes += size;
        }
        if (!entries.isEmpty()) {
            send(entries, underWay);
        }
        underWay.forEach(Runnable::run);
    }

    private void send(List<MapEntry> entries, ArrayDeque<Runnable> underWay) {
        if (underWay.size() == PIPELINED) {
            underWay.remove().run();
        }
        underWay.add(caller.begin(calls.update(entries)));
    }
}
