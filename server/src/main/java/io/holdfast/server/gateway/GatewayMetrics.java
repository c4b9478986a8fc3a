// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.metrics.LatencyTimers;
import io.holdfast.server.metrics.LimitMetrics;
import io.holdfast.server.raft.Batch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Meters of the gateway. */
public final class GatewayMetrics {
    private final Counter outcomes;
    private final Counter answers;
    private final DistributionSummary batchItems;
    private final DistributionSummary batchBytes;
    private final Timer commits;
    private final LimitMetrics limits;

    private final Counter slowStreams;
    private final Counter failedStreams;
    private final MeterRegistry registry;

    public GatewayMetrics(MeterRegistry registry) {
        limits = new LimitMetrics(registry);
        this.registry = registry;
        slowStreams = Counter.builder("holdfast.streams.slow")
                .description("Streams that were ended because their clients took their results too slowly")
                .register(registry);
        failedStreams = Counter.builder("holdfast.streams.failed")
                .description("Streams that were given up because of a fault while a frame was sent")
                .register(registry);
        outcomes = Counter.builder("holdfast.outcomes")
                .description("Outcomes of commands that were given, those that are given again included")
                .register(registry);
        answers = Counter.builder("holdfast.answers")
                .description("Queries that were answered")
                .register(registry);
        batchItems = DistributionSummary.builder("holdfast.batch.items")
                .description("Items in one log entry")
                .register(registry);
        batchBytes = DistributionSummary.builder("holdfast.batch.bytes")
                .description("Bytes of one log entry")
                .baseUnit("bytes")
                .register(registry);
        commits =
                LatencyTimers.register(registry, "holdfast.commit", "From appending a log entry to having applied it");
    }

    /** Returns the meters of the node's limits. */
    public LimitMetrics limits() {
        return limits;
    }

    void watch(EntryPace pace) {
        Gauge.builder("holdfast.apply.budget", pace, EntryPace::units)
                .description("Units of work that one log entry may do now; fewer than " + EntryPace.MOST_UNITS
                        + " while the processor is busy")
                .register(registry);
    }

    CompletableFuture<Void> timed(Batch batch, Function<Batch, CompletableFuture<Void>> submit) {
        long began = System.nanoTime();
        batchItems.record(batch.entry().getItemsCount());
        batchBytes.record(batch.getContent().size());
        return submit.apply(batch).whenComplete((nothing, failure) -> {
            if (failure == null) {
                commits.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
            }
        });
    }

    void completed(int count) {
        outcomes.increment(count);
    }

    /** Registers gauges of the unsent bytes and of the paused streams. */
    void watch(Flow flow) {
        Gauge.builder("holdfast.unsent.bytes", flow, each -> each.unsentBytes().get())
                .description("Results that clients have not taken")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("holdfast.streams.paused", flow, Flow::paused)
                .description("Streams that are not read, since they or the node hold enough requests")
                .register(registry);
    }

    void endedSlow() {
        slowStreams.increment();
    }

    void streamFailed() {
        failedStreams.increment();
    }

    void answered() {
        answers.increment();
    }
}
