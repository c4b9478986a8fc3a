// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.LogEntry;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * One log entry on its way through the leader. On the leader itself, applying the entry finds this very object again,
 * and with it those who wait for what the entry does.
 */
public final class Batch implements Message {
    private final LogEntry entry;
    private final ByteString content;
    private final Audience audience;

    /** Listener of one entry. The thread that applies calls it. */
    public interface Audience extends Onlooker {
        @Override
        void committed();

        /** Receives the results of the entry, which has been applied as far as its budget of work allowed. */
        void applied(Applied applied);

        @Override
        void see(int position, Sight sight);
    }

    public Batch(LogEntry entry, Audience audience) {
        this.entry = entry;
        this.content = UnsafeByteOperations.unsafeWrap(entry.toByteArray());
        this.audience = audience;
    }

    public LogEntry entry() {
        return entry;
    }

    public Audience audience() {
        return audience;
    }

    @Override
    public ByteString getContent() {
        return content;
    }
}
