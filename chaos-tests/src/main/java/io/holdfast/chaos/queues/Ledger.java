// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.queues;

import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.Numbers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What producers and consumers said of the items of one queue, judged. */
final class Ledger {
    private final BitSet tried = new BitSet();
    private final BitSet put = new BitSet();
    /** Received, and so put once. */
    private final BitSet received = new BitSet();
    /** Nobody knows whether they were acknowledged: who was about to is dead, or lost its session meanwhile. */
    private final BitSet doubtful = new BitSet();

    private final List<String> unexplained = new ArrayList<>();
    private final BitSet acknowledged = new BitSet();
    private final BitSet twice = new BitSet();

    /** Adds what the process printed. */
    void add(ClientProcess client) {
        BitSet underWay = new BitSet();
        for (ClientProcess.Event event : client.events()) {
            String[] words = event.text().split(" ", -1);
            switch (words[0]) {
                case "putting" -> Numbers.read(words[1], tried::set);
                case "put" -> Numbers.read(words[1], put::set);
                case "acking" -> {
                    Numbers.read(words[1], received::set);
                    Numbers.read(words[1], underWay::set);
                }
                case "acked" -> {
                    Numbers.read(words[1], this::acknowledged);
                    underWay.clear();
                }
                case "unknown" -> {
                    doubtful.or(underWay);
                    underWay.clear();
                }
                case "returned" -> {
                    underWay.clear();
                    if (client.count("state LOST") == 0) {
                        unexplained.add(client.name() + " lost deliveries, and not its session");
                    }
                }
                default -> {}
            }
        }
        doubtful.or(underWay);
        unexplained.addAll(client.failures());
    }

    private void acknowledged(int number) {
        if (acknowledged.get(number)) {
            twice.set(number);
        }
        acknowledged.set(number);
    }

    /** How many items were put for certain. */
    int putCount() {
        return put.cardinality();
    }

    /** How many items were acknowledged for certain. */
    int acknowledgedCount() {
        return acknowledged.cardinality();
    }

    /** How many puts, and how many acknowledgements, nobody knows the outcome of. */
    int unknownCount() {
        return without(tried, put).cardinality()
                + without(doubtful, acknowledged).cardinality();
    }

    /** What was not as it must be; empty: all was. */
    List<String> violations() {
        List<String> found = new ArrayList<>(unexplained);
        note(found, "acknowledged twice", twice);
        note(found, "put, and neither acknowledged nor about to be", without(without(put, acknowledged), doubtful));
        note(found, "received, but never put", without(received, tried));
        return found;
    }

    private static BitSet without(BitSet all, BitSet some) {
        BitSet rest = (BitSet) all.clone();
        rest.andNot(some);
        return rest;
    }

    private static void note(List<String> found, String what, BitSet numbers) {
        if (!numbers.isEmpty()) {
            found.add(numbers.cardinality() + " items were " + what + ", the first is " + numbers.nextSetBit(0));
        }
    }
}
