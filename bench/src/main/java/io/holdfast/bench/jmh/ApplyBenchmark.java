// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.jmh;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueAddAndGet;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueParameters;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.RocksStore;
import io.holdfast.statemachine.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the kernel takes to apply one entry of the log: one thread of each node does this and nothing else, so it
 * bounds what a cluster can do.
 *
 * <p>Entries are made beforehand, a hundred at a time, as a leader has them: parsed. Commands go to a hundred objects in
 * turn, and each acknowledges the one before, as a client's do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ApplyBenchmark {
    private static final int ENTRIES = 100;
    private static final int OBJECTS = 100;
    private static final int VALUE_BYTES = 100;

    /** Where the rows are. */
    public enum Where {
        MEMORY,
        ROCKS
    }

    /** What the commands do. */
    public enum What {
        ADD,
        LOCK,
        PUT
    }

    /** The store. */
    @Param
    public Where store;

    /** The commands; LOCK acquires and releases in turn. */
    @Param
    public What operation;

    /** Commands an entry. */
    @Param({"1", "100"})
    public int commands;

    private final LogEntry[] entries = new LogEntry[ENTRIES];
    private Path folder;
    private Store rows;
    private Kernel kernel;
    private long session;
    private long sequence;
    private long[] objects;
    private Applied last;

    /** Opens the store, a session and the objects. */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("holdfast-apply-");
        rows = store == Where.MEMORY ? new MemoryStore() : RocksStore.open(folder.resolve("store"));
        kernel = new Kernel(rows);
        LogItem open = LogItem.newBuilder()
                .setOpen(OpenSession.newBuilder().setClientName("bench").setTtlNanos(Long.MAX_VALUE))
                .build();
        session = apply(entry(List.of(open))).opened().get(0).value();
        objects = IntStream.range(0, OBJECTS)
                .mapToLong(i -> apply(entry(List.of(item(Command.newBuilder().setOpen(opening(i))))))
                        .completions()
                        .get(0)
                        .outcome()
                        .getDone()
                        .getOpened()
                        .getObject())
                .toArray();
        sequence = 0;
        session = apply(entry(List.of(open))).opened().get(0).value();
    }

    private OpenObject opening(int number) {
        Parameters.Builder parameters = Parameters.newBuilder();
        switch (operation) {
            case ADD ->
                parameters.setValue(ValueParameters.newBuilder()
                        .setTypecode("q")
                        .setInitial(Value.newBuilder().setInteger(0)));
            case LOCK -> parameters.setLock(LockParameters.newBuilder().setOwnership(Ownership.OWNERSHIP_SESSION));
            case PUT -> parameters.setDict(DictParameters.getDefaultInstance());
        }
        return OpenObject.newBuilder()
                .setName("object-" + number)
                .setParameters(parameters)
                .build();
    }

    private Command.Builder command(long number) {
        // Acquire and release of the same lock follow each other.
        long object = objects[(int) ((operation == What.LOCK ? number / 2 : number) % OBJECTS)];
        return switch (operation) {
            case ADD ->
                Command.newBuilder()
                        .setValue(ValueCommand.newBuilder()
                                .setObject(object)
                                .setAddAndGet(ValueAddAndGet.newBuilder()
                                        .setDelta(Value.newBuilder().setInteger(1))));
            case LOCK ->
                Command.newBuilder()
                        .setLock(
                                number % 2 == 0
                                        ? LockCommand.newBuilder()
                                                .setObject(object)
                                                .setAcquire(LockAcquire.getDefaultInstance())
                                        : LockCommand.newBuilder()
                                                .setObject(object)
                                                .setRelease(LockRelease.getDefaultInstance()));
            case PUT ->
                Command.newBuilder()
                        .setDict(DictCommand.newBuilder()
                                .setObject(object)
                                .setPut(DictPut.newBuilder()
                                        .setKey(Value.newBuilder().setText("key-" + number / OBJECTS % 100))
                                        .setValue(Value.newBuilder().setText("x".repeat(VALUE_BYTES)))));
        };
    }

    private LogItem item(Command.Builder command) {
        if (sequence > 0) {
            command.addAcknowledged(sequence);
        }
        sequence++;
        return LogItem.newBuilder()
                .setCommand(SessionCommand.newBuilder().setSession(session).setCommand(command.setSequence(sequence)))
                .build();
    }

    private LogEntry entry(List<LogItem> items) {
        return LogEntry.newBuilder()
                .setTimeNanos(System.nanoTime())
                .addAllItems(items)
                .build();
    }

    private Applied apply(LogEntry entry) {
        return kernel.apply(kernel.appliedIndex() + 1, 1, entry, Onlooker.NONE);
    }

    /** Makes the entries of the next invocation. */
    @Setup(Level.Invocation)
    public void makeEntries() {
        for (int i = 0; i < ENTRIES; i++) {
            entries[i] = entry(IntStream.range(0, commands)
                    .mapToObj(each -> item(command(sequence)))
                    .toList());
        }
    }

    /** Applies them. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public Applied applyEntry() {
        for (LogEntry entry : entries) {
            last = apply(entry);
        }
        return last;
    }

    /** Commands that are refused are quick, and not what is to be measured. */
    @TearDown(Level.Iteration)
    public void requireDone() {
        last.completions().forEach(each -> {
            if (!each.outcome().hasDone()) {
                throw new IllegalStateException("refused: " + each);
            }
        });
    }

    /** Closes and removes the store. */
    @TearDown
    public void close() throws IOException {
        rows.close();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
