// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a process of its own, so that it can be killed, or frozen, like any other; it is told lines, and answers. */
final class OtherProcess implements AutoCloseable {
    private static final String ANSWER = "> ";

    private final Process process;
    private final BufferedReader answers;

    private OtherProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it; it has answered {@code ready} when this returns. */
    static OtherProcess start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        OtherProcess started = new OtherProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        started.expect("ready");
        return started;
    }

    /** What a program says to whoever started it. */
    static void say(String answer) {
        System.out.println(ANSWER + answer);
    }

    private void expect(String expected) throws IOException {
        String answer = answer();
        if (!expected.equals(answer)) {
            process.destroyForcibly();
            throw new IllegalStateException("The process said " + answer + " and not " + expected);
        }
    }

    void kill9() {
        process.destroyForcibly();
    }

    void freeze() throws Exception {
        signal("STOP");
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Tells it a line; what it answers. */
    String ask(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return answer();
    }

    /** The next answer; null: it has ended. What it logs comes the same way. */
    private String answer() throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(ANSWER)) {
            System.out.println("other process: " + line);
            line = answers.readLine();
        }
        return line == null ? null : line.substring(ANSWER.length());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
