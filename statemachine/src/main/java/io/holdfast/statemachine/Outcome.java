// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.v1.Acknowledged;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.TimedOut;

/** What became of a command when it was applied. */
public sealed interface Outcome {
    /** It took effect; the kernel adds the revision to the reply. */
    record Done(Reply.Builder reply) implements Outcome {}

    /** It waits; its outcome comes with a later entry. */
    record Parked() implements Outcome {}

    /** It was refused and changed nothing. */
    record Refused(Refusal refusal) implements Outcome {}

    static Outcome acknowledged() {
        return new Done(Reply.newBuilder().setAcknowledged(Acknowledged.getDefaultInstance()));
    }

    static Outcome decided(boolean done) {
        return new Done(Reply.newBuilder().setDecided(done));
    }

    static Outcome timedOut() {
        return new Done(Reply.newBuilder().setTimedOut(TimedOut.getDefaultInstance()));
    }

    static Outcome parked() {
        return new Parked();
    }

    static Outcome refused(RefusalCode code, String detail) {
        return new Refused(Refusal.newBuilder().setCode(code).setDetail(detail).build());
    }

    /** Refused because a bound of that name is reached. */
    static Outcome exhausted(String bound, String detail) {
        return new Refused(Refusal.newBuilder()
                .setCode(RefusalCode.RESOURCE_EXHAUSTED)
                .setBound(bound)
                .setDetail(detail)
                .build());
    }
}
