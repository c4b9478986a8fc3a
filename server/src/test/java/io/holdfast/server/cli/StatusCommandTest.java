// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.config.MemberConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private static MemberView view(String name, String... lowDisks) {
        Endpoint nowhere = new Endpoint("127.0.0.1", 1);
        NodeStatus status = NodeStatus.newBuilder()
                .setNode(name)
                .addAllLowDisks(List.of(lowDisks))
                .build();
        return new MemberView(
                new MemberConfig(name, nowhere, nowhere, nowhere, Path.of("unused")), Optional.of(status), "");
    }

    @Test
    void lowDisks_areNamedOnce_whoeverReportsThem() {
        assertThat(StatusCommand.lowDisks(List.of(view("n1", "n3", "n2"), view("n2", "n2"), view("n3"))))
                .hasValue(
                        "Low disk: n2, n3. Commands that make the state grow are refused (disk.low); free space there.");
    }

    @Test
    void nothing_isSaid_whereNoDiskIsLow() {
        assertThat(StatusCommand.lowDisks(List.of(view("n1"), view("n2")))).isEmpty();
    }
}
