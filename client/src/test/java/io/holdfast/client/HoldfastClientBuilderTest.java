// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.value.Typecode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in the configuration is reported by the method that takes it, before anything is connected. */
@Timeout(60)
class HoldfastClientBuilderTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http://h:1      | The address 'http://h:1' is a URL or a path; write only the host and the port
                    h:1/path        | The address 'h:1/path' is a URL or a path
                    h:99999         | The address 'h:99999' has the port 99999; a port is 1 to 65535
                    h:0             | The address 'h:0' has the port 0; a port is 1 to 65535
                    h:-1            | The address 'h:-1' has no port number after its last colon
                    h:port          | The address 'h:port' has no port number after its last colon
                    h:              | The address 'h:' has no port number after its last colon
                    h:9999999999    | The address 'h:9999999999' has no port number after its last colon
                    h               | The address 'h' has no port
                    :4500           | The address ':4500' has no valid host name
                    my_node:4500    | The address 'my_node:4500' has no valid host name
                    h h:4500        | The address 'h h:4500' has no valid host name
                    h..h:4500       | The address 'h..h:4500' has no valid host name
                    999.1.1.1:4500  | The address '999.1.1.1:4500' has no valid host name
                    -h:4500         | The address '-h:4500' has no valid host name
                    ::1:4500        | The address '::1:4500' has more than one colon; write an IPv6 address in brackets
                    [::1]           | The address '[::1]' has no port;
                    [h]:4500        | The address '[h]:4500' has no IPv6 address between its brackets
                    [1.2.3.4]:4500  | The address '[1.2.3.4]:4500' has no IPv6 address between its brackets
                    """)
    void address_thatIsNone_isRefusedAtOnce_andTheMessageSaysWhy(String address, String message) {
        HoldfastClientBuilder builder = HoldfastClient.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addresses(address))
                .withMessageStartingWith(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addresses("127.0.0.1:4500, " + address))
                .withMessageStartingWith(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addresses(List.of("127.0.0.1:4500", address)))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h:1",
                "h:65535",
                "n1.example.com:4500",
                "n1.example.com.:4500",
                "10.0.0.1:4500",
                "3f2a9c81d0b7:4500",
                "[::1]:4500",
                "[fe80::1]:4500",
                "xn--nxasmq6b.example:4500",
                " h1:1 ,, h2:2,"
            })
    void address_isAccepted(String addresses) {
        assertThat(HoldfastClient.builder().addresses(addresses)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " , "})
    void noAddress_isRefused(String addresses) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HoldfastClient.builder().addresses(addresses))
                .withMessageStartingWith("No address was given");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HoldfastClient.builder().addresses(List.of()))
                .withMessageStartingWith("No address was given");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HoldfastClient.builder().connect())
                .withMessageStartingWith("No address was given");
    }

    @Test
    void severalAddresses_inOneElementOfTheList_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HoldfastClient.builder().addresses(List.of("h1:1,h2:2")))
                .withMessageContaining("has a comma");
    }

    @Test
    void names_thatTheClusterWouldRefuse_areRefusedAtOnce() {
        HoldfastClientBuilder builder = HoldfastClient.builder();
        String longest = "ü".repeat(128);
        assertThat(builder.clientName(longest).hostName(longest)).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.clientName(longest + "x"))
                .withMessageStartingWith("The clientName has 257 bytes; the limit is 256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.hostName(longest + "x"))
                .withMessageStartingWith("The hostName has 257 bytes; the limit is 256");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.clientName("half \ud800"));
    }

    @Test
    void durationsAndCounts_outOfRange_areRefused() {
        HoldfastClientBuilder builder = HoldfastClient.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.ttl(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxQueuedCalls(0));
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void null_isRefusedAtOnce() {
        HoldfastClientBuilder builder = HoldfastClient.builder();
        assertThatNullPointerException().isThrownBy(() -> builder.addresses((String) null));
        assertThatNullPointerException().isThrownBy(() -> builder.addresses((List<String>) null));
        assertThatNullPointerException().isThrownBy(() -> builder.clientName(null));
        assertThatNullPointerException().isThrownBy(() -> builder.hostName(null));
        assertThatNullPointerException().isThrownBy(() -> builder.ttl(null));
        assertThatNullPointerException().isThrownBy(() -> builder.connectTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> builder.callbackExecutor(null));
        assertThatNullPointerException().isThrownBy(() -> builder.codec(null));
        assertThatNullPointerException().isThrownBy(() -> builder.addListener(null));
    }

    @Test
    void ttlForEver_isTheLongestThatTheWireCarries() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().ttl(FOREVER).connect()) {
            assertThat(cluster.lastHello().getTtlMillis()).isEqualTo(Long.MAX_VALUE);
            assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
        }
    }

    @Test
    void ttlBelowAMillisecond_isNotTheClustersDefault() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client =
                        cluster.client().ttl(Duration.ofNanos(1)).connect()) {
            assertThat(cluster.lastHello().getTtlMillis()).isEqualTo(1);
            assertThat(client.sessionId()).isPositive();
        }
    }

    @Test
    void connectTimeoutForEver_waitsForTheCluster() {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connectTimeout(FOREVER).connect()) {
            long first = client.sessionId();
            cluster.expireSessions();
            assertThat(client.value("v", Typecode.INT64, 7L).get()).isEqualTo(7);
            assertThat(client.sessionId()).isNotEqualTo(first);
        }
    }

    @Test
    void hostName_thatIsGiven_isNotLookedUp() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            HoldfastClientBuilder builder = new HoldfastClientBuilder(() -> {
                throw new AssertionError("the host name is looked up");
            });
            try (HoldfastClient client =
                    builder.addresses(cluster.addresses()).hostName("given").connect()) {
                assertThat(cluster.lastHello().getHost()).isEqualTo("given");
                assertThat(client.sessionId()).isPositive();
            }
        }
    }

    @Test
    void hostName_thatIsNotGiven_isFoundWhenTheClientConnects() {
        AtomicInteger asked = new AtomicInteger();
        try (FakeCluster cluster = new FakeCluster(1)) {
            HoldfastClientBuilder builder = new HoldfastClientBuilder(() -> "host-" + asked.incrementAndGet())
                    .addresses(cluster.addresses())
                    .clientName("c");
            assertThat(asked).hasValue(0);
            try (HoldfastClient client = builder.connect()) {
                assertThat(cluster.lastHello().getHost()).isEqualTo("host-1");
                assertThat(client.sessionId()).isPositive();
            }
        }
    }

    @Test
    void refusedConfiguration_leavesTheBuilderAsItWas() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            HoldfastClientBuilder builder = cluster.client();
            assertThatThrownBy(() -> builder.addresses("h:99999")).isInstanceOf(IllegalArgumentException.class);
            try (HoldfastClient client = builder.connect()) {
                assertThat(client.sessionId()).isPositive();
            }
        }
    }
}
