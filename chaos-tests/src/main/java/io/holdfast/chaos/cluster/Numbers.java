// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import java.util.BitSet;
import java.util.Collection;
import java.util.function.IntConsumer;

/** Numbers as processes print them: {@code 3-90,92}. */
public final class Numbers {
    private Numbers() {}

    /** The numbers in one word. */
    public static String tell(Collection<Long> numbers) {
        BitSet set = new BitSet();
        numbers.forEach(number -> set.set(Math.toIntExact(number)));
        StringBuilder text = new StringBuilder();
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int end = set.nextClearBit(from);
            text.append(text.isEmpty() ? "" : ",").append(from).append('-').append(end - 1);
            from = set.nextSetBit(end);
        }
        return text.toString();
    }

    /** Does that with each number that is told. */
    public static void read(String text, IntConsumer each) {
        for (String range : text.split(",", -1)) {
            String[] ends = range.split("-", -1);
            for (int number = Integer.parseInt(ends[0]); number <= Integer.parseInt(ends[1]); number++) {
                each.accept(number);
            }
        }
    }
}
