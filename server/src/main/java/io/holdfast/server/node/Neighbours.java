// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.holdfast.protocol.v1.AdminGrpc;
import io.holdfast.protocol.v1.IdentifyRequest;
import io.holdfast.protocol.v1.Identity;
import io.holdfast.server.config.MemberConfig;
import io.holdfast.server.config.NodeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the other nodes of the configuration who they are. */
public final class Neighbours implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final long DEADLINE_MILLIS = 1_000;

    private final NodeConfig config;
    private final Map<String, ManagedChannel> channels = new TreeMap<>();

    Neighbours(NodeConfig config) {
        this.config = config;
        for (MemberConfig member : config.members()) {
            if (!member.name().equals(config.self().name())) {
                channels.put(
                        member.name(),
                        NettyChannelBuilder.forAddress(
                                        member.client().host(), member.client().port())
                                .usePlaintext()
                                .build());
            }
        }
    }

    /** How many others there are. */
    int count() {
        return channels.size();
    }

    /** The answers of those that can be reached now. */
    public List<Identity> identities() {
        List<Identity> answers = new ArrayList<>();
        channels.keySet().forEach(node -> identity(node).ifPresent(answers::add));
        return answers;
    }

    /** Who that node is; empty: it cannot be reached, or belongs to another cluster. */
    public Optional<Identity> identity(String node) {
        ManagedChannel channel = channels.get(node);
        if (channel == null) {
            return Optional.empty();
        }
        try {
            channel.resetConnectBackoff();
            Identity identity = AdminGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                    .identify(IdentifyRequest.getDefaultInstance());
            if (identity.getCluster().equals(config.cluster())
                    && identity.getNode().equals(node)) {
                return Optional.of(identity);
            }
            LOG.warn(
                    "at the address of {} answers the node {} of the cluster {}",
                    node,
                    identity.getNode(),
                    identity.getCluster());
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            LOG.debug("{} cannot be reached: {}", node, e.getStatus());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
