// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Member;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTest {
    private final Route route = new Route(List.of("a:1", "b:1"));

    @Test
    void addresses_areTriedInTurn_learnedOnesToo() {
        route.learn(List.of(Member.newBuilder().setAddress("c:1").build()));
        assertThat(List.of(route.next(0), route.next(0), route.next(0), route.next(0)))
                .containsExactly("a:1", "b:1", "c:1", "a:1");
    }

    @Test
    void hint_isTriedNext_once() {
        route.hint("b:1");
        assertThat(route.hasHint(0)).isTrue();
        assertThat(route.next(0)).isEqualTo("b:1");
        assertThat(route.hasHint(0)).isFalse();
        assertThat(route.next(0)).isEqualTo("a:1");
    }

    @Test
    void suspects_arePassedOver_untilTheTimeIsOver() {
        route.suspect("a:1", 0);
        assertThat(route.next(1)).isEqualTo("b:1");
        assertThat(route.next(1)).isEqualTo("b:1");
        assertThat(route.next(Duration.ofSeconds(2).toNanos())).isEqualTo("a:1");
    }

    @Test
    void hintToASuspect_isFollowed_butNotAtOnce() {
        route.hint("a:1");
        route.suspect("a:1", 0);
        assertThat(route.next(1)).as("what was said before it failed").isEqualTo("b:1");
        route.hint("a:1");
        assertThat(route.hasHint(1)).isFalse();
        assertThat(route.next(1)).isEqualTo("a:1");
    }

    @Test
    void allSuspects_areTriedNevertheless() {
        route.suspect("a:1", 0);
        route.suspect("b:1", 0);
        assertThat(List.of(route.next(1), route.next(1))).containsExactlyInAnyOrder("a:1", "b:1");
    }
}
