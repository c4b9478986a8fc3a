// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that every command has: which cluster, by how many clients, and where the results go. */
final class Target {
    @Option(
            names = "--connect",
            paramLabel = "HOST:PORT,…",
            defaultValue = "127.0.0.1:4501,127.0.0.1:4502,127.0.0.1:4503",
            description = "Client addresses of the cluster. Default: those of 'bin/holdfast up'.")
    private String addresses = "";

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "1",
            description = "Clients, that is sessions with a connection each, that the callers share. Default: 1.")
    private int clients = 1;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            defaultValue = "bench/results",
            description = "Where CSV files are written. Default: ${DEFAULT-VALUE}.")
    private Path results = Path.of("bench/results");

    String addresses() {
        return addresses;
    }

    int clients() {
        return clients;
    }

    Path results() {
        return results;
    }

    /** Opens the clients; their callers, files and so on are the command's matter. */
    Clients connect() {
        List<HoldfastClient> connected = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            connected.add(HoldfastClient.builder()
                    .addresses(addresses)
                    .clientName("bench-" + i)
                    .connect());
        }
        return new Clients(connected);
    }

    /** Clients that are closed together. */
    record Clients(List<HoldfastClient> all) implements AutoCloseable {
        /** The client of the caller of that number. */
        HoldfastClient of(int caller) {
            return all.get(caller % all.size());
        }

        @Override
        public void close() {
            all.forEach(HoldfastClient::close);
        }
    }
}
