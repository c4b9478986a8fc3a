// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Last in, first out. */
class DictPopItemTest {
    private final Script script = new Script();

    @BeforeEach
    void openDict() {
        script.play("a open D dict | a created");
    }

    @Test
    void popItem_isLastInFirstOut() {
        script.play("""
                a dict.popItem D               | a not
                a dict.put D 'a' 1             | a done
                a dict.put D 'b' 2             | a done
                a dict.put D 'c' null          | a done
                // overwriting keeps the place
                a dict.put D 'a' 4             | a done 1
                a dict.popItem D               | a done 'c' null
                a dict.popItem D               | a done 'b' 2
                a dict.put D 'b' 5             | a done
                a dict.popItem D               | a done 'b' 5
                a dict.popItem D               | a done 'a' 4
                a dict.popItem D               | a not
                a dict.put D 'd' 6             | a done
                a dict.popItem D               | a done 'd' 6
                """);
    }

    @Test
    void popItem_passesOverWhatWasRemoved() {
        script.play("""
                a dict.update D {1:1,2:2,3:3,4:4,5:5}  | a ok
                a dict.remove D 4              | a done 4
                a dict.remove D 5              | a done 5
                a dict.remove D 2              | a done 2
                a dict.popItem D               | a done 3 3
                a dict.popItem D               | a done 1 1
                a dict.put D 6 6               | a done
                a dict.clear D                 | a ok
                a dict.popItem D               | a not
                a dict.put D 7 7               | a done
                restart                        | -
                a dict.popItem D               | a done 7 7
                """);
    }

    @Test
    void popItem_releasesWhatTheEntryReferredTo() {
        script.play("""
                a open L lock                  | a created
                a dict.put D 'lock' @L         | a done
                a delete L                     | a true
                a lock.acquire L               | a granted #1
                a dict.popItem D               | a done 'lock' @L
                a lock.release L               | a OBJECT_DELETED
                """);
    }

    @Test
    void popItem_emptiesALargeDict_andItStaysInOrder() {
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        for (int i = 0; i < 500; i++) {
            script.call(a, DictWords.put(dict, Texts.integer(i), Texts.integer(i)));
        }
        for (int i = 499; i >= 0; i--) {
            DictReply reply = script.call(a, DictWords.popItem(dict)).getDone().getDict();
            assertThat(reply.getKey().getInteger()).isEqualTo(i);
        }
        assertThat(Items.of(script, "D")).isEmpty();
    }
}
