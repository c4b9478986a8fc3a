// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.store.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway without a cluster: it leads in term 1, and each batch is committed and applied at once. */
final class LeadingGateway implements AutoCloseable {
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Kernel kernel = new Kernel(new MemoryStore());
    final Gateway gateway;
    private final AtomicLong index = new AtomicLong();

    LeadingGateway(Configs configs) {
        gateway = new Gateway(
                configs.node("n1"), new NoDirectory(), new GatewayMetrics(metrics), this::apply, Optional::empty);
        gateway.leads(1, kernel);
    }

    /** Applies the batch, as the next entry. */
    synchronized CompletableFuture<Void> apply(Batch batch) {
        Applied applied = kernel.apply(index.incrementAndGet(), 1, batch.entry(), batch.audience());
        batch.audience().applied(applied);
        return CompletableFuture.completedFuture(null);
    }

    /** Connects a client, and opens its session. */
    SessionStream greet(FakeClient client) {
        SessionStream stream = (SessionStream) gateway.connect(client);
        stream.onNext(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setVersion(Limits.PROTOCOL_VERSION))
                .build());
        eventually("it is welcomed", Duration.ofSeconds(10), () -> !client.frames.isEmpty());
        return stream;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
