// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keep-alives never wait behind data, however slow the client's link is. Skipped without network namespaces. */
@Tag("nightly")
@Timeout(600)
class SlowLinkIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Puts go through at the rate of the link, and the session is kept meanwhile. */
    @ParameterizedTest
    @CsvSource({"8, 1000", "64, 128"})
    void puts_overASlowLink_areDoneInTheSameSession(int count, int kib) throws IOException {
        try (SlowLink link = link();
                DefaultCluster cluster = DefaultCluster.start(ClusterPlan.of(3).reachedAt(link.address()))) {
            Program program = Program.of(
                            CaseProgram.class, List.of("link", "slow", Integer.toString(count), Integer.toString(kib)))
                    .withHeap("512m")
                    .behind(link.prefix());
            ClientProcess client = ClientProcess.start(cluster.processes(), "slow-link", program);

            client.await("done", PATIENCE);

            assertThat(client.count("state LOST")).as("sessions lost").isZero();
            cluster.requireUnharmed();
        }
    }

    private static SlowLink link() {
        try {
            return SlowLink.of("10mbit");
        } catch (IOException e) {
            return abort("no network namespaces here: " + e.getMessage());
        }
    }
}
