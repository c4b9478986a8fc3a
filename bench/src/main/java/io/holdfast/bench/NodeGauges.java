// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.holdfast.protocol.v1.AdminGrpc;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.StatusRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the nodes say of their memory and their disks, and what the system says of their processes. */
final class NodeGauges implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();

    NodeGauges(String addresses) {
        for (String address : addresses.split(",", -1)) {
            channels.put(
                    address,
                    NettyChannelBuilder.forTarget(address.strip())
                            .usePlaintext()
                            .build());
        }
    }

    /**
     * One node, now.
     *
     * @param residentMegabytes "?": the node is on another machine
     */
    record Reading(
            String name,
            boolean serving,
            long heapBytes,
            long heapMaxBytes,
            String residentMegabytes,
            long logBytes,
            long storeBytes,
            long diskBytes,
            long snapshotIndex,
            long appliedIndex) {}

    /** Those that answer. */
    List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        channels.forEach((address, channel) -> {
            try {
                readings.add(reading(AdminGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .status(StatusRequest.getDefaultInstance())));
            } catch (StatusRuntimeException e) {
                System.err.println(address + " does not tell its status: " + e.getStatus());
            }
        });
        return readings;
    }

    private static Reading reading(NodeStatus status) {
        return new Reading(
                status.getNode(),
                status.getServing(),
                status.getHeapUsedBytes(),
                status.getHeapMaxBytes(),
                residentMegabytes(status.getProcessId()),
                status.getLogBytes(),
                status.getStoreBytes(),
                status.getDiskUsedBytes(),
                status.getSnapshotIndex(),
                status.getAppliedIndex());
    }

    private static String residentMegabytes(long process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .map(String::valueOf)
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?";
        }
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
