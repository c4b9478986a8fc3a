// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columns_standUnderEachOther() {
        assertThat(new TextTable("NODE", "TERM").row("a-long-name", 7).row("n2", "-"))
                .hasToString("""
                        NODE         TERM
                        a-long-name  7
                        n2           -""");
    }

    @Test
    void bytes_areReadable() {
        assertThat(Amounts.bytes(1023)).isEqualTo("1023 B");
        assertThat(Amounts.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Amounts.bytes(83_000_000_000L)).isEqualTo("77.3 GiB");
    }
}
