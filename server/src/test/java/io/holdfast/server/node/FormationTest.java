// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.NodeState;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormationTest {
    /** What n1~1 finds; the others' answers are: node~incarnation state peers, one after ';' each. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # nobody else is there                              |         |
            ''                                                  | FORMING | ''
            # one is missing
            n2~2 forming                                        | FORMING | ''
            # all are there and new
            n2~2 forming; n3~3 forming                          | MEMBER  | n1~1 n2~2 n3~3
            # one stops, or waits: it is not there
            n2~2 forming; n3~3 stopping                         | FORMING | ''
            n2~2 forming; n3~3 joining                          | FORMING | ''
            n2~2 forming; n3~3 unadmitted                       | FORMING | ''
            # a neighbour was quicker and has formed it, with us
            n2~2 member n1~1 n2~2 n3~3; n3~3 forming            | MEMBER  | n1~1 n2~2 n3~3
            n3~3 member n1~1 n2~2 n3~3                          | MEMBER  | n1~1 n2~2 n3~3
            # the cluster is older than our folder: one answer is enough
            n2~2 member n1~0 n2~2 n3~3                          | UNADMITTED | ''
            n2~2 forming; n3~3 member n1~0 n2~2 n3~3            | UNADMITTED | ''
            # even one that stops knows
            n2~2 stopping n1~0 n2~2 n3~3                        | UNADMITTED | ''
            # our old self was taken out: there is a place
            n2~2 member n2~2 n3~3; n3~3 member n2~2 n3~3        | JOINING | ''
            # two lost their folders: the one that has its own says so
            n2~2 unadmitted; n3~3 member n1~0 n2~0 n3~3         | UNADMITTED | ''
            # taken in while we were away, before we noted it
            n2~2 member n1~1 n2~2 n3~3                          | MEMBER  | n1~1 n2~2 n3~3
            """)
    void finding_followsFromTheAnswers(String answers, String state, String peers) {
        Formation formation = new Formation(RaftPeerId.valueOf("n1~1"), 2);

        Formation.Finding found = formation.find(identities(answers));

        assertThat(found.state()).isEqualTo(NodeState.valueOf(state));
        assertThat(String.join(" ", found.peers())).isEqualTo(peers);
    }

    @Test
    void nodeAlone_formsAtOnce() {
        Formation.Finding found = new Formation(RaftPeerId.valueOf("n1~1"), 0).find(List.of());

        assertThat(found).isEqualTo(new Formation.Finding(NodeState.MEMBER, List.of("n1~1")));
    }

    @Test
    void allNodes_findTheSameMembers_inTheSameOrder() {
        Formation.Finding first =
                new Formation(RaftPeerId.valueOf("n1~1"), 2).find(identities("n2~2 forming; n3~3 forming"));
        Formation.Finding third =
                new Formation(RaftPeerId.valueOf("n3~3"), 2).find(identities("n2~2 forming; n1~1 forming"));

        assertThat(third).isEqualTo(first);
    }

    private static List<Identity> identities(String answers) {
        return Arrays.stream(answers.split(";", -1))
                .map(String::strip)
                .filter(answer -> !answer.isEmpty())
                .map(FormationTest::identity)
                .toList();
    }

    private static Identity identity(String answer) {
        List<String> words = Arrays.asList(answer.split(" ", -1));
        List<String> name = Arrays.asList(words.get(0).split("~", -1));
        return Identity.newBuilder()
                .setNode(name.get(0))
                .setIncarnation(name.get(1))
                .setState(NodeState.valueOf(words.get(1).toUpperCase(Locale.ROOT)))
                .addAllPeers(words.subList(2, words.size()))
                .build();
    }
}
