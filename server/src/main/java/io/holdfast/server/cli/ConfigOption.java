// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.ConfigReader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that every command has: which cluster is meant. */
final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${sys:holdfast.config:-conf/holdfast.yaml}",
            description = "The cluster's configuration. Default: $$HOLDFAST_CONFIG, or else conf/holdfast.yaml in"
                    + " Holdfast's own folder.")
    private Path file = Path.of("conf/holdfast.yaml");

    Path file() {
        return file;
    }

    ClusterConfig read() {
        return ConfigReader.read(file);
    }
}
