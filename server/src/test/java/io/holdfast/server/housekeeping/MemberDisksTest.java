// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.NodeState;
import io.holdfast.server.config.NodeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberDisksTest {
    @TempDir
    private Path folder;

    private final List<Identity> answers = new ArrayList<>();
    private long now = 5;

    private MemberDisks disks(boolean ownIsLow) {
        NodeConfig.Disk disk = new NodeConfig.Disk(ownIsLow ? Long.MAX_VALUE : 0, 0);
        DiskGuard own = new DiskGuard(disk, folder, (why, cause) -> {
            throw new AssertionError(why, cause);
        });
        return new MemberDisks("n1", own, () -> answers, () -> now);
    }

    private static Identity answer(String node, boolean low) {
        return Identity.newBuilder()
                .setNode(node)
                .setState(NodeState.MEMBER)
                .setDiskLow(low)
                .build();
    }

    private void answers(Identity... identities) {
        answers.clear();
        answers.addAll(List.of(identities));
    }

    @Test
    void noDiskIsLow_whereNoneIsReported() {
        MemberDisks disks = disks(false);
        answers(answer("n2", false), answer("n3", false));
        disks.ask();

        assertThat(disks.lowNode()).isEmpty();
        assertThat(disks.lowNodes()).isEmpty();
    }

    @Test
    void anotherMembersDisk_counts_andIsNamed_untilItReportsOtherwise() {
        MemberDisks disks = disks(false);
        answers(answer("n2", false), answer("n3", true));
        disks.ask();
        assertThat(disks.lowNode()).hasValue("n3");
        assertThat(disks.lowNodes()).containsExactly("n3");

        answers(answer("n2", false), answer("n3", false));
        disks.ask();
        assertThat(disks.lowNode()).isEmpty();
    }

    @Test
    void ownDisk_counts_withoutAnyAnswer() {
        MemberDisks disks = disks(true);
        assertThat(disks.lowNode()).hasValue("n1");

        answers(answer("n3", true), answer("n2", true));
        disks.ask();
        assertThat(disks.lowNode()).hasValue("n1");
        assertThat(disks.lowNodes()).containsExactly("n1", "n2", "n3");
    }

    @Test
    void memberThatDoesNotAnswer_keepsItsLastReport_for30Seconds() {
        MemberDisks disks = disks(false);
        answers(answer("n3", true));
        disks.ask();
        answers();

        now += TimeUnit.SECONDS.toNanos(30);
        disks.ask();
        assertThat(disks.lowNode()).hasValue("n3");

        now++;
        disks.ask();
        assertThat(disks.lowNode()).isEmpty();
    }

    @Test
    void nodeThatIsNoMember_doesNotCount() {
        MemberDisks disks = disks(false);
        answers(answer("n3", true));
        disks.ask();
        answers(answer("n3", true).toBuilder().setState(NodeState.UNADMITTED).build());
        disks.ask();

        assertThat(disks.lowNode()).isEmpty();
    }

    @Test
    void reports_areForgotten_whenTheNodeDoesNotLead() {
        MemberDisks disks = disks(false);
        answers(answer("n3", true));
        disks.ask();

        disks.forget();

        assertThat(disks.lowNode()).isEmpty();
        assertThat(disks.lowNodes()).isEmpty();
    }
}
