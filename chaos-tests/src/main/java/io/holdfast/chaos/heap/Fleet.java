// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ClusterFaultException;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.chaos.cluster.Program;
import io.holdfast.chaos.heap.load.BystanderProgram;
import io.holdfast.chaos.heap.load.LoadProgram;
import io.holdfast.chaos.heap.load.Manner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs the client processes of a run, and injects their faults by the seed. */
final class Fleet {
    /** Longer than the TTL of the clients' sessions, 10 s, with time for a busy leader to expire them. */
    private static final long FREEZE_MILLIS = 13_000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Each hoarder makes thousands of calls, on processors that the nodes come first on. */
    private static final Duration HOARDING_PATIENCE = Duration.ofMinutes(10);

    private static final int CLIENTS_IN_PROCESS = 30;
    private static final int BYSTANDERS = 4;

    private record Member(ClientProcess process, Manner manner, int clients) {}

    /** The number of calls of an operation that took effect, and of those that were refused. */
    record Count(long done, long refused) {
        Count plus(Count other) {
            return new Count(done + other.done, refused + other.refused);
        }
    }

    private final ProcessCluster cluster;
    private final Random random;
    private final List<Member> running = new ArrayList<>();
    private final List<ClientProcess> all = new ArrayList<>();
    private final ClientProcess bystanders;
    private int kills;
    private int freezes;
    private int hoardersKilled;

    /** Starts the bystanders, and waits until they hold their locks. */
    Fleet(ProcessCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
        this.bystanders = ClientProcess.start(
                cluster, "bystanders", Program.of(BystanderProgram.class, List.of(Integer.toString(BYSTANDERS))));
        bystanders.await("ready", PATIENCE);
    }

    /** Starts so many other clients, and waits until they have their sessions. */
    void start(int clients) {
        for (int left = clients * 6 / 10; left > 0; left -= CLIENTS_IN_PROCESS) {
            start(Manner.STEADY, Math.min(left, CLIENTS_IN_PROCESS));
        }
        start(Manner.HOARDING, Math.max(1, clients / 10));
        start(Manner.HOARDING, Math.max(1, clients / 10));
        start(Manner.SLOW, Math.max(2, clients / 20));
        start(Manner.GREEDY, Math.max(1, clients / 50));
        start(Manner.LARGE, Math.max(1, clients / 100));
        for (ClientProcess process : all) {
            Await.answer(PATIENCE, () -> ready(process), () -> process.name() + " has no sessions");
        }
    }

    private void start(Manner manner, int clients) {
        String name = manner.name().toLowerCase(Locale.ROOT) + "-" + all.size();
        Program program = Program.of(
                        LoadProgram.class,
                        List.of(Long.toString(random.nextLong()), manner.name(), Integer.toString(clients)))
                .withHeap(manner == Manner.GREEDY ? "2g" : "512m")
                .yielding();
        ClientProcess process = ClientProcess.start(cluster, name, program);
        all.add(process);
        running.add(new Member(process, manner, clients));
    }

    /** Injects a fault that the seed selects into a client process; takes up to 15 s. */
    void fault() {
        switch (random.nextInt(5)) {
            case 0, 1 -> kill(Manner.HOARDING);
            case 2 -> kill(Manner.STEADY);
            case 3 -> kill(Manner.GREEDY);
            default -> freeze(random.nextBoolean() ? Manner.HOARDING : Manner.STEADY);
        }
    }

    /** Kills a process, once a hoarder owns what it wants, and starts another one in its place. */
    void kill(Manner manner) {
        Member victim = any(manner);
        if (manner == Manner.HOARDING) {
            Await.answer(HOARDING_PATIENCE, () -> hoarded(victim), () -> "hoarders do not own what they want");
            hoardersKilled += victim.clients();
        }
        running.remove(victim);
        victim.process().kill9();
        kills++;
        start(manner, victim.clients());
    }

    /** Stops a process for longer than its sessions live, and continues it. */
    void freeze(Manner manner) {
        Member victim = any(manner);
        int before = victim.process().events().size();
        victim.process().stop();
        Await.pause(FREEZE_MILLIS);
        victim.process().cont();
        freezes++;
        Await.answer(PATIENCE, () -> lostSince(victim, before), () -> "a frozen client has not lost its session");
    }

    private Optional<ClientProcess.Event> ready(ClientProcess process) {
        requireNodes();
        return process.last("ready");
    }

    private Optional<Boolean> hoarded(Member hoarders) {
        requireNodes();
        return hoarders.process().count("owns ") >= hoarders.clients() ? Optional.of(true) : Optional.empty();
    }

    private Optional<Boolean> lostSince(Member frozen, int before) {
        requireNodes();
        return frozen.process().events().stream()
                        .skip(before)
                        .anyMatch(event -> event.text().startsWith("lost "))
                ? Optional.of(true)
                : Optional.empty();
    }

    /** Checks that no node has ended by itself: clients would wait for nothing then. */
    private void requireNodes() {
        if (!cluster.endedByThemselves().isEmpty()) {
            throw new ClusterFaultException("a node has ended by itself");
        }
    }

    private Member any(Manner manner) {
        List<Member> some =
                running.stream().filter(member -> member.manner() == manner).toList();
        Member member = some.get(random.nextInt(some.size()));
        if (!member.process().isAlive()) {
            throw new ClusterFaultException(
                    "the client process " + member.process().name() + " ended by itself");
        }
        return member;
    }

    int kills() {
        return kills;
    }

    int freezes() {
        return freezes;
    }

    int hoardersKilled() {
        return hoardersKilled;
    }

    /** Returns the counts of all processes, including those that were killed. */
    Map<String, Count> operations() {
        Map<String, Count> total = new TreeMap<>();
        all.forEach(process -> process.last("ops ").ifPresent(event -> {
            for (String word : event.text().substring("ops ".length()).split(" ", -1)) {
                String[] parts = word.split("[=/]", -1);
                if (parts.length == 3) {
                    total.merge(parts[0], new Count(Long.parseLong(parts[1]), Long.parseLong(parts[2])), Count::plus);
                }
            }
        }));
        return total;
    }

    /** Returns the number of the bystanders' operations, and their median, 99th percentile and maximum in microseconds. */
    List<Long> bystanderTimes() {
        return bystanders
                .last("times ")
                .map(event -> List.of(event.number(1), event.number(2), event.number(3), event.number(4)))
                .orElse(List.of(0L, 0L, 0L, 0L));
    }

    /** Returns the faults that clients reported, and the clients that ended by themselves; empty if there are none. */
    List<String> violations() {
        Map<String, Integer> found = new LinkedHashMap<>();
        lines(bystanders)
                .filter(text -> text.startsWith("fault ") || text.endsWith(" SUSPENDED") || text.endsWith(" LOST"))
                .forEach(text -> found.merge("a bystander printed: " + text, 1, Integer::sum));
        all.stream()
                .flatMap(Fleet::lines)
                .filter(text -> text.startsWith("fault "))
                .forEach(text -> found.merge("a client printed: " + text, 1, Integer::sum));
        List<String> violations = new ArrayList<>();
        found.forEach((text, times) -> violations.add(times == 1 ? text : times + " times: " + text));
        running.stream()
                .filter(member -> !member.process().isAlive())
                .forEach(member ->
                        violations.add("the client process " + member.process().name() + " ended by itself"));
        return violations;
    }

    private static Stream<String> lines(ClientProcess process) {
        return process.events().stream().map(ClientProcess.Event::text);
    }

    /** Ends all clients. */
    void close() {
        bystanders.close();
        running.forEach(member -> member.process().close());
    }
}
