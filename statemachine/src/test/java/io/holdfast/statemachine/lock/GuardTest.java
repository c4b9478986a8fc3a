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
}
