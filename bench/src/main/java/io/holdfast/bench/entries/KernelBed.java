// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.entries;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.store.RocksStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** A kernel on a RocksDB store, without Raft: it applies entries, and times each of them. */
final class KernelBed implements AutoCloseable {
    /** The greatest number of items of an entry, as the gateway makes them. */
    private static final int ITEMS_AN_ENTRY = 1_024;
    /** The greatest size of an entry, in bytes, unless one item has more: the default of {@code raft.entry-bytes}. */
    private static final int BYTES_AN_ENTRY = 1 << 20;

    /** Pages and searches that one entry answers, as the gateway makes them. */
    private static final int LONG_QUERIES_AN_ENTRY = 4;
    /** Sessions that one item ends, as the gateway makes them. */
    static final int SESSIONS_PER_ITEM = 500;

    private final RocksStore store;
    private final Kernel kernel;
    private final Map<Long, Long> sequences = new TreeMap<>();
    private long now;
    private int names;

    /** The times that the entries of one measurement took, in nanoseconds. */
    record Entries(List<Long> nanos) {
        double longestMillis() {
            return Collections.max(nanos) / 1e6;
        }

        double totalMillis() {
            return nanos.stream().mapToLong(Long::longValue).sum() / 1e6;
        }
    }

    KernelBed(Path folder) {
        store = RocksStore.open(folder);
        kernel = new Kernel(store);
    }

    long openSession() {
        OpenSession open = OpenSession.newBuilder()
                .setClientName("bench")
                .setTtlNanos(Long.MAX_VALUE)
                .build();
        return apply(List.of(LogItem.newBuilder().setOpen(open).build()))
                .opened()
                .get(0)
                .value();
    }

    /** Opens a new object of a name of its own; returns its id. */
    long openObject(long session, Parameters.Builder parameters) {
        OpenObject open = OpenObject.newBuilder()
                .setName("object" + names++)
                .setParameters(parameters)
                .build();
        return apply(List.of(item(session, Command.newBuilder().setOpen(open))))
                .completions()
                .get(0)
                .outcome()
                .getDone()
                .getOpened()
                .getObject();
    }

    /** Returns the name of the object that was opened last. */
    String lastName() {
        return "object" + (names - 1);
    }

    /** Returns the item of the session's next command, which acknowledges the one before. */
    LogItem item(long session, Command.Builder command) {
        long sequence = sequences.merge(session, 1L, Long::sum);
        if (sequence > 1) {
            command.addAcknowledged(sequence - 1);
        }
        return LogItem.newBuilder()
                .setCommand(SessionCommand.newBuilder().setSession(session).setCommand(command.setSequence(sequence)))
                .build();
    }

    /** Applies so many commands of the session, as many in an entry as it takes, and all that follows from them. */
    void fill(long session, int count, IntFunction<Command.Builder> command) {
        List<LogItem> items = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            LogItem item = item(session, command.apply(i));
            if (items.size() == ITEMS_AN_ENTRY || bytes + item.getSerializedSize() > BYTES_AN_ENTRY) {
                settle(items);
                items.clear();
                bytes = 0;
            }
            items.add(item);
            bytes += item.getSerializedSize();
        }
        settle(items);
    }

    /** Applies an entry with the session's next command, and empty ones until nothing is left to go on with. */
    Entries settle(long session, Command.Builder command) {
        return settle(List.of(item(session, command)));
    }

    /** Applies an entry with these items, and empty ones until nothing is left to go on with. */
    Entries settle(List<LogItem> items) {
        List<Long> nanos = new ArrayList<>();
        long began = System.nanoTime();
        Applied applied = apply(items);
        nanos.add(System.nanoTime() - began);
        while (applied.isUnfinished()) {
            began = System.nanoTime();
            applied = apply(List.of());
            nanos.add(System.nanoTime() - began);
        }
        return new Entries(nanos);
    }

    /** Answers the query as often as one entry may answer those that take long. */
    Entries answer(Query.Builder query) {
        Query asked = query.build();
        LogEntry entry = LogEntry.newBuilder().setTimeNanos(++now).build();
        long began = System.nanoTime();
        kernel.apply(kernel.appliedIndex() + 1, 1, entry, (position, sight) -> {
            for (int i = 0; i < LONG_QUERIES_AN_ENTRY; i++) {
                requireAnswered(kernel.answer(sight, asked));
            }
        });
        return new Entries(List.of(System.nanoTime() - began));
    }

    private static void requireAnswered(Answer answer) {
        if (answer.hasRefused()) {
            throw new IllegalStateException("The query is refused: " + answer.getRefused());
        }
    }

    /** Lets log time pass, and applies what follows from that. */
    Entries pass(long nanos) {
        now += nanos;
        return settle(List.of());
    }

    private Applied apply(List<LogItem> items) {
        LogEntry entry =
                LogEntry.newBuilder().setTimeNanos(++now).addAllItems(items).build();
        return kernel.apply(kernel.appliedIndex() + 1, 1, entry, Onlooker.NONE);
    }

    @Override
    public void close() {
        kernel.close();
        store.close();
    }
}
