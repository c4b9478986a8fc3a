// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PortsTest {
    private static final Path FOLDER = Path.of("data/n1");

    @Test
    void port_thatIsTaken_isRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> Ports.requireFree(node(port)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("nodes.n1.client: 127.0.0.1:" + port
                            + " is in use by another program, or this node already runs");
        }
    }

    @Test
    void address_ofAnotherMachine_isRefused() {
        Endpoint elsewhere = new Endpoint("192.0.2.1", 4501);

        assertThatThrownBy(() -> Ports.requireFree(new MemberConfig("n1", elsewhere, elsewhere, elsewhere, FOLDER)))
                .hasMessage("nodes.n1.client: 192.0.2.1 is not an address of this machine; start the node where it is");
    }

    private static MemberConfig node(int client) {
        return new MemberConfig(
                "n1",
                new Endpoint("127.0.0.1", client),
                new Endpoint("127.0.0.1", 4601),
                new Endpoint("127.0.0.1", 4701),
                FOLDER);
    }
}
