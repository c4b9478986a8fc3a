// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.waiting.Waiter;

/** Why a barrier is broken, as those are told who wait for it or come later. */
final class Broken {
    private Broken() {}

    static Refusal because(String what) {
        return refusal("The barrier " + what + ".").build();
    }

    /** A party broke it; what it did, as in "timed out". */
    static Refusal by(Owner culprit, String deed) {
        return refusal("The barrier is broken: session " + culprit.getSession() + " (" + culprit.getClientName()
                        + " on "
                        + culprit.getHost() + ", thread " + culprit.getTag() + ") " + deed
                        + ". It is whole again after a reset.")
                .setHolder(culprit)
                .build();
    }

    private static Refusal.Builder refusal(String detail) {
        return Refusal.newBuilder().setCode(RefusalCode.BROKEN).setDetail(detail);
    }

    static String deed(Waiter.End end) {
        return switch (end) {
            case TIMED_OUT -> "timed out";
            case CANCELLED -> "was interrupted";
            case SESSION_ENDED -> "ended its session while it waited";
        };
    }
}
