// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.statemachine.Script;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final Script script = new Script();

    @Test
    void guard_refusesUnlessItsTokenIsTheCurrentOne() {
        script.play("""
                a open L lock              | a created
                a open V value q 0         | a created
                a lock.acquire L           | a granted #1
                a value.addGet V 1 if L#1  | a 1
                a lock.release L           | a ok
                // free
                a value.addGet V 1 if L#1  | a STALE_TOKEN
                b lock.acquire L           | b granted #2
                // another grant
                a value.addGet V 1 if L#1  | a STALE_TOKEN
                // any session that knows the token may name it
                a value.addGet V 1 if L#2  | a 2
                // all guards must hold
                b value.addGet V 1 if L#2,L#1 | b STALE_TOKEN
                b value.addGet V 1 if L#2,L#2 | b 3
                b delete L                 | b true
                b value.addGet V 1 if L#2  | b STALE_TOKEN
                b value.addGet V 0         | b 3
                """);
    }

    @Test
    void guard_onAnObjectThatIsNoLock_refuses() {
        script.play("""
                a open L lock              | a created
                a lock.acquire L           | a granted #1
                a open V value q 0         | a created
                a value.addGet V 1 if V#1  | a STALE_TOKEN
                a open W value q 0 if L#1  | a created
                a delete W if V#1          | a STALE_TOKEN
                """);
    }

    @Test
    void guard_isLookedAtOnceMore_whenWhatItsCommandWaitedForIsThere() {
        script.play("""
                a open L lock                   | a created
                a lock.acquire L                | a granted #1
                a open Q queue max 1            | a created
                a queue.put Q 1                 | a ok
                b queue.put Q 2 if L#1          | -
                c queue.put Q 3                 | -
                a open S semaphore 1            | a created
                a semaphore.acquire S 1         | a ok
                b semaphore.acquire S 1 if L#1  | -
                c semaphore.acquire S 1         | -
                a open M lock                   | a created
                a lock.acquire M                | a granted #2
                b lock.acquire M if L#1         | -
                c lock.acquire M                | -
                a lock.release L                | a ok
                // too late, and nobody behind has to wait for it
                a queue.get Q                   | b STALE_TOKEN, c ok, a got 1
                a semaphore.release S 1         | b STALE_TOKEN, c ok, a ok
                a lock.release M                | b STALE_TOKEN, c granted #3, a ok
                a queue.get Q                   | a got 3
                """);
    }

    @Test
    void guardThatStillHolds_letsItsCommandHaveWhatItWaitedFor() {
        script.play("""
                a open L lock                   | a created
                a lock.acquire L                | a granted #1
                a open Q queue                  | a created
                b queue.get Q if L#1            | -
                a queue.put Q 1                 | b got 1, a ok
                // not by the grant that makes way for it
                b lock.acquire L if L#1         | -
                c lock.acquire L                | -
                a lock.release L                | b STALE_TOKEN, c granted #2, a ok
                """);
    }

    @Test
    void guardOfWhatTakesEffectByWaiting_isLookedAtWhenItBegins() {
        script.play("""
                a open L lock                   | a created
                a lock.acquire L                | a granted #1
                a open B barrier 2              | a created
                b barrier.wait B if L#1         | -
                a lock.release L                | a ok
                c barrier.wait B                | b passed 0, c passed 1
                """);
    }
}
