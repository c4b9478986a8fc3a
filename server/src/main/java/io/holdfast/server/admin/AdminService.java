// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.admin;

import com.google.protobuf.ByteString;
import io.grpc.Status;
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
import io.holdfast.server.node.Neighbours;
import io.holdfast.server.node.NodeView;
import io.holdfast.server.raft.RaftNode;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.StaleAnswer;
import java.io.IOException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The administration service of a node. */
public final class AdminService extends AdminGrpc.AdminImplBase {
    private final NodeView view;
    private final Gateway gateway;
    private final Supplier<@Nullable RaftNode> raft;
    private final StatusReport status;
    private final MemberChanges changes;
    /** For what waits on disks and other nodes: the threads that read from the network must not. */
    private final ExecutorService slow;

    public AdminService(
            NodeConfig config,
            NodeView view,
            Gateway gateway,
            Neighbours neighbours,
            DiskGuard disk,
            MemberDisks memberDisks,
            Supplier<@Nullable RaftNode> raft) {
        this.view = view;
        this.gateway = gateway;
        this.raft = raft;
        this.status = new StatusReport(config, view, gateway, disk, memberDisks, raft);
        this.changes = new MemberChanges(config, neighbours);
        this.slow = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "admin-" + config.self().name());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Something that may fail for a reason that the caller is told. */
    private interface Task<T> {
        T run() throws IOException;
    }

    private <T> void run(StreamObserver<T> caller, Task<T> task) {
        slow.execute(() -> {
            try {
                T result = task.run();
                caller.onNext(result);
                caller.onCompleted();
            } catch (IOException | RuntimeException e) {
                fail(caller, e);
            }
        });
    }

    private static <T> void answer(StreamObserver<T> caller, CompletableFuture<T> future) {
        CompletableFuture<T> unused = future.whenComplete((result, failure) -> {
            if (failure != null) {
                fail(caller, failure);
            } else {
                caller.onNext(result);
                caller.onCompleted();
            }
        });
    }

    private static void fail(StreamObserver<?> caller, Throwable failure) {
        caller.onError(Status.FAILED_PRECONDITION
                .withDescription(String.valueOf(failure.getMessage()))
                .withCause(failure)
                .asRuntimeException());
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
        run(caller, status::make);
    }

    @Override
    public void staleRead(StaleReadRequest request, StreamObserver<StaleReadAnswer> caller) {
        run(caller, () -> {
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
        run(caller, () -> {
            leader();
            return StateHashTicket.newBuilder()
                    .setIndex(gateway.operators().markState().join())
                    .build();
        });
    }

    @Override
    public void getStateHash(StateHashTicket ticket, StreamObserver<StateHash> caller) {
        RaftNode now = raft.get();
        if (now == null) {
            fail(caller, new IOException(view.notReady()));
            return;
        }
        answer(
                caller,
                now.hashes()
                        .at(ticket.getIndex())
                        .thenApply(hash -> StateHash.newBuilder()
                                .setIndex(ticket.getIndex())
                                .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(hash.sha256())))
                                .setRows(hash.rows())
                                .build()));
    }

    @Override
    public void takeSnapshot(TakeSnapshotRequest request, StreamObserver<SnapshotTaken> caller) {
        run(
                caller,
                () -> SnapshotTaken.newBuilder()
                        .setIndex(raft().takeSnapshot().join())
                        .setPauseNanos(raft().snapshotPauseNanos())
                        .build());
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request, StreamObserver<LeadershipTransferred> caller) {
        run(
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
            fail(caller, e);
            return;
        }
        answer(caller, gateway.operators().collectGarbage().thenApply(AdminService::collected));
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
        run(caller, () -> changes.replace(leader(), request.getNode()));
    }
}
