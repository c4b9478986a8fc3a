// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.raft.Batch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What the gateway counts. */
public final class GatewayMetrics {
    private final Counter outcomes;
    private final Counter answers;
    private final DistributionSummary batchItems;
    private final DistributionSummary batchBytes;
    private final Timer commits;

    public GatewayMetrics(MeterRegistry registry) {
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
        commits = Timer.builder("holdfast.commit")
                .description("From appending a log entry to having applied it")
                .publishPercentiles(0.5, 0.99)
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

    void answered() {
        answers.increment();
    }
}
