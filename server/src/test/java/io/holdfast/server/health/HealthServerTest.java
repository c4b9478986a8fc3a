// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.server.config.Endpoint;
import io.holdfast.server.fixture.FreePorts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    /** Less than the server's own patience with a request that stops halfway. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Endpoint address = FreePorts.next();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile String notReady = "";
    private HealthServer server;

    @BeforeEach
    void open() throws IOException {
        server = new HealthServer(address, () -> notReady, metrics);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void live_isAnswered_evenWhenNotReady() throws Exception {
        notReady = "no leader is known";

        HttpResponse<String> response = get("/health/live");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("live\n");
    }

    @Test
    void requestThatStopsHalfway_keepsNobodyElseWaiting() throws Exception {
        try (Socket stalled = new Socket(address.host(), address.port())) {
            stalled.getOutputStream().write("GET /health".getBytes(StandardCharsets.US_ASCII));
            stalled.getOutputStream().flush();
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void ready_saysSo() throws Exception {
        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("ready\n");
    }

    @Test
    void notReady_isUnavailable_andSaysWhy() throws Exception {
        notReady = "no leader is known";

        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("no leader is known\n");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    }

    @Test
    void metrics_areForPrometheus() throws Exception {
        Counter.builder("holdfast.outcomes")
                .description("Outcomes")
                .register(metrics)
                .increment(3);

        HttpResponse<String> response = get("/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("# TYPE holdfast_outcomes_total counter", "holdfast_outcomes_total 3.0");
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void anotherPath_isNotFound() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void port_thatIsTaken_isTold() {
        assertThatThrownBy(() -> new HealthServer(address, () -> "", metrics)).isInstanceOf(IOException.class);
    }
}
