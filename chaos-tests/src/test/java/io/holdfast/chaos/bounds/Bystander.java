// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.chaos.cluster.Program;
import io.holdfast.chaos.heap.load.BystanderProgram;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A session in a process of its own that holds a lock and goes on with its operations; it must keep both. */
final class Bystander {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ClientProcess process;

    Bystander(ProcessCluster cluster) {
        process = ClientProcess.start(cluster, "bystander", Program.of(BystanderProgram.class, List.of("1")));
        process.await("ready", PATIENCE);
    }

    /** Checks that it kept its session and its lock, and waits until it has done more operations. */
    void requireUnharmed() {
        long before = operations();
        Await.answer(
                PATIENCE,
                () -> operations() > before || !faults().isEmpty() ? Optional.of(true) : Optional.empty(),
                () -> "the bystander does nothing any more");
        assertThat(faults()).as("the bystander keeps its session and its lock").isEmpty();
    }

    private long operations() {
        return process.last("times ").map(event -> event.number(1)).orElse(0L);
    }

    /** Returns the faults and lost sessions that it printed; its guarded writes fail once the lock is lost. */
    private List<String> faults() {
        return process.events().stream()
                .map(ClientProcess.Event::text)
                .filter(text -> text.startsWith("fault ") || text.endsWith(" LOST"))
                .toList();
    }
}
