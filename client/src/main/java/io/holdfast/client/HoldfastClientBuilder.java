// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.codec.Values;
import io.holdfast.client.session.NodeAddress;
import io.holdfast.client.session.SessionOptions;
import io.holdfast.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a client. Each method checks its argument at once, and looks up no name; only {@link #connect} uses the network.
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
    private List<String> addresses = List.of();
    private String clientName = "java-" + ProcessHandle.current().pid();
    private final Supplier<String> localHostName;
    private @Nullable String hostName;
    private Duration ttl = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(30);
    private int maxQueuedCalls = 65_536;
    private @Nullable Executor callbackExecutor;
    private StandardCodec codec = Codec.standard();
    private LongSupplier nanoTime = System::nanoTime;
    private final List<ConnectionListener> listeners = new ArrayList<>();

    HoldfastClientBuilder(Supplier<String> localHostName) {
        this.localHostName = localHostName;
    }

    /**
     * Sets the addresses where the client looks for the cluster first; it learns the other nodes from those. They are the
     * nodes' client addresses, not those for Raft or HTTP.
     *
     * @param list {@code host:port}, separated by commas; an IPv6 address is in brackets, as in {@code [::1]:4500}
     * @throws IllegalArgumentException if one is not of that form, or there is none
     */
    public HoldfastClientBuilder addresses(String list) {
        return addresses(Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList());
    }

    /** As {@link #addresses(String)}, one {@code host:port} each. */
    public HoldfastClientBuilder addresses(List<String> list) {
        if (list.isEmpty()) {
            throw noAddress();
        }
        list.forEach(NodeAddress::parse);
        this.addresses = List.copyOf(list);
        return this;
    }

    /**
     * Sets the name by which people find this client in {@code inspect}. Default: {@code java-} and the process id.
     *
     * @param name at most {@value Limits#CLIENT_NAME_BYTES} bytes of UTF-8
     * @throws IllegalArgumentException if it is longer, or no valid text
     */
    public HoldfastClientBuilder clientName(String name) {
        this.clientName = checkName("clientName", name);
        return this;
    }

    /**
     * Sets the machine that people see for this client in {@code inspect}. Default: the name of this host, which is found
     * when the client connects; where only a name server knows it, that takes half a second at most, once in a process.
     *
     * @param name at most {@value Limits#CLIENT_NAME_BYTES} bytes of UTF-8
     * @throws IllegalArgumentException if it is longer, or no valid text
     */
    public HoldfastClientBuilder hostName(String name) {
        this.hostName = checkName("hostName", name);
        return this;
    }

    /**
     * How long the session lives without a sign of life: so long may a network failure last without
     * losing locks, and so long may others have to wait for those of a client that was cut off. The
     * cluster keeps it within its limits, {@code sessions.min-ttl} and {@code sessions.max-ttl}: no session lives for ever.
     *
     * @param timeToLive rounded up to milliseconds; zero: the cluster's own default. Default: 10 s
     * @throws IllegalArgumentException if it is negative
     */
    public HoldfastClientBuilder ttl(Duration timeToLive) {
        if (timeToLive.isNegative()) {
            throw new IllegalArgumentException("ttl is negative: " + timeToLive);
        }
        this.ttl = timeToLive;
        return this;
    }

    /**
     * Sets the time that {@link #connect} waits for a session, and that each call waits for the next one after a session
     * was lost, counted from the call.
     *
     * @param timeout positive; however long, as {@code ChronoUnit.FOREVER.getDuration()} to wait without end. Default: 30 s
     * @throws IllegalArgumentException if it is zero or negative
     */
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
        this.callbackExecutor = Objects.requireNonNull(executor, "callbackExecutor");
        return this;
    }

    /** What dicts, queues, lists and namespaces are read and written with where no codec is named. Default: {@link Codec#standard()}. */
    public HoldfastClientBuilder codec(StandardCodec standard) {
        this.codec = Objects.requireNonNull(standard, "codec");
        return this;
    }

    /** Adds a listener that hears of the first CONNECTED too. */
    public HoldfastClientBuilder addListener(ConnectionListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
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
     *     timeout, is refused, or the thread is interrupted (its status is kept). The message says what was seen at each
     *     address
     * @throws IllegalArgumentException if no address was given
     */
    public HoldfastClient connect() {
        if (addresses.isEmpty()) {
            throw noAddress();
        }
        String host = hostName == null ? localHostName.get() : hostName;
        SessionOptions options =
                new SessionOptions(addresses, clientName, host, ttl, connectTimeout, maxQueuedCalls, nanoTime);
        return HoldfastClient.start(options, callbackExecutor, codec, listeners);
    }

    private static IllegalArgumentException noAddress() {
        return new IllegalArgumentException("No address was given. Name at least one node as host:port.");
    }

    private static String checkName(String what, String name) {
        int bytes = Values.wellFormed(name).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.CLIENT_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "The " + what + " has " + bytes + " bytes; the limit is " + Limits.CLIENT_NAME_BYTES + ": " + name);
        }
        return name;
    }
}
