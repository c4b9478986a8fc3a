// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.statemachine.SnapshotInfo;

/**
 * Ratis' gRPC, except that a snapshot is sent from mapped files ({@link MappedChunks}), and that it is known whom one is
 * sent to ({@link Followers}). Ratis makes one by its name, with the public constructor.
 */
public final class SnapshotRpc implements RpcType {
    /** For Ratis, which finds this class by its name. */
    public SnapshotRpc() {}

    @Override
    public String name() {
        return SnapshotRpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new GrpcFactory(parameters) {
            @Override
            public LogAppender newLogAppender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
                return new Appender(server, leader, follower);
            }
        };
    }

    private static final class Appender extends GrpcLogAppender {
        Appender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
            super(server, leader, follower);
        }

        @Override
        public Iterable<InstallSnapshotRequestProto> newInstallSnapshotRequests(String id, SnapshotInfo snapshot) {
            FollowerInfo follower = getFollower();
            ((ReplicatedState) getServer().getStateMachine())
                    .followers()
                    .sending(
                            follower.getId().toString(),
                            follower::getMatchIndex,
                            () -> follower.getLastRpcResponseTime().elapsedTimeMs());
            return new MappedChunks(super.newInstallSnapshotRequests(id, snapshot), snapshot.getFiles());
        }
    }
}
