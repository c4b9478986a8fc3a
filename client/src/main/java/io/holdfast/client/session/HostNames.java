// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the IP addresses of host names, on threads of its own: Java's look-up blocks, for ten seconds and longer where no
 * name server answers. IP addresses need neither a look-up nor a thread.
 *
 * <p>A name has one look-up at a time, which all that wait for the name share; so there are at most as many threads as
 * names, and attempts that were given up do not pile up. The JVM caches the results ({@code networkaddress.cache.ttl}).
 *
 * <p>Safe for any thread.
 */
final class HostNames implements AutoCloseable {
    private static final long IDLE_SECONDS = 1;

    /** Looks a name up, and blocks meanwhile. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final ThreadPoolExecutor threads;
    private final Map<String, CompletableFuture<InetAddress[]>> underWay = new ConcurrentHashMap<>();
    private final Map<String, Failed> failures = new ConcurrentHashMap<>();

    /**
     * The address of a name that failed last.
     *
     * @param turn the number of times that a name has gone on to its next address
     */
    private record Failed(InetAddress address, int turn) {}

    HostNames(String threadName, Resolver resolver) {
        this.resolver = resolver;
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null); // it runs no user code, and must not keep the user's classes
                    return thread;
                });
    }

    /**
     * Returns an address of the host. Of several, the first one, or the one after that which has {@link #failed} last. Does
     * not block.
     *
     * @return completed exceptionally with an {@link UnknownHostException} if the host has no address
     */
    CompletableFuture<InetAddress> lookUp(NodeAddress node) {
        if (node.isLiteral()) {
            return literal(node.host());
        }
        return shared(node.host()).thenApply(all -> all[turn(node.host()) % all.length]);
    }

    /** Notes that a connection to the host's address has failed: the next look-up returns another one, if there is one. */
    void failed(NodeAddress node, InetAddress address) {
        failures.compute(
                node.host(),
                (host, before) -> before != null && before.address().equals(address)
                        ? before
                        : new Failed(address, before == null ? 1 : (before.turn() + 1) & Integer.MAX_VALUE));
    }

    private int turn(String host) {
        Failed failed = failures.get(host);
        return failed == null ? 0 : failed.turn();
    }

    private static CompletableFuture<InetAddress> literal(String address) {
        try {
            return CompletableFuture.completedFuture(InetAddress.getByName(address)); // a literal: no look-up
        } catch (UnknownHostException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<InetAddress[]> shared(String host) {
        CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
        CompletableFuture<InetAddress[]> others = underWay.putIfAbsent(host, mine);
        if (others != null) {
            return others;
        }
        try {
            threads.execute(() -> run(host, mine));
        } catch (RejectedExecutionException e) {
            complete(host, mine, null, e);
        }
        return mine;
    }

    private void run(String host, CompletableFuture<InetAddress[]> result) {
        try {
            complete(host, result, resolver.addresses(host), null);
        } catch (Throwable e) { // whatever it is, somebody waits for it
            complete(host, result, null, e);
        }
    }

    private void complete(
            String host,
            CompletableFuture<InetAddress[]> result,
            InetAddress @Nullable [] found,
            @Nullable Throwable failure) {
        underWay.remove(host, result);
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(found);
        }
    }

    /** Starts no further look-ups. One that is under way goes on until the operating system ends it: nothing interrupts it. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
