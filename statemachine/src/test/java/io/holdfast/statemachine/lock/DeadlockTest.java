// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.Script.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.DeadlockLink;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlockTest {
    private final Script script = new Script();

    @Test
    void lock_thatRefuses_findsItsOwnersWaitForItself() {
        script.play("""
                a open L lock refuse          | a created
                a lock.acquire L t1           | a granted #1
                a lock.acquire L t1           | a DEADLOCK
                // another thread of the session may get it from the holder
                a lock.acquire L t2           | -
                // not without end
                a lock.acquire L t1 0         | a timed-out
                a lock.acquire L t1 5s        | -
                tick 5s                       | a timed-out
                a lock.release L              | a granted #2, a ok
                """);
    }

    @Test
    void lock_byDefault_lets_itsOwnerWaitForItself() {
        script.play("""
                a open L lock                 | a created
                a lock.acquire L t1           | a granted #1
                a lock.acquire L t1           | -
                b lock.force L                | a granted #2, b forced
                """);
    }

    @Test
    void rlocks_ofTwoOwners_areRefusedInTheOtherOrder() {
        open("A", "B");
        script.play("""
                a rlock.acquire A t1          | a granted #1
                b rlock.acquire B t1          | b granted #2
                a rlock.acquire B t1          | -
                b rlock.acquire A t1          | b DEADLOCK
                // whoever was refused can let go
                b rlock.release B t1          | a granted #3, b ok
                """);
    }

    @Test
    void twoThreadsOfOneSession_areTwoOwners() {
        open("A", "B");
        script.play("""
                a rlock.acquire A t1          | a granted #1
                a rlock.acquire B t2          | a granted #2
                a rlock.acquire B t1          | -
                // others of the session are in no cycle
                a rlock.acquire A t3          | -
                a rlock.acquire A t2          | a DEADLOCK
                """);
    }

    @Test
    void cycle_isNamed_withNamesAndTimes() {
        open("A", "B", "C");
        script.play("""
                a rlock.acquire A t1          | a granted #1
                tick 1s                       | -
                b rlock.acquire B t2          | b granted #2
                c rlock.acquire C t3          | c granted #3
                tick 1s                       | -
                a rlock.acquire B t1          | -
                tick 1s                       | -
                b rlock.acquire C t2          | -
                tick 1s                       | -
                c rlock.acquire A t3          | c DEADLOCK
                """);
        Refusal refusal = refusal();
        assertThat(refusal.getDeadlockList().stream().map(this::words))
                .containsExactly(
                        "c/3 for 0s: A, which a/1 has for 4s",
                        "a/1 for 2s: B, which b/2 has for 3s",
                        "b/2 for 1s: C, which c/3 has for 3s");
        assertThat(refusal.getDeadlock(0).getObject())
                .isEqualTo(script.object("A").value());
        assertThat(refusal.getDetail())
                .contains("c on host-of-c")
                .contains("thread 3")
                .contains("'A'")
                .contains("4000 ms");
    }

    private String words(DeadlockLink link) {
        return link.getWaiter().getClientName() + "/" + link.getWaiter().getTag() + " for "
                + link.getWaitedNanos() / SECOND + "s: " + link.getName() + ", which "
                + link.getHolder().getClientName() + "/" + link.getHolder().getTag() + " has for "
                + link.getHeldNanos() / SECOND + "s";
    }

    @Test
    void refusal_changesNothing() {
        open("A", "B");
        script.play("""
                a rlock.acquire A t1          | a granted #1
                b rlock.acquire B t1          | b granted #2
                a rlock.acquire B t1          | -
                """);
        int waiters =
                script.view().scan(Tables.WAITERS, Tables.WAITERS.key(), 10).size();
        var before = script.inspect(script.object("A")).getLock();
        script.play("b rlock.acquire A t1 | b DEADLOCK");
        assertThat(script.inspect(script.object("A")).getLock()).isEqualTo(before);
        assertThat(script.view().scan(Tables.WAITERS, Tables.WAITERS.key(), 10)).hasSize(waiters);
        assertThat(script.view().scan(Tables.OWNER_WAITS, Tables.OWNER_WAITS.key(), 10))
                .hasSize(1);
    }

    @Test
    void waitThatHasATimeout_isNoPartOfACycle() {
        open("A", "B");
        script.play("""
                a rlock.acquire A t1          | a granted #1
                b rlock.acquire B t1          | b granted #2
                a rlock.acquire B t1 5s       | -
                // a will give up
                b rlock.acquire A t1          | -
                // and would not be refused either
                a rlock.acquire B t1 5s       | -
                a rlock.acquire B t1          | a DEADLOCK
                tick 5s                       | a timed-out, a timed-out
                """);
    }

    @Test
    void waitThatIsOver_isNoPartOfACycle() {
        open("A", "B");
        script.play("""
                a rlock.acquire A t1          | a granted #1
                b rlock.acquire B t1          | b granted #2
                a rlock.acquire B t1          | -
                a cancel 4                    | a CANCELLED, a true
                b rlock.acquire A t1          | -
                """);
        assertThat(script.view().scan(Tables.OWNER_WAITS, Tables.OWNER_WAITS.key(), 10))
                .hasSize(1);
        script.play("close b | -");
        assertThat(script.view().scan(Tables.OWNER_WAITS, Tables.OWNER_WAITS.key(), 10))
                .isEmpty();
    }

    @Test
    void rlock_thatLetsWait_doesNotRefuse_butIsFollowed() {
        script.play("""
                a open A rlock wait           | a created
                a open B rlock                | a created
                a rlock.acquire A t1          | a granted #1
                b rlock.acquire B t1          | b granted #2
                b rlock.acquire A t1          | -
                a rlock.acquire B t1          | a DEADLOCK
                c open C rlock wait           | c created
                c rlock.acquire C t1          | c granted #3
                b rlock.acquire C t1          | -
                c rlock.acquire B t1          | c DEADLOCK
                // it closes a cycle itself, and waits
                c rlock.acquire A t1          | -
                a rlock.acquire C t1          | -
                """);
    }

    @Test
    void lock_whoseHolderIsNotCertain_isNoPartOfACycle() {
        for (String kind : List.of("lock", "lock none", "lock wait")) {
            Script fresh = new Script();
            fresh.play("a open A " + kind + " | a created");
            fresh.play("""
                    a open B rlock                | a created
                    a lock.acquire A t1           | a granted #1
                    b rlock.acquire B t1          | b granted #2
                    b lock.acquire A t1           | -
                    a rlock.acquire B t1          | -
                    """);
        }
    }

    @Test
    void lock_thatRefuses_isPartOfACycle() {
        script.play("""
                a open A lock refuse          | a created
                a open B rlock                | a created
                a lock.acquire A t1           | a granted #1
                b rlock.acquire B t1          | b granted #2
                b lock.acquire A t1           | -
                a rlock.acquire B t1          | a DEADLOCK
                """);
    }

    @Test
    void waiterThatComesBackFromACondition_isPartOfACycle() {
        open("A", "B");
        script.play("""
                a open C condition A          | a created
                a rlock.acquire B t1          | a granted #1
                a rlock.acquire A t1          | a granted #2
                a condition.wait C t1         | -
                b rlock.acquire A t1          | b granted #3
                // to wait for a notification is no wait for an owner
                b rlock.acquire B t1 0        | b timed-out
                b condition.notify C t1       | b woke 1
                b rlock.acquire B t1          | b DEADLOCK
                """);
    }

    @Test
    void lockThatIsClosed_isHeldByNobody() {
        script.play("""
                a open A rlock 5s             | a created
                a open B rlock                | a created
                a rlock.acquire A t1          | a granted #1
                b rlock.acquire B t1          | b granted #2
                expire a                      | -
                b rlock.acquire A t1          | -
                tick 5s                       | b granted #3
                """);
    }

    @Test
    void anonymousLock_hasNoNameInACycle() {
        script.play("""
                a create A lock refuse        | a created
                a lock.acquire A t1           | a granted #1
                a lock.acquire A t1           | a DEADLOCK
                """);
        assertThat(refusal().getDeadlock(0).getName()).isEmpty();
    }

    @Test
    void longCycle_isNotFound_ratherThanSearchedForWithoutEnd() {
        assertThat(closes(90)).isTrue();
        assertThat(closes(110)).isFalse();
    }

    /** Whether the last wait of a cycle of so many owners is refused: each has a lock, and waits for the next one's. */
    private static boolean closes(int owners) {
        Script many = new Script();
        Parameters parameters = Parameters.newBuilder()
                .setRlock(RLockParameters.getDefaultInstance())
                .build();
        List<ObjectId> locks = new ArrayList<>();
        for (int i = 0; i < owners; i++) {
            locks.add(many.openObject(many.session("opener"), "R" + i, parameters));
            many.send(owner(many, i), LockWords.acquireAs(i, locks.get(i)));
        }
        for (int i = 0; i < owners; i++) {
            many.send(owner(many, i), LockWords.acquireAs(i, locks.get((i + 1) % owners)));
        }
        return many.told().endsWith("DEADLOCK");
    }

    /** A session keeps so many outcomes only. */
    private static SessionId owner(Script script, int owner) {
        return script.session("s" + owner % 4);
    }

    private void open(String... names) {
        for (String name : names) {
            script.play("a open " + name + " rlock | a created");
        }
    }

    /** The one that the last entry told. */
    private Refusal refusal() {
        return script.applied().completions().get(0).outcome().getRefused();
    }
}
