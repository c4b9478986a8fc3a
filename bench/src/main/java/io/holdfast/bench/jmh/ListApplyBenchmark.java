// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.jmh;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListExtend;
import io.holdfast.protocol.v1.ListGet;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListParameters;
import io.holdfast.protocol.v1.ListPop;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.ListReverse;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.ListSort;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.store.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an entry with one command to a list costs, by the list's size and by the place. The list keeps its size: an
 * insertion and a removal at the same place take turns. The whole-list commands bound how long an apply may pause.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ListApplyBenchmark {
    private static final int VALUES_A_COMMAND = 10_000;

    /** Where in the list. */
    public enum Place {
        FRONT,
        MIDDLE,
        END
    }

    /** How many elements it has. */
    @Param({"1000", "100000", "1000000"})
    public int size;

    /** Where the element is. */
    @Param
    public Place place;

    private Path folder;
    private RocksStore store;
    private Kernel kernel;
    private long session;
    private long sequence;
    private long list;
    private long index;

    /** Opens the store and fills the list. */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("holdfast-list-");
        store = RocksStore.open(folder.resolve("store"));
        kernel = new Kernel(store);
        session = apply(LogItem.newBuilder()
                        .setOpen(OpenSession.newBuilder().setClientName("bench").setTtlNanos(Long.MAX_VALUE)))
                .opened()
                .get(0)
                .value();
        OpenObject opening = OpenObject.newBuilder()
                .setName("list")
                .setParameters(Parameters.newBuilder().setList(ListParameters.getDefaultInstance()))
                .build();
        list = call(Command.newBuilder().setOpen(opening))
                .completions()
                .get(0)
                .outcome()
                .getDone()
                .getOpened()
                .getObject();
        for (long begin = 0; begin < size; begin += VALUES_A_COMMAND) {
            List<Value> values = LongStream.range(begin, Math.min(size, begin + VALUES_A_COMMAND))
                    .mapToObj(each ->
                            Value.newBuilder().setInteger(each * 7_919 % size).build())
                    .toList();
            done(ListCommand.newBuilder().setExtend(ListExtend.newBuilder().addAllValues(values)));
        }
        index = switch (place) {
            case FRONT -> 0;
            case MIDDLE -> size / 2;
            case END -> size - 1;
        };
    }

    private Applied call(Command.Builder command) {
        if (sequence > 0) {
            command.addAcknowledged(sequence);
        }
        sequence++;
        return apply(LogItem.newBuilder()
                .setCommand(SessionCommand.newBuilder().setSession(session).setCommand(command.setSequence(sequence))));
    }

    private Applied apply(LogItem.Builder item) {
        LogEntry entry = LogEntry.newBuilder()
                .setTimeNanos(System.nanoTime())
                .addItems(item)
                .build();
        return kernel.apply(kernel.appliedIndex() + 1, 1, entry, Onlooker.NONE);
    }

    private Applied done(ListCommand.Builder command) {
        Applied applied = call(Command.newBuilder().setList(command.setObject(list)));
        if (!applied.completions().get(0).outcome().getDone().getList().getDone()) {
            throw new IllegalStateException("not done: " + applied.completions());
        }
        return applied;
    }

    /** One element read. */
    @Benchmark
    public Answer get() {
        Query query = Query.newBuilder()
                .setList(ListQuery.newBuilder()
                        .setObject(list)
                        .setGet(ListGet.newBuilder().setIndex(index)))
                .build();
        return kernel.answer(new Sight(kernel.view(), kernel.logTime(), kernel.revision()), query);
    }

    /** One element replaced. */
    @Benchmark
    public Applied set() {
        return done(ListCommand.newBuilder()
                .setSet(ListSet.newBuilder()
                        .setIndex(index)
                        .setValue(Value.newBuilder().setInteger(sequence))));
    }

    /** One element inserted, and one removed: two entries. */
    @Benchmark
    public Applied insertAndPop() {
        done(ListCommand.newBuilder()
                .setInsert(ListInsert.newBuilder()
                        .setIndex(index)
                        .addValues(Value.newBuilder().setInteger(sequence))));
        return done(ListCommand.newBuilder().setPop(ListPop.newBuilder().setIndex(index)));
    }

    /** All elements turned round; the place does not matter. */
    @Benchmark
    public Applied reverse() {
        return done(ListCommand.newBuilder().setReverse(ListReverse.getDefaultInstance()));
    }

    /** All elements sorted, after they were turned round; the place does not matter. */
    @Benchmark
    public Applied sort() {
        return done(ListCommand.newBuilder().setSort(ListSort.newBuilder().setDescending(sequence % 2 == 0)));
    }

    /** Closes and removes the store. */
    @TearDown
    public void close() throws IOException {
        store.close();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
