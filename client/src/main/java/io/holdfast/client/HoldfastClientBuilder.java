// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.session.SessionOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client is to be.
 *
 * <pre>{@code
 * HoldfastClient client = HoldfastClient.builder()
 *         .addresses("h1:4500,h2:4500,h3:4500")
 *         .clientName("billing")
 *         .ttl(Duration.ofSeconds(20))
 *         .addListener((now, before) -> log.info("{} -> {}", before, now))
 *         .connect();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class HoldfastClientBuilder {
    private static final int MOST_NAME_BYTES = 256;

    private List<String> addresses = List.of();
    private String clientName = "java-" + ProcessHandle.current().pid();
    private String hostName = localHost();
    private Duration ttl = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(30);
    private int maxQueuedCalls = 65_536;
    private @Nullable Executor callbackExecutor;
    private StandardCodec codec = Codec.standard();
    private LongSupplier nanoTime = System::nanoTime;
    private final List<ConnectionListener> listeners = new ArrayList<>();

    HoldfastClientBuilder() {}

    /**
     * Where to look for the cluster first; the client learns the other nodes from those.
     *
     * @param list {@code host:port}, separated by commas
     */
    public HoldfastClientBuilder addresses(String list) {
        return addresses(Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList());
    }

    /** As {@link #addresses(String)}, one {@code host:port} each. */
    public HoldfastClientBuilder addresses(List<String> list) {
        list.forEach(HoldfastClientBuilder::checkAddress);
        this.addresses = List.copyOf(list);
        return this;
    }

    /** Who this client is, for people who look at {@code inspect}; at most 256 bytes. */
    public HoldfastClientBuilder clientName(String name) {
        this.clientName = checkName(name);
        return this;
    }

    /** Where this client runs, for people who look at {@code inspect}. Default: the host's name. */
    public HoldfastClientBuilder hostName(String name) {
        this.hostName = checkName(name);
        return this;
    }

    /**
     * How long the session lives without a sign of life: so long may a network failure last without
     * losing locks, and so long may others have to wait for those of a client that was cut off. The
     * cluster keeps it within its limits. Default: 10 s. Zero: the cluster's own default.
     */
    public HoldfastClientBuilder ttl(Duration timeToLive) {
        if (timeToLive.isNegative()) {
            throw new IllegalArgumentException("ttl is negative: " + timeToLive);
        }
        this.ttl = timeToLive;
        return this;
    }

    /** How long to wait for a session, when connecting and after one was lost. Default: 30 s. */
    public HoldfastClientBuilder connectTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("connectTimeout must be positive: " + timeout);
        }
        this.connectTimeout = timeout;
        return this;
    }

    /**
     * How many asynchronous calls may wait to be sent, when so many are under way already that the
     * cluster takes no more; further ones fail with {@link
     * io.holdfast.client.errors.ResourceExhaustedException}. Blocking calls wait. Default: 65,536.
     */
    public HoldfastClientBuilder maxQueuedCalls(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("maxQueuedCalls must be positive: " + calls);
        }
        this.maxQueuedCalls = calls;
        return this;
    }

    /**
     * Where futures are completed and listeners called, and where async methods run that take several calls: long reads,
     * and loops around a function of yours. These occupy a thread of it until they are done. Default: a small fork-join
     * pool of the client's own, which grows meanwhile. It may be slow or blocked without harm to the session, but must
     * have threads of its own: one that runs tasks in the thread that hands them over would block the client.
     */
    public HoldfastClientBuilder callbackExecutor(Executor executor) {
        this.callbackExecutor = executor;
        return this;
    }

    /** What dicts, queues, lists and namespaces are read and written with where no codec is named. Default: {@link Codec#standard()}. */
    public HoldfastClientBuilder codec(StandardCodec standard) {
        this.codec = standard;
        return this;
    }

    /** Adds a listener that hears of the first CONNECTED too. */
    public HoldfastClientBuilder addListener(ConnectionListener listener) {
        listeners.add(listener);
        return this;
    }

    /** The monotonic clock that leases are counted with, in nanoseconds. Default: System.nanoTime(). */
    HoldfastClientBuilder clock(LongSupplier nanos) {
        this.nanoTime = nanos;
        return this;
    }

    /**
     * Connects, and waits until a session is open.
     *
     * @throws io.holdfast.client.errors.ClusterUnavailableException if that takes longer than the connect
     *     timeout, is refused, or the thread is interrupted (its status is kept)
     */
    public HoldfastClient connect() {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("No address was given. Name at least one node as host:port.");
        }
        SessionOptions options =
                new SessionOptions(addresses, clientName, hostName, ttl, connectTimeout, maxQueuedCalls, nanoTime);
        return HoldfastClient.start(options, callbackExecutor, codec, listeners);
    }

    private static void checkAddress(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no address; write host:port, as in n1.example.com:4500");
        }
    }

    private static String checkName(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
            throw new IllegalArgumentException("A name has at most " + MOST_NAME_BYTES + " bytes: " + name);
        }
        return name;
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
