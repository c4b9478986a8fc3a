// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.SessionId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Times are in milliseconds after an arbitrary beginning, which is close to where nanoTime wraps around. */
class LeasesTest {
    private static final long BEGINNING = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);
    private static final long TTL = 10_000;
    private static final long GRACE = 2_000;
    private static final long DRIFT = 100;
    private static final SessionId A = new SessionId(7);
    private static final SessionId B = new SessionId(9);

    private final Leases leases = new Leases(nanos(GRACE));

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static long at(long millis) {
        return BEGINNING + nanos(millis);
    }

    private void attach(SessionId session, long millis) {
        leases.attach(session, nanos(TTL), at(millis));
        leases.confirm(session);
    }

    private List<SessionId> doomed(long millis) {
        return leases.doom(at(millis));
    }

    @Test
    void silence_isForgiven_forTheTimeToLiveAndTheDrift() {
        attach(A, 0);

        assertThat(doomed(TTL + DRIFT)).isEmpty();
        assertThat(doomed(TTL + DRIFT + 1)).containsExactly(A);
    }

    @Test
    void keepAlive_countsFromItsArrival() {
        attach(A, 0);

        assertThat(leases.heard(A, at(9_000))).isTrue();

        assertThat(doomed(9_000 + TTL + DRIFT)).isEmpty();
        assertThat(doomed(9_000 + TTL + DRIFT + 1)).containsExactly(A);
    }

    @Test
    void keepAlive_afterTheEndWasProposed_isNotAnswered() {
        attach(A, 0);
        assertThat(leases.isConnected(A)).isTrue();

        assertThat(doomed(20_000)).containsExactly(A);

        assertThat(leases.heard(A, at(20_001))).isFalse();
        assertThat(leases.isConnected(A)).isFalse();
    }

    @Test
    void keepAlive_thatIsLateAndYetBeforeTheProposal_counts() {
        attach(A, 0);

        assertThat(leases.heard(A, at(TTL + 5_000))).isTrue();

        assertThat(doomed(TTL + 5_001)).isEmpty();
    }

    @Test
    void end_isProposedOnce_andAgainAfterASecond() {
        attach(A, 0);
        assertThat(doomed(20_000)).containsExactly(A);

        assertThat(doomed(20_010)).isEmpty();
        assertThat(doomed(21_000)).isEmpty();
        assertThat(doomed(21_001)).containsExactly(A);
        assertThat(doomed(21_002)).isEmpty();
    }

    @Test
    void connectionThatIsGone_isForgiven_forTheGrace() {
        attach(A, 0);
        leases.detach(A, at(1_000));

        assertThat(doomed(1_000 + GRACE)).isEmpty();
        assertThat(doomed(1_000 + GRACE + 1)).containsExactly(A);
    }

    @Test
    void connectionThatWasGivenUpBeforeAnythingCameThroughIt_isNoSignOfDeath() {
        leases.attach(A, nanos(TTL), at(0));
        leases.detach(A, at(1_000));
        assertThat(doomed(1_000 + GRACE + 1)).isEmpty();
        assertThat(doomed(TTL + DRIFT)).isEmpty();
        assertThat(doomed(TTL + DRIFT + 1)).containsExactly(A);
    }

    @Test
    void connectionThroughWhichAKeepAliveCame_countsAsOneWhenItIsGone() {
        leases.attach(A, nanos(TTL), at(0));
        leases.heard(A, at(500));
        leases.detach(A, at(1_000));
        assertThat(doomed(1_000 + GRACE + 1)).containsExactly(A);
    }

    @Test
    void connectionThatIsGone_leavesNothingToConfirm_untilTheSessionComesBack() {
        attach(A, 0);
        leases.detach(A, at(1_000));
        assertThat(leases.isConnected(A)).isFalse();

        attach(A, 1_500);
        assertThat(leases.isConnected(A)).isTrue();
    }

    @Test
    void session_thatComesBackWithinTheGrace_livesOn() {
        attach(A, 0);
        leases.detach(A, at(1_000));
        attach(A, 2_900);

        assertThat(doomed(2_900 + TTL + DRIFT)).isEmpty();
        assertThat(doomed(2_900 + TTL + DRIFT + 1)).containsExactly(A);
    }

    @Test
    void session_thatComesBackAfterItsEndWasProposed_staysDoomed() {
        attach(A, 0);
        leases.detach(A, at(1_000));
        assertThat(doomed(4_000)).containsExactly(A);

        attach(A, 4_001);

        assertThat(leases.isConnected(A)).isFalse();
        assertThat(leases.heard(A, at(4_002))).isFalse();
        assertThat(doomed(5_001)).containsExactly(A);
    }

    @Test
    void inheritedSession_hasAFullTimeToLive_toComeBackIn() {
        leases.inherit(A, nanos(TTL), at(0));

        assertThat(doomed(GRACE + 1)).isEmpty();
        assertThat(doomed(TTL + DRIFT)).isEmpty();
        assertThat(doomed(TTL + DRIFT + 1)).containsExactly(A);
    }

    @Test
    void renewAll_givesEverySession_aFullTimeToLive() {
        attach(A, 0);
        attach(B, 0);
        leases.detach(B, at(1));

        leases.renewAll(at(30_000));

        assertThat(doomed(30_000 + GRACE)).isEmpty();
        assertThat(doomed(30_000 + GRACE + 1)).containsExactly(B);
        assertThat(doomed(30_000 + TTL + DRIFT)).doesNotContain(A);
        assertThat(doomed(30_000 + TTL + DRIFT + 1)).contains(A);
    }

    @Test
    void renewAll_doesNotBringBack_whatIsDoomed() {
        attach(A, 0);
        assertThat(doomed(20_000)).containsExactly(A);

        leases.renewAll(at(20_500));

        assertThat(leases.heard(A, at(20_501))).isFalse();
        assertThat(doomed(21_001)).containsExactly(A);
    }

    @Test
    void removedSession_isUnknown_andCountsAsDoomed() {
        attach(A, 0);
        leases.remove(A);

        assertThat(leases.heard(A, at(1))).isFalse();
        assertThat(leases.isConnected(A)).isFalse();
        assertThat(leases.silence(A, at(1))).isNull();
        assertThat(doomed(30_000)).isEmpty();
    }

    @Test
    void detach_ofAnUnknownSession_isNothing() {
        leases.detach(A, at(0));

        assertThat(doomed(30_000)).isEmpty();
    }

    @Test
    void sessionsThatEndTogether_areInTheOrderOfTheirIds() {
        attach(B, 0);
        attach(A, 0);

        assertThat(doomed(30_000)).containsExactly(A, B);
    }

    @Test
    void silence_isTheTimeSinceTheLastSign() {
        attach(A, 0);
        assertThat(leases.heard(A, at(300))).isTrue();

        assertThat(leases.silence(A, at(1_000))).isEqualTo(nanos(700));
    }

    @Test
    void grace_doesNotRun_whileAConnectionWaitsToTakeTheSessionUp() {
        ByteString secret = ByteString.copyFromUtf8("secret");
        attach(A, 0);
        leases.know(A, secret);
        leases.detach(A, at(1_000));

        assertThat(leases.claim(A, secret, at(2_000))).isTrue();
        assertThat(doomed(1_000 + GRACE + 1))
                .as("it is back, though the log stands still")
                .isEmpty();

        leases.unclaim(A, at(4_000));
        assertThat(doomed(4_000 + GRACE)).isEmpty();
        assertThat(doomed(4_000 + GRACE + 1)).as("it is gone again").containsExactly(A);
    }

    @Test
    void claim_withAWrongSecret_orOfASessionWhoseEndWasProposed_isNone() {
        attach(A, 0);
        leases.know(A, ByteString.copyFromUtf8("secret"));
        leases.detach(A, at(0));

        assertThat(leases.claim(A, ByteString.copyFromUtf8("guess"), at(1_000))).isFalse();
        assertThat(doomed(GRACE + 1)).containsExactly(A);
        assertThat(leases.claim(A, ByteString.copyFromUtf8("secret"), at(GRACE + 2)))
                .isFalse();
    }
}
