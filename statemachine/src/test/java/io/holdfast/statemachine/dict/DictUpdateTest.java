// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.statemachine.Script;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many entries in one command, all or none. */
class DictUpdateTest {
    private final Script script = new Script();

    @BeforeEach
    void openDict() {
        script.play("a open D dict | a created");
    }

    @Test
    void update_putsAll_inTheirOrder() {
        script.play("""
                a dict.update D {'b':1,'a':2}          | a ok
                a dict.update D {'c':3,'b':4}          | a ok
                a dict.update D {}                     | a ok
                """);
        assertThat(Items.of(script, "D")).isEqualTo("'b'=4 'a'=2 'c'=3");
    }

    @Test
    void update_withEqualKeys_keepsTheFirstPlaceAndTheLastValue() {
        script.play("a dict.update D {'b':1,'a':2,'b':3,{'x':1,'y':2}:4,{'y':2,'x':1}:5} | a ok");
        assertThat(Items.of(script, "D")).isEqualTo("'b'=3 'a'=2 {'x':1,'y':2}=5");
    }

    @Test
    void update_mayGiveAllOfThemATime() {
        script.play("""
                a dict.put D 'a' 1                     | a done
                a dict.update D {'a':2,'b':3} ttl 5s   | a ok
                a dict.update D {'b':4}                | a ok
                a dict.update D {'c':4} ttl 0          | a INVALID_ARGUMENT
                tick 5s                                | -
                """);
        assertThat(Items.of(script, "D")).isEqualTo("'b'=4");
    }

    @Test
    void update_thatIsRefused_changesNothing() {
        script.play("a dict.put D 'a' 1 | a done");
        for (String entries : List.of("{'a':2,nan:1}", "{'a':2,'b':?}", "{'a':2,@D:1}", "{'b':1,'a':2,codec!x:3}")) {
            script.play("a dict.update D " + entries + " | a INVALID_ARGUMENT");
        }
        script.play("a dict.update D {'a':2,'b':@99999} | a NO_SUCH_OBJECT");
        assertThat(Items.of(script, "D")).isEqualTo("'a'=1");
    }

    @Test
    void update_countsReferencesOfAllEntries() {
        script.play("""
                a open L lock                          | a created
                a open M lock                          | a created
                a dict.update D {1:@L,2:[@M,@L]}       | a ok
                a delete L                             | a true
                a delete M                             | a true
                a dict.update D {2:1,3:@M}             | a ok
                a lock.acquire L                       | a granted #1
                a dict.update D {1:0,3:0}              | a ok
                a lock.release L                       | a OBJECT_DELETED
                a lock.acquire M                       | a OBJECT_DELETED
                """);
    }

    @Test
    void update_mayMoveTheLastReferenceFromOneEntryToAnother() {
        script.play("""
                a open L lock                          | a created
                a dict.put D 1 @L                      | a done
                a delete L                             | a true
                a dict.update D {1:0,2:@L}             | a ok
                a lock.acquire L                       | a granted #1
                a dict.update D {2:0}                  | a ok
                a lock.release L                       | a OBJECT_DELETED
                """);
        assertThat(Items.of(script, "D")).isEqualTo("1=0 2=0");
    }
}
