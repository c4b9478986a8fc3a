// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.event.EventWords;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.value.ValueWords;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectsTest {
    private final Script script = new Script();

    @Test
    void open_getsOrCreates() {
        script.play("""
                a open L lock          | a created
                b open L lock          | b opened
                b delete L             | b true
                b delete L             | b false
                a open L lock          | a created
                """);
    }

    @Test
    void open_givesTheSameIdToAll_andNeverAgainToAnother() {
        script.play("a open L lock | a created");
        ObjectId first = script.object("L");
        script.play("b open L lock | b opened");
        assertThat(script.object("L")).isEqualTo(first);
        script.play("b delete L | b true\nb open L lock | b created");
        assertThat(script.object("L")).isGreaterThan(first);
    }

    @Test
    void open_withAnotherKindOrOtherParameters_isRefused() {
        script.play("""
                a open L lock 5s       | a created
                b open L event         | b OBJECT_MISMATCH
                b open L dict          | b OBJECT_MISMATCH
                b open L value q 0     | b OBJECT_MISMATCH
                b open L lock          | b OBJECT_MISMATCH
                b open L lock 4s       | b OBJECT_MISMATCH
                b open L lock 5s none  | b OBJECT_MISMATCH
                b open L lock 5s       | b opened
                """);
    }

    /** Nested so deep that whoever looked into it would run out of stack. */
    @Test
    void parametersThatAreNotKnown_areRefused_andNotLookedInto() {
        ByteString nested = ByteString.EMPTY;
        for (int i = 0; i < 5_000; i++) {
            nested = UnknownFieldSet.newBuilder()
                    .addField(
                            100,
                            UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(nested)
                                    .build())
                    .build()
                    .toByteString();
        }
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        100,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(nested)
                                .build())
                .build();
        Parameters parameters = Parameters.newBuilder()
                .setDict(DictParameters.newBuilder().setUnknownFields(unknown))
                .build();
        script.play("a open D dict | a created");
        SessionId a = script.session("a");
        for (Command.Builder command : List.of(
                Script.opening("D", parameters),
                Script.opening("E", parameters),
                Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(parameters)))) {
            assertThat(script.call(a, command).getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
        }
    }

    @Test
    void mismatch_saysWhatItIsAndWhatWasAsked() {
        script.play("a open L lock 5s | a created");
        SessionId a = script.session("a");
        assertThat(refusal(a, "L", EventWords.PARAMETERS).getDetail()).contains("'L' is a lock, not a event");
        assertThat(refusal(
                                a,
                                "L",
                                Parameters.newBuilder()
                                        .setLock(io.holdfast.protocol.v1.LockParameters.newBuilder())
                                        .build())
                        .getDetail())
                .contains("has parameters {lock_delay_nanos: 5000000000 on_deadlock: ON_DEADLOCK_WAIT}")
                .contains("asked for with parameters {on_deadlock: ON_DEADLOCK_WAIT}");
        script.play("a open V value b 0 | a created");
        assertThat(refusal(a, "V", ValueWords.parameters("i", script.value("0")))
                        .getDetail())
                .contains("has parameters {typecode: b}")
                .contains("asked for with parameters {typecode: i}");
    }

    private Refusal refusal(SessionId session, String name, Parameters parameters) {
        return script.call(session, Script.opening(name, parameters)).getRefused();
    }

    @Test
    void name_followsTheTable() {
        SessionId a = script.open("a");
        Object[][] table = {
            {"", RefusalCode.INVALID_ARGUMENT},
            {"~1", RefusalCode.INVALID_ARGUMENT},
            {"x".repeat(Limits.NAME_BYTES), null},
            {"x".repeat(Limits.NAME_BYTES + 1), RefusalCode.TOO_LARGE},
            {"é".repeat(Limits.NAME_BYTES / 2), null},
            {"é".repeat(Limits.NAME_BYTES / 2) + "x", RefusalCode.TOO_LARGE},
            {"a/b", null},
            {"\0", null},
            {"😀", null},
        };
        for (Object[] row : table) {
            Outcome outcome = script.call(a, Script.opening((String) row[0], EventWords.PARAMETERS));
            if (row[1] == null) {
                assertThat(outcome.getDone().getOpened().getCreated()).isTrue();
                assertThat(script.call(a, Script.deleting((String) row[0]))
                                .getDone()
                                .getDecided())
                        .isTrue();
            } else {
                assertThat(outcome.getRefused().getCode()).as("%s", row[0]).isEqualTo(row[1]);
            }
        }
    }

    @Test
    void open_withoutAKind_isUnsupported() {
        SessionId a = script.open("a");
        assertThat(refusal(a, "X", Parameters.getDefaultInstance()).getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void reference_keepsADeletedObjectAlive() {
        script.play("""
                a open D dict          | a created
                a open E event         | a created
                a dict.put D 1 @E      | a done
                a delete E             | a true
                b event.wait E         | -
                a event.set E          | b ok, a ok
                // without a name it is another object's life
                a open E2 event        | a created
                b event.clear E        | b ok
                b event.wait E         | -
                a dict.put D 2 [@E,{'k':@E}] | a done
                a dict.remove D 1      | a done @E
                a dict.put D 2 [@E]    | a done [@E,{'k':@E}]
                a dict.replace D 2 'gone' | b OBJECT_DELETED, a done [@E]
                a event.set E          | a OBJECT_DELETED
                a dict.put D 1 @E      | a OBJECT_DELETED
                """);
    }

    @Test
    void reference_isReleasedByEveryWayAnEntryCanGo() {
        for (String way : new String[] {
            "dict.put D 1 0", "dict.remove D 1", "dict.remove D 1 [@E]", "dict.replace D 1 0", "dict.replace D 1 [@E] 0"
        }) {
            script.play("""
                    a open D dict          | a created
                    a open E event         | a created
                    a dict.put D 1 [@E]    | a done
                    a delete E             | a true
                    b event.wait E         | -
                    """);
            script.play("a " + way + " | b OBJECT_DELETED, a done [@E]");
            script.play("a delete D | a true");
        }
        for (String way :
                new String[] {"dict.clear D | a ok, b OBJECT_DELETED", "delete D | a true, b OBJECT_DELETED"}) {
            script.play("""
                    a open D dict          | a created
                    a open E event         | a created
                    a dict.put D 1 [@E]    | a done
                    a delete E             | a true
                    b event.wait E         | -
                    """);
            // by the sweep at the end of the entry
            script.play("a " + way);
            script.play("a delete D | a " + (way.startsWith("delete") ? "false" : "true"));
        }
        assertThat(script.view().scan(Tables.OBJECTS, Tables.OBJECTS.key(), 1)).isEmpty();
    }

    @Test
    void reference_whileTheNameIsBound_doesNotMatter() {
        script.play("""
                a open D dict          | a created
                a open E event         | a created
                a dict.put D 1 @E      | a done
                a dict.remove D 1      | a done @E
                a event.set E          | a ok
                """);
    }

    @Test
    void reference_thatIsRefusedOrNotWritten_isNotCounted() {
        script.play("""
                a open D dict          | a created
                a open E event         | a created
                a dict.put D 1 1       | a done
                a dict.putIfAbsent D 1 @E  | a not 1
                a dict.replace D 2 @E      | a not
                a dict.replace D 1 7 @E    | a not 1
                a dict.put D nan @E        | a INVALID_ARGUMENT
                a dict.put D 2 [@E,?]      | a INVALID_ARGUMENT
                a dict.put D 2 [@E,@99999] | a NO_SUCH_OBJECT
                a delete E             | a true
                a event.set E          | a OBJECT_DELETED
                """);
    }

    @Test
    void deletedDict_takesWhatOnlyItRefersToWithIt() {
        script.play("""
                a open D1 dict         | a created
                a open D2 dict         | a created
                a open D3 dict         | a created
                a open E event         | a created
                a dict.put D1 1 @D2    | a done
                a dict.put D2 1 @D3    | a done
                a dict.put D3 1 @E     | a done
                a delete E             | a true
                a delete D2            | a true
                a delete D3            | a true
                b event.wait E         | -
                a delete D1            | a true, b OBJECT_DELETED
                """);
        for (Table<?> table : Tables.all()) {
            if (table != Tables.META && table != Tables.SESSIONS && table != Tables.REPLIES) {
                assertThat(script.view().scan(table, table.key(), 1))
                        .as("%s", table)
                        .isEmpty();
            }
        }
    }

    @Test
    void dictInItself_livesOnAfterItsNameIsDeleted_untilItLetsGo() {
        script.play("""
                a open D dict          | a created
                a dict.put D 'me' @D   | a done
                a delete D             | a true
                a dict.put D 'x' 1     | a done
                a dict.remove D 'me'   | a done @D
                a dict.put D 'x' 1     | a OBJECT_DELETED
                """);
        script.play("""
                a open D dict          | a created
                a dict.put D 'me' [@D,@D]  | a done
                a delete D             | a true
                a dict.put D 'me' 1    | a done [@D,@D]
                a dict.put D 'x' 1     | a OBJECT_DELETED
                a open D dict          | a created
                a dict.put D 'me' @D   | a done
                a delete D             | a true
                a dict.clear D         | a ok
                a dict.put D 'x' 1     | a OBJECT_DELETED
                """);
        assertThat(script.view().scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(), 1))
                .isEmpty();
    }
}
