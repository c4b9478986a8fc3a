// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Acknowledged;
import io.holdfast.protocol.v1.Opened;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.TimedOut;

/** The replies that all kinds share. */
public final class Replied {
    private Replied() {}

    public static Reply.Builder acknowledged() {
        return Reply.newBuilder().setAcknowledged(Acknowledged.getDefaultInstance());
    }

    public static Reply.Builder decided(boolean decision) {
        return Reply.newBuilder().setDecided(decision);
    }

    public static Reply.Builder timedOut() {
        return Reply.newBuilder().setTimedOut(TimedOut.getDefaultInstance());
    }

    static Reply.Builder opened(long object, boolean created) {
        return Reply.newBuilder()
                .setOpened(Opened.newBuilder().setObject(object).setCreated(created));
    }
}
