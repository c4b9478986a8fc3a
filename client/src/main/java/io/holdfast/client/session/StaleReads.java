// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.holdfast.client.StaleAnswer;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.protocol.v1.AdminGrpc;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.StaleReadAnswer;
import io.holdfast.protocol.v1.StaleReadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of any node's own state: the given nodes in turn, the next one where one does not answer, does not know how old
 * its state is, or is so far behind that it does not know the object.
 */
public final class StaleReads implements AutoCloseable {
    private static final long MOST_MILLIS = 2_000;

    private final Channels channels;
    private final Supplier<List<String>> addresses;
    private final Map<String, Node> open = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    /** A node that was asked. */
    private record Node(ManagedChannel channel, ConnectProgress progress) {
        /** Returns what was seen when a call to the node has failed. */
        String failure(Status status) {
            boolean isOpen = channel.getState(false) == ConnectivityState.READY;
            return ConnectFailure.text(status, isOpen ? ConnectProgress.Step.OPEN : progress.step());
        }
    }

    public StaleReads(Channels channels, Supplier<List<String>> addresses) {
        this.channels = channels;
        this.addresses = addresses;
    }

    <T extends @Nullable Object> StaleAnswer<T> ask(Question<T> question) {
        StaleReadRequest request =
                StaleReadRequest.newBuilder().setQuery(question.query()).build();
        List<String> nodes = addresses.get();
        int first = turn.getAndIncrement();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            String address = nodes.get(Math.floorMod(first + i, nodes.size()));
            Node node;
            try {
                node = node(address);
            } catch (IllegalArgumentException e) {
                seen.add(address + ": " + e.getMessage());
                continue;
            }
            long begun = System.nanoTime();
            try {
                StaleReadAnswer read = AdminGrpc.newBlockingStub(node.channel())
                        .withDeadlineAfter(MOST_MILLIS, TimeUnit.MILLISECONDS)
                        .staleRead(request);
                String why = whyNot(read);
                if (why.isEmpty()) {
                    return new StaleAnswer<>(
                            question.reader().apply(new Settled.Answered(read.getAnswer()).answer()),
                            Duration.ofNanos(read.getAgeNanos()),
                            read.getAppliedIndex());
                }
                seen.add(address + ": " + why);
            } catch (StatusRuntimeException e) {
                seen.add(address + ": " + node.failure(e.getStatus()) + " (" + Timeouts.words(System.nanoTime() - begun)
                        + ")");
                forget(address);
            }
        }
        throw new ClusterUnavailableException("No node could answer a stale read. At each address: "
                + String.join("; ", seen) + ". Check that the addresses are right and that the nodes run.");
    }

    /** Why that answer cannot be taken; empty: it can. */
    private static String whyNot(StaleReadAnswer read) {
        if (!read.hasAgeNanos()) {
            return "it has not caught up since it started";
        }
        // The object was there before its handle: the node has not come to that entry yet.
        return read.getAnswer().getRefused().getCode() == RefusalCode.NO_SUCH_OBJECT
                ? "it has not come to the making of the object yet"
                : "";
    }

    private Node node(String address) {
        Node node = open.computeIfAbsent(address, this::open);
        if (closed) { // asked after the channel was put in: either this call sees it, or close() does
            forget(address);
            throw SessionKeeper.closedException();
        }
        return node;
    }

    private Node open(String address) {
        ConnectProgress progress = new ConnectProgress();
        return new Node(channels.open(address, progress), progress);
    }

    /** A channel that failed would go on failing for the time of its own back-off. */
    private void forget(String address) {
        Node failed = open.remove(address);
        if (failed != null) {
            failed.channel().shutdown();
        }
    }

    @Override
    public void close() {
        closed = true;
        open.keySet().forEach(this::forget);
    }
}
