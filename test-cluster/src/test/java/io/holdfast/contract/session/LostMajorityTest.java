// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Two of three nodes are away for a while: clients with a long time to live find everything as it was, those with a short
 * one have lost their sessions, and both are told.
 */
class LostMajorityTest {
    private static final Duration SHORT = Duration.ofSeconds(3);

    private record Told(List<ConnectionState> states, HoldfastClient client) implements AutoCloseable {
        static Told connect(HoldfastTestCluster cluster, Duration ttl) {
            List<ConnectionState> states = new CopyOnWriteArrayList<>();
            return new Told(
                    states,
                    cluster.connect(builder -> builder.ttl(ttl).addListener((now, before) -> {
                        if (!states.isEmpty() && states.get(states.size() - 1) != before) {
                            throw new IllegalStateException("told " + before + " -> " + now + " after " + states);
                        }
                        states.add(now);
                    })));
        }

        void await(ConnectionState state) throws Exception {
            Await.until(() -> states.get(states.size() - 1) == state && client.state() == state);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void clients_areSuspended_thenLostOrAsBefore() throws Exception {
        try (HoldfastTestCluster cluster = HoldfastTestCluster.builder()
                        .nodes(3)
                        .grace(Duration.ofMillis(1500))
                        .start();
                Told patient = Told.connect(cluster, Duration.ofMinutes(2));
                Told hasty = Told.connect(cluster, SHORT)) {
            LockHandle kept = patient.client().lock("kept").acquire();
            LockHandle lost = hasty.client().lock("lost").acquire();
            SharedValue<Long> counter = patient.client().value("n", Typecode.INT64, 0L);
            SharedValue<Long> ofHasty = hasty.client().value("n", Typecode.INT64, 0L);
            SharedValue<Long> guarded =
                    patient.client().value("guarded", Typecode.INT64, 0L).guardedBy(kept);
            long patientSession = patient.client().sessionId();
            long hastySession = hasty.client().sessionId();
            assertThat(patient.states()).containsExactly(ConnectionState.CONNECTED);

            int first = cluster.leader();
            int second = first % 3 + 1;
            cluster.stopNode(second);
            cluster.stopNode(first);
            CompletableFuture<Long> pending = counter.addAndGetAsync(1L);
            CompletableFuture<Long> doubtful = ofHasty.addAndGetAsync(100L);
            patient.await(ConnectionState.SUSPENDED);
            assertThat(kept.isHeld()).as("not known to be held").isFalse();
            CompletableFuture<Long> guardedPending = guarded.addAndGetAsync(1L);
            hasty.await(ConnectionState.LOST);
            assertThat(lost.isHeld()).isFalse();
            assertThatThrownBy(lost::release).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> doubtful.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(SessionLostException.class);
            assertThat(pending).isNotDone();
            assertThat(guardedPending).isNotDone();

            cluster.restartNode(first);
            cluster.restartNode(second);
            patient.await(ConnectionState.CONNECTED);
            hasty.await(ConnectionState.CONNECTED);
            assertThat(patient.client().sessionId()).isEqualTo(patientSession);
            assertThat(hasty.client().sessionId()).isNotEqualTo(hastySession);
            assertThat(patient.states())
                    .startsWith(ConnectionState.CONNECTED, ConnectionState.SUSPENDED, ConnectionState.CONNECTED)
                    .doesNotContain(ConnectionState.LOST);
            assertThat(hasty.states())
                    .contains(ConnectionState.SUSPENDED)
                    .containsSubsequence(ConnectionState.LOST, ConnectionState.CONNECTED)
                    .containsOnlyOnce(ConnectionState.LOST);

            assertThat(pending.get(20, TimeUnit.SECONDS)).isIn(1L, 101L);
            assertThat(guardedPending.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            Await.until(kept::isHeld); // a node that starts may suspend it once more
            assertThat(hasty.client().lock("kept").tryLock()).isFalse();
            LockHandle freed = patient.client().lock("lost").acquire(Duration.ofSeconds(30));
            assertThat(freed).as("freed when the old session expired").isNotNull();
            assertThat(freed.token()).isGreaterThan(lost.token());
            kept.release();
            assertThat(counter.get()).as("once, or not at all").isIn(1L, 101L);
            cluster.requireEqualStates();
        }
    }
}
