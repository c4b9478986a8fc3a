// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.StateHash;
import java.util.List;
import java.util.Objects;

/** A node that follows: applies the same log later, from its beginning or from a snapshot, and is restarted between entries. */
final class Replica {
    private final List<Logged> log;
    private final Dice dice;
    private MemoryStore store;
    private Kernel kernel;

    /** An entry as it is in the log, and what the primary told when it applied it. */
    record Logged(long term, LogEntry entry, Applied applied) {
        /** With the entry as another node reads it from its log. */
        static Logged of(long term, LogEntry entry, Applied applied) {
            try {
                return new Logged(term, LogEntry.parseFrom(entry.toByteArray()), applied);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }

    Replica(List<Logged> log, MemoryStore store, Dice dice) {
        this.log = log;
        this.dice = dice;
        this.store = store;
        this.kernel = new Kernel(store);
    }

    /** Applies the log to its end; then its state must be the primary's. */
    void catchUp(StateHash primary) {
        while (kernel.appliedIndex() < log.size()) {
            if (dice.oneIn(30)) {
                restart();
            }
            Logged logged = log.get((int) kernel.appliedIndex());
            Applied applied = kernel.apply(kernel.appliedIndex() + 1, logged.term(), logged.entry(), Onlooker.NONE);
            Applied first = logged.applied();
            unless(
                    applied.completions().equals(first.completions())
                            && applied.opened().equals(first.opened())
                            && applied.ended().equals(first.ended())
                            && applied.violations().equals(first.violations())
                            && applied.marks() == first.marks()
                            && applied.backlog() == first.backlog()
                            && applied.parked().equals(first.parked())
                            && Objects.equals(applied.collected(), first.collected()),
                    Invariant.SAME_STATE,
                    "entry %s told %s, on another node %s",
                    applied.index(),
                    first.completions(),
                    applied.completions());
        }
        StateHash hash = StateHash.of(store);
        unless(hash.equals(primary), Invariant.SAME_STATE, "%s after replay, not %s", hash, primary);
    }

    private void restart() {
        store = store.copy();
        kernel = new Kernel(store);
    }
}
