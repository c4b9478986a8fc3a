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
    private final BitSet acknowledging = new BitSet();
    private final BitSet acknowledged = new BitSet();
    private final BitSet twice = new BitSet();

    /** Adds what the process printed. */
    void add(ClientProcess client) {
        for (ClientProcess.Event event : client.events()) {
            String[] words = event.text().split(" ", -1);
            switch (words[0]) {
                case "putting" -> Numbers.read(words[1], tried::set);
                case "put" -> Numbers.read(words[1], put::set);
                case "acking" -> Numbers.read(words[1], acknowledging::set);
                case "acked" -> Numbers.read(words[1], this::acknowledged);
                default -> {}
            }
        }
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
                + without(acknowledging, acknowledged).cardinality();
    }

    /** What was not as it must be; empty: all was. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        note(found, "acknowledged twice", twice);
        note(found, "put, and neither acknowledged nor about to be", without(put, acknowledging));
        note(found, "received, but never put", without(acknowledging, tried));
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
