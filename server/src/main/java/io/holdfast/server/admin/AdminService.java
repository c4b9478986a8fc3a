// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.admin;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.v1.AdminGrpc;
import io.holdfast.protocol.v1.CollectGarbageRequest;
import io.holdfast.protocol.v1.GarbageCollected;
import io.holdfast.protocol.v1.IdentifyRequest;
import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.LeadershipTransferred;
import io.holdfast.protocol.v1.MemberReplaced;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.ReplaceMemberRequest;
import io.holdfast.protocol.v1.SnapshotTaken;
import io.holdfast.protocol.v1.StaleReadAnswer;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.StateHash;
import io.holdfast.protocol.v1.StateHashRequest;
import io.holdfast.protocol.v1.StateHashTicket;
import io.holdfast.protocol.v1.StatusRequest;
import io.holdfast.protocol.v1.TakeSnapshotRequest;
import io.holdfast.protocol.v1.TransferLeadershipRequest;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.housekeeping.DiskGuard;
import io.holdfast.server.housekeeping.MemberDisks;
import io.holdfast.server.metrics.LimitMetrics;
import io.holdfast.server.node.Neighbours;
import io.holdfast.server.node.NodeView;
import io.holdfast.server.raft.RaftNode;
import io.holdfast.server.raft.StateHashes;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.StaleAnswer;
import java.io.IOException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The administration service of a node. */
public final class AdminService extends AdminGrpc.AdminImplBase {
    /** Limit of administration calls in flight, and of status calls; calls that wait for the log count. */
    private static final int CALLS = 64;
    /**
     * Threads for administration calls. A call that transfers leadership or replaces a member keeps its thread for
     * long.
     */
    private static final int CALL_THREADS = 16;

    private static final int STATUS_THREADS = 2;

    private final NodeView view;
    private final Gateway gateway;
    private final Supplier<@Nullable RaftNode> raft;
    private final StatusReport status;
    private final MemberChanges changes;
    /** Runs administration calls, which wait for disks and other nodes: the network threads must not wait. */
    private final LimitedCalls calls;
    /** Runs status calls, which read from the disk and must not wait for administration calls. */
    private final LimitedCalls statusCalls;

    private final LimitedCalls staleReads;

    public AdminService(
            NodeConfig config,
            NodeView view,
            Gateway gateway,
            Neighbours neighbours,
            DiskGuard disk,
            MemberDisks memberDisks,
            Supplier<@Nullable RaftNode> raft,
            LimitMetrics metrics) {
        this.view = view;
        this.gateway = gateway;
        this.raft = raft;
        this.status = new StatusReport(config, view, gateway, disk, memberDisks, raft);
        this.changes = new MemberChanges(config, neighbours);
        String name = config.self().name();
        this.calls =
                new LimitedCalls("admin-" + name, CALL_THREADS, "administration calls", "admin-calls", CALLS, metrics);
        this.statusCalls =
                new LimitedCalls("status-" + name, STATUS_THREADS, "status calls", "status-calls", CALLS, metrics);
        this.staleReads = new LimitedCalls(
                "stale-reads-" + name,
                Runtime.getRuntime().availableProcessors(),
                "stale reads",
                "limits.stale-reads",
                config.limits().counts().staleReads(),
                metrics);
    }

    private RaftNode raft() throws IOException {
        RaftNode now = raft.get();
        if (now == null) {
            throw new IOException("this node is not part of the cluster yet: " + view.notReady());
        }
        return now;
    }

    private RaftNode leader() throws IOException {
        RaftNode now = raft();
        if (gateway.serving() == null) {
            NotLeader hint = view.hint();
            throw new IOException(
                    hint.getLeader().isEmpty()
                            ? "this node does not lead, and knows no leader; try again"
                            : "this node does not lead; ask " + hint.getLeader() + " at " + hint.getLeaderAddress());
        }
        return now;
    }

    @Override
    public void identify(IdentifyRequest request, StreamObserver<Identity> caller) {
        caller.onNext(view.identity());
        caller.onCompleted();
    }

    @Override
    public void status(StatusRequest request, StreamObserver<NodeStatus> caller) {
        statusCalls.run(caller, status::make);
    }

    @Override
    public void staleRead(StaleReadRequest request, StreamObserver<StaleReadAnswer> caller) {
        staleReads.run(caller, () -> {
            RaftNode now = raft();
            OptionalLong age = now.ageNanos(); // first: what is answered then is no older
            StaleAnswer answer = now.answerStale(request.getQuery());
            if (answer == null) {
                throw new IOException("a snapshot is being installed on this node; ask another one");
            }
            StaleReadAnswer.Builder read =
                    StaleReadAnswer.newBuilder().setAnswer(answer.answer()).setAppliedIndex(answer.appliedIndex());
            age.ifPresent(read::setAgeNanos);
            return read.build();
        });
    }

    @Override
    public void requestStateHash(StateHashRequest request, StreamObserver<StateHashTicket> caller) {
        calls.run(caller, () -> {
            leader().hashes().requireRoom();
            return StateHashTicket.newBuilder()
                    .setIndex(gateway.operators().markState().join())
                    .build();
        });
    }

    @Override
    public void getStateHash(StateHashTicket ticket, StreamObserver<StateHash> caller) {
        RaftNode now = raft.get();
        if (now == null) {
            calls.fail(caller, new IOException(view.notReady()));
            return;
        }
        long index = ticket.getIndex();
        StateHashes.Wait wait = now.hashes().at(index, now.info().getLastAppliedIndex());
        calls.await(
                caller,
                () -> wait.hash()
                        .thenApply(hash -> StateHash.newBuilder()
                                .setIndex(index)
                                .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(hash.sha256())))
                                .setRows(hash.rows())
                                .build()),
                answer -> wait.close());
    }

    @Override
    public void takeSnapshot(TakeSnapshotRequest request, StreamObserver<SnapshotTaken> caller) {
        calls.run(
                caller,
                () -> SnapshotTaken.newBuilder()
                        .setIndex(raft().takeSnapshot().join())
                        .setPauseNanos(raft().snapshotPauseNanos())
                        .build());
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request, StreamObserver<LeadershipTransferred> caller) {
        calls.run(
                caller,
                () -> LeadershipTransferred.newBuilder()
                        .setLeader(changes.transfer(leader(), request.getNode()))
                        .build());
    }

    @Override
    public void collectGarbage(CollectGarbageRequest request, StreamObserver<GarbageCollected> caller) {
        try {
            leader();
        } catch (IOException e) {
            calls.fail(caller, e);
            return;
        }
        calls.answer(caller, () -> gateway.operators().collectGarbage().thenApply(AdminService::collected));
    }

    private static GarbageCollected collected(Applied.Collected result) {
        if (result.failed()) {
            throw new IllegalStateException("the collection met a fault and was given up: see the nodes' logs."
                    + " Objects in use are safe; some that are not are left");
        }
        return GarbageCollected.newBuilder()
                .setObjects(result.objects())
                .setReclaimed(result.reclaimed())
                .build();
    }

    @Override
    public void replaceMember(ReplaceMemberRequest request, StreamObserver<MemberReplaced> caller) {
        calls.run(caller, () -> changes.replace(leader(), request.getNode()));
    }
}
