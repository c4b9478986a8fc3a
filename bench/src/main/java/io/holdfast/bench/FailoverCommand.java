// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Writes on a schedule, whatever becomes of the writes before: so a time without answers is seen as long as it is.
 * Whoever kills a node marks the moment by a line on standard input.
 */
@Command(
        name = "failover",
        description = {
            "One write every 10 ms on its own schedule (an open loop), while somebody else kills nodes.",
            "Every line on standard input is a mark: for each, the time from the mark to the first acknowledgement of a"
                    + " write that was due after it. The timeline of all writes goes into a CSV file."
        },
        mixinStandardHelpOptions = true)
final class FailoverCommand implements Callable<Integer> {
    private static final long PATIENCE_MILLIS = 30_000;

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "10ms",
            description = "From one write to the next. Default: ${DEFAULT-VALUE}.")
    private Duration every = Duration.ZERO;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long it writes. Default: ${DEFAULT-VALUE}.")
    private Duration time = Duration.ZERO;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Timeline timeline = new Timeline((int) (time.toNanos() / every.toNanos()));
        listenForMarks(timeline);
        try (Target.Clients clients = target.connect();
                Csv csv = Csv.create(target.results(), "failover", Timeline.HEADER)) {
            SharedValue<Long> counter =
                    clients.of(0).value("bench/failover/" + System.currentTimeMillis(), Typecode.INT64, 0L);
            counter.get();
            write(timeline, counter);
            timeline.awaitAnswers(PATIENCE_MILLIS);
            timeline.writeTo(csv);
            report(timeline, counter.get());
            System.out.println("Written to " + csv.file());
        }
        return timeline.failed() == 0 ? 0 : 1;
    }

    private void write(Timeline timeline, SharedValue<Long> counter) {
        timeline.begin();
        for (int number = 0; number < timeline.size(); number++) {
            long due = number * every.toNanos();
            for (long early = due - timeline.now(); early > 0; early = due - timeline.now()) {
                LockSupport.parkNanos(early);
            }
            timeline.sent(number, due, counter.addAndGetAsync(1L));
        }
    }

    private static void listenForMarks(Timeline timeline) {
        Thread listener = new Thread(
                () -> {
                    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                    try {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            timeline.mark(line);
                        }
                    } catch (IOException e) {
                        System.err.println("No more marks: " + e);
                    }
                },
                "marks");
        listener.setDaemon(true);
        listener.start();
    }

    private static void report(Timeline timeline, long sum) {
        Timeline.Gap gap = timeline.longestGap();
        System.out.printf(
                Locale.ROOT,
                "%d writes, %d acknowledged, %d failed; the counter is %d%n",
                timeline.size(),
                timeline.acknowledged(),
                timeline.failed(),
                sum);
        System.out.printf(
                Locale.ROOT,
                "Longest time without an acknowledgement: %d ms, from %d ms on%n",
                TimeUnit.NANOSECONDS.toMillis(gap.nanos()),
                TimeUnit.NANOSECONDS.toMillis(gap.from()));
        for (Timeline.Mark mark : timeline.marks()) {
            long first = timeline.firstAcknowledgedAfter(mark.at());
            System.out.printf(
                    Locale.ROOT,
                    "Mark '%s' at %d ms: first acknowledgement of a later write %s%n",
                    mark.text(),
                    TimeUnit.NANOSECONDS.toMillis(mark.at()),
                    first < 0 ? "never came" : "after " + TimeUnit.NANOSECONDS.toMillis(first - mark.at()) + " ms");
        }
        if (timeline.failed() == 0 && sum != timeline.size()) {
            throw new IllegalStateException(
                    "every write was acknowledged, but the counter is " + sum + " after " + timeline.size());
        }
    }
}
