// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.SessionEnded;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a session must be. */
final class ModelSession {
    final long id;
    long lastSequence;
    /** Reason of its end; null while it is open. */
    SessionEnded.@Nullable Reason ending;
    /** Outcomes that were told and not acknowledged, by sequence. */
    final TreeMap<Long, Outcome> kept = new TreeMap<>();
    /** By sequence. */
    final TreeMap<Long, Wait> waits = new TreeMap<>();
    /** Objects of which it holds something. */
    final TreeSet<Long> holdings = new TreeSet<>();
    /** Anonymous objects that it needs. */
    final TreeSet<Long> handles = new TreeSet<>();

    ModelSession(long id) {
        this.id = id;
    }
}
