// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That {@code docs/jdk-contracts.md} has every method of the interfaces that it lists, and that the tests it names exist. */
class JdkContractsTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final String HEADING = "## ";

    /** The rows under each interface. */
    private static final Map<String, List<String>> ROWS = new LinkedHashMap<>();

    /** The sources of all tests of these names: some names there are twice. */
    private static final Map<String, String> TESTS = new HashMap<>();

    @BeforeAll
    static void readPageAndTests() throws IOException {
        List<String> lines = Files.readAllLines(MODULE.resolveSibling("docs/jdk-contracts.md"));
        String type = "";
        for (String line : lines) {
            type = line.startsWith(HEADING) ? line.substring(HEADING.length()) : type;
            if (line.startsWith("| ") && !line.startsWith("| method ")) {
                ROWS.merge(
                        type,
                        List.of(line),
                        (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
            }
        }
        for (Path root : List.of(MODULE.resolve("src/test/java"), MODULE.resolveSibling("client/src/test/java"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    TESTS.merge(name, Files.readString(file), String::concat);
                }
            }
        }
    }

    @Test
    void everyMethod_hasARow() throws ClassNotFoundException {
        assertThat(ROWS).hasSize(14);
        for (Map.Entry<String, List<String>> type : ROWS.entrySet()) {
            String methods = type.getValue().stream().map(row -> cells(row)[1]).collect(Collectors.joining());
            Set<String> missing = new TreeSet<>();
            for (Method method : Class.forName(type.getKey()).getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
                    missing.add(signature(method));
                }
            }
            missing.removeIf(signature -> methods.contains("`" + signature + "`"));
            assertThat(missing).as(type.getKey()).isEmpty();
        }
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    @Test
    void everyTest_thatARowNames_exists() {
        List<String> rows = ROWS.values().stream().flatMap(List::stream).toList();
        for (String row : rows) {
            String[] cells = cells(row);
            assertThat(cells).as(row).hasSizeGreaterThanOrEqualTo(5);
            boolean since = cells[2].strip().startsWith("Java ");
            for (String test : cells[4].strip().split(", ", -1)) {
                assertThat(since || !test.isEmpty()).as(row).isTrue();
                if (!test.isEmpty() && !test.equals("Guava")) {
                    String[] parts = test.split("\\.", -1);
                    assertThat(TESTS).as(row).containsKey(parts[0]);
                    assertThat(TESTS.get(parts[0])).as(test).contains("void " + parts[1] + "(");
                }
            }
        }
    }

    private static String[] cells(String row) {
        return row.split("\\|", -1);
    }
}
