// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.errors.HoldfastException;
import io.holdfast.client.errors.ServerFaultException;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts, for each operation, the calls that took effect and those that were refused. Safe for many threads. */
final class Tally {
    private record Counts(LongAdder done, LongAdder refused) {}

    private final Map<String, Counts> operations = new ConcurrentSkipListMap<>();

    void done(String operation) {
        counts(operation).done().increment();
    }

    void done(String operation, long times) {
        counts(operation).done().add(times);
    }

    /** Counts a refusal, and prints a fault if the cluster, or the client, failed as it never should. */
    void refused(String operation, Throwable why) {
        counts(operation).refused().increment();
        if (!isExpected(why)) {
            LoadProgram.print("fault " + operation + ": " + why.toString().replace('\n', ' '));
        }
    }

    /** Returns whether other clients can cause this: they delete objects, take locks and fill queues. */
    private static boolean isExpected(Throwable why) {
        if (why instanceof DecodingException && why.getCause() instanceof HoldfastException cause) {
            return isExpected(cause); // the session was lost while a reference was resolved, say
        }
        return (why instanceof HoldfastException
                        && !(why instanceof ServerFaultException)
                        && !(why instanceof DecodingException))
                || why instanceof IllegalStateException // a queue that is full, a monitor's state
                || why instanceof IllegalMonitorStateException
                || why instanceof IndexOutOfBoundsException
                || why instanceof NoSuchElementException
                || why instanceof ConcurrentModificationException
                || why instanceof TimeoutException
                || why instanceof CancellationException
                || why instanceof BrokenBarrierException
                || why instanceof InterruptedException;
    }

    /** Returns all counts on one line: {@code operation=done/refused …}. */
    String line() {
        return operations.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + entry.getValue().done() + "/"
                        + entry.getValue().refused())
                .collect(Collectors.joining(" "));
    }

    private Counts counts(String operation) {
        return operations.computeIfAbsent(operation, absent -> new Counts(new LongAdder(), new LongAdder()));
    }
}
