// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
    @Test
    void connections_areAsManyAsConfigured_whereThereAreFileDescriptorsForThem() {
        assertThat(FileDescriptors.connections(40_000, 1 << 20)).isEqualTo(40_000);
        assertThat(FileDescriptors.connections(40_000, 41_024)).isEqualTo(40_000);
    }

    @Test
    void connections_areAsManyAsThereAreFileDescriptorsFor_leavingThoseThatTheNodeNeeds() {
        assertThat(FileDescriptors.connections(40_000, 41_023)).isEqualTo(39_999);
        assertThat(FileDescriptors.connections(40_000, 4_096)).isEqualTo(3_072);
        assertThat(FileDescriptors.connections(40_000, 256)).isEqualTo(64);
    }
}
