// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A process with many clients of one manner. It prints one line an event, and ends when its standard input does.
 *
 * <pre>
 * arguments   ADDRESSES NAME SEED MANNER CLIENTS
 * prints      ready                         once all its clients have a session
 *             lost SESSION                  when a client has lost its session
 *             owns COUNT                    once a hoarder owns and waits for its objects
 *             fault WHAT                    a call failed as it never should
 *             ops OPERATION=DONE/REFUSED …  now and then, since the beginning
 * </pre>
 */
public final class LoadProgram {
    private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(2);
    private static final long REPORT_MILLIS = 2_000;

    private final Tally tally = new Tally();
    private final String addresses;
    private final String name;
    private final Random random;
    private final int clients;

    private LoadProgram(String[] args) {
        this.addresses = args[0];
        this.name = args[1];
        this.random = new Random(Long.parseLong(args[2]));
        this.clients = Integer.parseInt(args[4]);
    }

    public static void main(String[] args) throws InterruptedException {
        haltWithParent();
        LoadProgram program = new LoadProgram(args);
        List<? extends Runnable> work = program.work(Manner.valueOf(args[3]));
        print("ready");
        for (int i = 0; i < work.size(); i++) {
            new Thread(work.get(i), args[1] + "-" + i).start();
        }
        while (true) {
            TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
            print("ops " + program.tally.line());
        }
    }

    private List<Runnable> work(Manner manner) {
        List<Runnable> work = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Random seeded = new Random(random.nextLong());
            work.add(
                    switch (manner) {
                        case STEADY -> new SteadyWork(connect(i), seeded, tally);
                        case HOARDING -> new HoardingWork(connect(i), name + "/" + i, tally);
                        case SLOW -> new SlowReader(addresses, connect(i), seeded, tally);
                        case GREEDY -> new GreedyWork(() -> connect(0), name, seeded, tally);
                        case LARGE -> new LargeWork(() -> connect(0), name + "/" + i, seeded, tally);
                    });
        }
        return work;
    }

    private HoldfastClient connect(int number) {
        HoldfastClient client = HoldfastClient.builder()
                .addresses(addresses)
                .clientName(name + "/" + number)
                .hostName("heap-run")
                .connectTimeout(CONNECT_TIMEOUT)
                .connect();
        client.addListener((now, before) -> {
            if (now == ConnectionState.LOST) {
                print("lost " + name + "/" + number);
            }
        });
        return client;
    }

    /** Halts this process at the end of its standard input, whose other end closes with the parent process. */
    static void haltWithParent() {
        Thread watch = new Thread(LoadProgram::awaitEndOfInput, "stdin");
        watch.start();
    }

    private static void awaitEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }

    static synchronized void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
