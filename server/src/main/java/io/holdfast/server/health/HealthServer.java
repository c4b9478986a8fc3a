// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.server.config.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code /health/live}: the process answers. {@code /health/ready}: the node is a member that knows a leader and is not
 * far behind; 503 with the reason, if it is not. {@code /metrics}: for Prometheus.
 */
public final class HealthServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private static final int MOST_SECONDS = 10;

    static {
        // A connection that sends half a request must not keep a thread for ever; read when the first server is made.
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", Integer.toString(MOST_SECONDS));
    }

    private final HttpServer server;
    private final ExecutorService executor;

    /** @param notReady why the node is not ready; empty: it is */
    public HealthServer(Endpoint address, Supplier<String> notReady, PrometheusMeterRegistry metrics)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(address.host(), address.port()), 0);
        executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "http-" + address.port());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/health/live", exchange -> answer(exchange, 200, TEXT, "live\n"));
        server.createContext("/health/ready", exchange -> {
            String reason = notReady.get();
            answer(exchange, reason.isEmpty() ? 200 : 503, TEXT, (reason.isEmpty() ? "ready" : reason) + "\n");
        });
        server.createContext("/metrics", exchange -> answer(exchange, 200, PROMETHEUS, metrics.scrape()));
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdown();
    }
}
