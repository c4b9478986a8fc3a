// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A client in a process of its own that holds a lock, so that it can be killed, or frozen, like any other. */
final class Holder implements AutoCloseable {
    private static final String ANSWER = "> ";

    private final Process process;
    private final BufferedReader answers;

    private Holder(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it; it holds the lock when this returns. */
    static Holder start(String addresses, Duration ttl, String lock, Duration lockDelay, String value)
            throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        addresses,
                        Long.toString(ttl.toMillis()),
                        lock,
                        Long.toString(lockDelay.toMillis()),
                        value)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Holder holder = new Holder(process);
        holder.expect("held");
        return holder;
    }

    private void expect(String expected) throws IOException {
        String answer = answer();
        if (!expected.equals(answer)) {
            process.destroyForcibly();
            throw new IllegalStateException("The holder said " + answer + " and not " + expected);
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

    /** Has it write the value under the guard of its lock; what it says: done, or the exception's name. */
    String write(long written) throws IOException {
        process.getOutputStream().write((written + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return answer();
    }

    /** The next answer; null: it has ended. What it logs comes the same way. */
    private String answer() throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(ANSWER)) {
            System.out.println("holder: " + line);
            line = answers.readLine();
        }
        return line == null ? null : line.substring(ANSWER.length());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process: takes the lock, then writes each number that it is told. */
    public static void main(String[] args) throws Exception {
        HoldfastClient client = HoldfastClient.builder()
                .addresses(args[0])
                .clientName("holder")
                .ttl(Duration.ofMillis(Long.parseLong(args[1])))
                .connect();
        LockOptions options = LockOptions.DEFAULT.lockDelay(Duration.ofMillis(Long.parseLong(args[3])));
        LockHandle held = client.lock(args[2], options).acquire();
        SharedValue<Long> value = client.value(args[4], Typecode.INT64, 0L).guardedBy(held);
        System.out.println(ANSWER + "held");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            try {
                value.set(Long.valueOf(order));
                System.out.println(ANSWER + "done");
            } catch (RuntimeException e) {
                System.out.println(
                        ANSWER + e.getClass().getSimpleName() + (held.isHeld() ? ", and claims the lock" : ""));
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
