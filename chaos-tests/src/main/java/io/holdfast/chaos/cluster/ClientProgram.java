// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ClientProcess} runs. It prints one line an event, and ends when its standard input does.
 *
 * <pre>
 * task              prints
 *                   connected SESSION
 *                   state NOW             whenever the connection's state changes
 *                   failed WHY            when it met what it should not; then it does nothing more
 * lock NAME         acquired TOKEN        once it has the lock; then it keeps it
 *                   held true|false       for every line 'held' that it is told: what its handle knows
 * add NAME COUNT    added RESULT          for every addition of 1 to the value, one after the other
 *                   done COUNT GAP        when all are done; GAP: the longest time between two, in milliseconds
 * handover NAME     held TOKEN TICKET NANOS    whenever it has the lock, again and again
 *                   freed TOKEN NANOS     just before it gives the lock back
 *                   lost TOKEN            if it was not its own any more by then
 *                   keep TOKEN            once it has the lock after it was told 'keep'; then it keeps it
 * produce NAME FIRST COUNT BATCH PAUSE   puts numbers from FIRST on, BATCH at a time, until COUNT are put for certain
 *                   putting NUMBERS       before it puts them with one command
 *                   put NUMBERS           when that is done
 *                   unknown               if its session was lost meanwhile
 *                   over                  at the end
 * consume NAME BATCH                     receives numbers, until the queue is shut down
 *                   acking NUMBERS        before it acknowledges them with one command
 *                   acked NUMBERS         when that is done
 *                   unknown               if its session was lost meanwhile
 *                   returned              if its session was lost before: they are back in the queue
 *                   over                  at the end
 * </pre>
 */
final class ClientProgram {
    private volatile @Nullable LockHandle handle;
    private volatile boolean toKeep;

    private ClientProgram() {}

    public static void main(String[] args) throws InterruptedException {
        ClientProgram program = new ClientProgram();
        // First of all: whoever started this may be gone before there is a connection.
        Thread listening = new Thread(program::listen, "stdin");
        listening.start();
        HoldfastClient client = HoldfastClient.builder()
                .addresses(args[0])
                .clientName(args[1])
                .ttl(Duration.ofMillis(Long.parseLong(args[2])))
                .connectTimeout(Duration.ofSeconds(60))
                .addListener((now, before) -> say("state " + now))
                .connect();
        say("connected " + client.sessionId());
        try {
            program.run(client, args);
        } catch (InterruptedException | RuntimeException | Error e) {
            say("failed " + e.toString().replace('\n', ' '));
            throw e;
        }
        listening.join();
    }

    private void run(HoldfastClient client, String[] args) throws InterruptedException {
        switch (args[3]) {
            case "lock" -> lock(client, args[4]);
            case "add" -> add(client, args[4], Integer.parseInt(args[5]));
            case "handover" -> new HandOver(client, args[4], this::isToKeep).run();
            case "produce" ->
                new Producing(
                                client,
                                args[4],
                                Long.parseLong(args[5]),
                                Integer.parseInt(args[6]),
                                Integer.parseInt(args[7]),
                                Long.parseLong(args[8]))
                        .run();
            case "consume" -> new Consuming(client, args[4], Integer.parseInt(args[5])).run();
            default -> throw new IllegalArgumentException("no such task: " + args[3]);
        }
    }

    private void lock(HoldfastClient client, String name) throws InterruptedException {
        LockHandle acquired = client.lock(name).acquire();
        handle = acquired;
        say("acquired " + acquired.token());
    }

    private static void add(HoldfastClient client, String name, int count) {
        SharedValue<Long> value = client.value(name, Typecode.INT64, 0L);
        long longest = 0;
        long last = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long result = value.addAndGet(1L);
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
            say("added " + result);
        }
        say(String.format(Locale.ROOT, "done %d %d", count, TimeUnit.NANOSECONDS.toMillis(longest)));
    }

    /** Who started this process holds the other end; it closes with that process, however it ended. */
    private void listen() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                toKeep |= line.equals("keep");
                LockHandle held = handle;
                if (line.equals("held")) {
                    say("held " + (held != null && held.isHeld()));
                }
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }

    private boolean isToKeep() {
        return toKeep;
    }

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
