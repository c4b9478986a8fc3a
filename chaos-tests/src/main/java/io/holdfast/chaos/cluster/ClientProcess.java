// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client in a process of its own, which can be killed like one. It runs a {@link ClientProgram}, and what that prints
 * are events here.
 */
public final class ClientProcess implements AutoCloseable {
    /**
     * One line that the client printed.
     *
     * @param nanos when it was read, by this process' {@link System#nanoTime()}
     */
    public record Event(long nanos, String text) {
        /** The number that is its word at that place, counted from 0. */
        public long number(int word) {
            return Long.parseLong(text.split(" ", -1)[word]);
        }
    }

    private final String name;
    private final Process process;
    private final List<Event> events = new ArrayList<>();

    private ClientProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts a client of the cluster; it ends with the cluster at the latest.
     *
     * @param ttl of its session
     * @param task what it is to do, as {@link ClientProgram} says
     */
    public static ClientProcess start(ProcessCluster cluster, String name, Duration ttl, String... task) {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(ttl.toMillis())));
        arguments.addAll(List.of(task));
        return start(cluster, name, Program.of(ClientProgram.class, arguments));
    }

    /** Starts a client that runs another program; it ends with the cluster at the latest. */
    public static ClientProcess start(ProcessCluster cluster, String name, Program program) {
        ProcessBuilder builder = new ProcessBuilder(program.command(cluster, name))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        cluster.folder().resolve(name + ".err").toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        ClientProcess client = new ClientProcess(name, Children.start(builder));
        Thread reader = new Thread(client::read, "events-of-" + name);
        reader.setDaemon(true);
        reader.start();
        cluster.add(client);
        return client;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (events) {
                    events.add(new Event(System.nanoTime(), line));
                }
            }
        } catch (IOException e) {
            // The process was killed; there is nothing more to come.
        }
    }

    public String name() {
        return name;
    }

    /** All that it has printed until now. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** How many lines it has printed that begin with this. */
    public long count(String beginning) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.text().startsWith(beginning))
                    .count();
        }
    }

    /** What it met that it should not have; it does nothing more then. */
    public List<String> failures() {
        return events().stream()
                .map(Event::text)
                .filter(text -> text.startsWith("failed "))
                .map(text -> name + " has " + text)
                .toList();
    }

    /** Waits until it prints, or has printed, a line that begins with this; the first such line. */
    public Event await(String beginning, Duration patience) {
        return awaitAfter(0, beginning, patience);
    }

    /** As {@link #await}, leaving aside the first lines. */
    public Event awaitAfter(int aside, String beginning, Duration patience) {
        return Await.answer(
                patience,
                () -> {
                    // Asked before the events, so that its last words are not missed.
                    boolean ended = !process.isAlive();
                    Optional<Event> event = events().stream()
                            .skip(aside)
                            .filter(candidate -> candidate.text().startsWith(beginning))
                            .findFirst();
                    if (event.isEmpty() && ended) {
                        throw new ClusterFaultException(
                                "client " + name + " ended before it said '" + beginning + "'; it said " + lastWords());
                    }
                    return event;
                },
                () -> "client " + name + " has not said '" + beginning + "'; it said " + lastWords());
    }

    /** Tells it something, and waits for the answer: a line that begins with the same word. */
    public Event ask(String question, Duration patience) {
        int aside = events().size();
        try {
            process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("client " + name + " is gone", e);
        }
        return awaitAfter(aside, question + " ", patience);
    }

    /** Returns whether its process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the last line with this beginning that the process has printed. */
    public Optional<Event> last(String beginning) {
        synchronized (events) {
            for (int i = events.size() - 1; i >= 0; i--) {
                if (events.get(i).text().startsWith(beginning)) {
                    return Optional.of(events.get(i));
                }
            }
        }
        return Optional.empty();
    }

    /** Suspends the process, with SIGSTOP. */
    public void stop() {
        Children.signal(process, "STOP");
    }

    /** Continues the process, with SIGCONT. */
    public void cont() {
        Children.signal(process, "CONT");
    }

    private String lastWords() {
        List<Event> all = events();
        return all.subList(Math.max(0, all.size() - 5), all.size()).stream()
                .map(Event::text)
                .toList()
                .toString();
    }

    /** kill -9. */
    public void kill9() {
        Children.kill9(process);
    }

    /** kill -9, if it still runs. */
    @Override
    public void close() {
        Children.kill9(process);
    }
}
