// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of queues and their deliveries. */
final class BugsOfQueues {
    private BugsOfQueues() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "a delivery that was not acknowledged is lost with its session",
                        Invariant.ITEMS_CONSERVED,
                        "queue/Deliveries.java",
                        "queue.comesBack(row.key().number(2), row.row());",
                        ""),
                SeededBug.of(
                        "an item that comes back goes to the end",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_LOST_WAKE_UP),
                        "queue/Queue.java",
                        "insert(order, item); turn.objects().moved(turn, object, item.getValue());",
                        "row.setLastOrder(row.getLastOrder() + 1); insert(row.getLastOrder(), item);"),
                SeededBug.of(
                        "an item that comes back is before where the first is looked for",
                        Set.of(Invariant.SEMANTICS, Invariant.CONSISTENT_ROWS, Invariant.NO_FAULT),
                        "queue/Queue.java",
                        "Math.min(row.getHead(), order)",
                        "row.getHead()"),
                SeededBug.of(
                        "who puts one value overtakes one who waits to put many",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS),
                        "queue/QueueMachine.java",
                        "queue.row.getPutters().getLength() == 0 && queue.hasRoomFor(count)",
                        "queue.hasRoomFor(count)"),
                SeededBug.of(
                        "the references of what waited to be put are counted twice",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "queue/QueueWaits.java",
                        "queue.append(put(putter).getValuesList());",
                        """
                        put(putter).getValuesList().forEach(queue::hold);
                        queue.append(put(putter).getValuesList());
                        """),
                SeededBug.of(
                        "who waits for a queue that is shut down is refused while an item may come back",
                        Set.of(Invariant.SEMANTICS, Invariant.EXACTLY_ONCE, Invariant.NO_LOST_WAKE_UP),
                        "queue/QueueWaits.java",
                        "&& queue.row.getDelivered() == 0",
                        ""),
                SeededBug.of(
                        "nobody is told of a dead letter",
                        Set.of(Invariant.NO_LOST_WAKE_UP, Invariant.SEMANTICS),
                        "queue/Queue.java",
                        "deadLetter.waits.serve();",
                        ""),
                SeededBug.of(
                        "an acknowledged item is not done with",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_LOST_WAKE_UP),
                        "queue/Deliveries.java",
                        "queue.handOver(item.getValue(), session); queue.finish(1);",
                        "queue.handOver(item.getValue(), session);"),
                SeededBug.of(
                        "what is taken goes with the queue's reference to it",
                        Set.of(Invariant.SEMANTICS, Invariant.FIXED_ORDER, Invariant.CONSISTENT_ROWS),
                        "queue/Queue.java",
                        "turn.objects().handOver(turn, each.reference(), taker);",
                        "turn.objects().release(turn, each.reference());"));
    }
}
