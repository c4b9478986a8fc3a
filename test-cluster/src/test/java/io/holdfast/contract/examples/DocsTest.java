// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the examples in {@code docs/objects} are those that run: {@link ObjectExamplesTest}. */
class DocsTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path SOURCE =
            MODULE.resolve("src/test/java/io/holdfast/contract/examples/ObjectExamplesTest.java");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock",
                "rlock",
                "condition",
                "semaphore",
                "event",
                "barrier",
                "value",
                "dict",
                "list",
                "namespace",
                "queue",
                "array"
            })
    void example_isTheOneThatRuns(String object) throws IOException {
        Path page = MODULE.resolveSibling("docs/objects/" + object + ".md");
        String shown = between(Files.readAllLines(page), "```java", "```");
        String runs = between(Files.readAllLines(SOURCE), "// example: " + object, "// end");
        assertThat(shown).isEqualTo(runs);
    }

    /** The lines after the first mark and before the next other one, without what they are indented by. */
    private static String between(List<String> lines, String begin, String end) {
        List<String> stripped = lines.stream().map(String::strip).toList();
        int first = stripped.indexOf(begin) + 1;
        assertThat(first).as(begin).isPositive();
        int last = first + stripped.subList(first, stripped.size()).indexOf(end);
        return String.join("\n", lines.subList(first, last)).stripIndent();
    }
}
