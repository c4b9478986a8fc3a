// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostNamesTest {
    private static final NodeAddress NODE = new NodeAddress("h", 1);

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress("h", new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void ipAddress_isNotLookedUp() throws Exception {
        try (HostNames names = new HostNames("test", host -> {
            throw new AssertionError("looked up: " + host);
        })) {
            assertThat(names.lookUp(NodeAddress.parse("10.1.2.3:1")).get().getHostAddress())
                    .isEqualTo("10.1.2.3");
            assertThat(names.lookUp(NodeAddress.parse("[::1]:1")).get().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void lookUps_ofOneName_areOne_whileItIsUnderWay() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (HostNames names = new HostNames("test", host -> {
            asked.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new InetAddress[] {address(1)};
        })) {
            CompletableFuture<InetAddress> first = names.lookUp(NODE);
            CompletableFuture<InetAddress> second = names.lookUp(NODE);
            assertThat(first).isNotDone();
            answer.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(address(1));
            assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(address(1));
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void failedAddress_isFollowedByTheNext_ofTheSameName() throws Exception {
        InetAddress[] all = {address(1), address(2), address(3)};
        try (HostNames names = new HostNames("test", host -> all)) {
            assertThat(names.lookUp(NODE).get()).isEqualTo(all[0]);
            names.failed(NODE, all[0]);
            names.failed(NODE, all[0]); // another connection to the same address
            assertThat(names.lookUp(NODE).get()).isEqualTo(all[1]);
            names.failed(NODE, all[1]);
            assertThat(names.lookUp(NODE).get()).isEqualTo(all[2]);
            names.failed(NODE, all[2]);
            assertThat(names.lookUp(NODE).get()).isEqualTo(all[0]);
        }
    }

    @Test
    void anyFailureOfALookUp_endsTheWait() {
        try (HostNames names = new HostNames("test", host -> {
            throw new StackOverflowError();
        })) {
            assertThatThrownBy(() -> names.lookUp(NODE).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void closed_failsFurtherLookUps() {
        HostNames names = new HostNames("test", host -> new InetAddress[] {address(1)});
        names.close();
        assertThat(names.lookUp(NODE)).isCompletedExceptionally();
    }
}
