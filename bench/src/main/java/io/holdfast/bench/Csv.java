// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A file of results, named after what was measured and when; every row is on disk as soon as it is there. */
final class Csv implements AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Path file;
    private final Writer writer;

    private Csv(Path file, Writer writer) {
        this.file = file;
        this.writer = writer;
    }

    static Csv create(Path folder, String name, String header) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + "-" + name + ".csv");
        Writer writer = Files.newBufferedWriter(file);
        writer.write(header + "\n");
        return new Csv(file, writer);
    }

    Path file() {
        return file;
    }

    void row(Object... cells) {
        try {
            writer.write(Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(",")) + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
