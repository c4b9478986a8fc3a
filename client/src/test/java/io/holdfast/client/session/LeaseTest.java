// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static io.holdfast.client.ConnectionState.CONNECTED;
import static io.holdfast.client.ConnectionState.LOST;
import static io.holdfast.client.ConnectionState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** TTL 100, grace 20, opened at 1,000: all times are plain numbers. */
class LeaseTest {
    private final Lease lease = new Lease(100, 20, 1_000);

    @Test
    void silence_suspends_thenLoses() {
        assertThat(lease.state(1_019)).isEqualTo(CONNECTED);
        assertThat(lease.state(1_020)).isEqualTo(SUSPENDED);
        assertThat(lease.state(1_099)).isEqualTo(SUSPENDED);
        assertThat(lease.state(1_100)).isEqualTo(LOST);
    }

    @Test
    void answer_countsFromTheSending() {
        long nonce = lease.sending(1_010);
        lease.answered(nonce, 1_040);
        assertThat(lease.state(1_029)).isEqualTo(CONNECTED);
        assertThat(lease.state(1_030)).isEqualTo(SUSPENDED);
    }

    @Test
    void answerBeforeTheEnd_connectsAgain() {
        long nonce = lease.sending(1_090);
        assertThat(lease.state(1_095)).isEqualTo(SUSPENDED);
        lease.answered(nonce, 1_099);
        assertThat(lease.state(1_099)).isEqualTo(CONNECTED);
    }

    @Test
    void answerAfterTheEnd_doesNotBringItBack() {
        long nonce = lease.sending(1_099);
        lease.answered(nonce, 1_100);
        assertThat(lease.state(1_100)).isEqualTo(LOST);
        assertThat(lease.state(1_000)).isEqualTo(LOST);
    }

    @Test
    void answersOutOfOrder_neverShortenIt() {
        long first = lease.sending(1_005);
        long second = lease.sending(1_015);
        lease.answered(second, 1_016);
        lease.answered(first, 1_017);
        lease.answered(999, 1_018);
        assertThat(lease.state(1_034)).isEqualTo(CONNECTED);
        assertThat(lease.state(1_035)).isEqualTo(SUSPENDED);
    }

    @Test
    void shorterTtl_holdsAtOnce() {
        lease.adjust(50, 10);
        assertThat(lease.state(1_010)).isEqualTo(SUSPENDED);
        assertThat(lease.state(1_050)).isEqualTo(LOST);
    }
}
