// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bug that is not there: one source file of the state machine with some of its text replaced, compiled for a test and
 * put in the place of the real class in a class loader of its own. So the real classes need no switches and no seams.
 */
record SeededBug(String name, Set<Invariant> convictedBy, Class<?> world, String file, List<Replacement> replacements) {
    private static final Path SOURCES = Path.of("src/main/java/io/holdfast/statemachine");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    /** One for all compilations, which take turns: it caches what is in the jars, and can be used by one thread only. */
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    record Replacement(String text, String instead) {}

    static SeededBug of(String name, Invariant convictedBy, String file, String... textAndInstead) {
        return of(name, Set.of(convictedBy), file, textAndInstead);
    }

    /** A bug that shows in one way or another first. */
    static SeededBug of(String name, Set<Invariant> convictedBy, String file, String... textAndInstead) {
        List<Replacement> replacements = new ArrayList<>();
        for (int i = 0; i < textAndInstead.length; i += 2) {
            replacements.add(new Replacement(textAndInstead[i], textAndInstead[i + 1]));
        }
        return new SeededBug(name, convictedBy, World.class, file, replacements);
    }

    /** Returns the same bug, for worlds of that class. */
    SeededBug in(Class<?> otherWorld) {
        return new SeededBug(name, convictedBy, otherWorld, file, replacements);
    }

    @Override
    public String toString() {
        return name;
    }

    /** A class loader with its own state machine and its own worlds, in which the bug is. */
    ClassLoader load(Path folder) {
        try {
            Path source = folder.resolve("source").resolve(Path.of(file).getFileName());
            Files.createDirectories(source.getParent());
            Files.writeString(source, source());
            Path classes = Files.createDirectories(folder.resolve("classes"));
            compile(source, classes);
            return new BuggyClasses(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String source() throws IOException {
        String source = Files.readString(SOURCES.resolve(file));
        for (Replacement replacement : replacements) {
            source = replaced(source, replacement);
        }
        return source;
    }

    private String replaced(String source, Replacement replacement) {
        Matcher matcher = wherever(replacement.text()).matcher(source);
        if (!matcher.find()) {
            throw new AssertionError(
                    "the bug '" + name + "' has lost its place: " + file + " does not contain " + replacement.text());
        }
        String buggy = source.substring(0, matcher.start()) + replacement.instead() + source.substring(matcher.end());
        if (matcher.find()) {
            throw new AssertionError(
                    "the bug '" + name + "' has two places: " + file + " contains twice " + replacement.text());
        }
        return buggy;
    }

    /** The text, however it is broken into lines. */
    private static Pattern wherever(String text) {
        return Pattern.compile(text.chars()
                .filter(character -> !Character.isWhitespace(character))
                .mapToObj(character -> Pattern.quote(String.valueOf((char) character)))
                .collect(Collectors.joining("\\s*")));
    }

    private void compile(Path source, Path classes) {
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled;
        synchronized (FILES) {
            compiled = COMPILER.getTask(messages, FILES, null, options, null, FILES.getJavaFileObjects(source))
                    .call();
        }
        if (!compiled) {
            throw new AssertionError("the bug '" + name + "' does not compile: " + messages);
        }
    }

    /** Loads the buggy classes first, then the rest of the state machine and its tests, all of them anew. */
    private static final class BuggyClasses extends ClassLoader {
        private final Path buggy;

        BuggyClasses(Path buggy) {
            super(SeededBug.class.getClassLoader());
            this.buggy = buggy;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && name.startsWith("io.holdfast.statemachine.")) {
                    byte[] bytes = bytes(name.replace('.', '/') + ".class");
                    loaded = defineClass(name, bytes, 0, bytes.length);
                }
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
        }

        private byte[] bytes(String file) throws ClassNotFoundException {
            try (InputStream original = getParent().getResourceAsStream(file)) {
                if (Files.exists(buggy.resolve(file))) {
                    return Files.readAllBytes(buggy.resolve(file));
                }
                if (original == null) {
                    throw new ClassNotFoundException(file);
                }
                return original.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(file, e);
            }
        }
    }
}
