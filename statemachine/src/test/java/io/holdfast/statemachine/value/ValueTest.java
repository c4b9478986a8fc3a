// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueGet;
import io.holdfast.protocol.v1.ValueParameters;
import io.holdfast.protocol.v1.ValueQuery;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTest {
    private final Script script = new Script();

    @ParameterizedTest(name = "{0} takes {1} as {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    # typecode | given                   | stored, or refused
                    b          | 127                     | 127
                    b          | -128                    | -128
                    b          | 128                     | OUT_OF_RANGE
                    b          | -129                    | OUT_OF_RANGE
                    B          | 255                     | 255
                    B          | -1                      | OUT_OF_RANGE
                    B          | 256                     | OUT_OF_RANGE
                    B          | 0                       | 0
                    h          | 32767                   | 32767
                    h          | 32768                   | OUT_OF_RANGE
                    h          | -32768                  | -32768
                    h          | -32769                  | OUT_OF_RANGE
                    H          | 65535                   | 65535
                    H          | 65536                   | OUT_OF_RANGE
                    H          | -1                      | OUT_OF_RANGE
                    i          | -2147483648             | -2147483648
                    i          | -2147483649             | OUT_OF_RANGE
                    i          | 2147483647              | 2147483647
                    i          | 2147483648              | OUT_OF_RANGE
                    I          | 4294967295              | 4294967295
                    I          | 4294967296              | OUT_OF_RANGE
                    I          | -1                      | OUT_OF_RANGE
                    l          | 9223372036854775807     | 9223372036854775807
                    l          | -9223372036854775809    | OUT_OF_RANGE
                    l          | -9223372036854775808    | -9223372036854775808
                    l          | 9223372036854775808     | OUT_OF_RANGE
                    L          | 18446744073709551615    | 18446744073709551615
                    L          | -1                      | OUT_OF_RANGE
                    L          | 18446744073709551616    | OUT_OF_RANGE
                    q          | -9223372036854775808    | -9223372036854775808
                    q          | 9223372036854775808     | OUT_OF_RANGE
                    q          | 9223372036854775807     | 9223372036854775807
                    q          | -9223372036854775809    | OUT_OF_RANGE
                    Q          | 18446744073709551615    | 18446744073709551615
                    Q          | 18446744073709551616    | OUT_OF_RANGE
                    Q          | -1                      | OUT_OF_RANGE
                    f          | 1                       | 1.0
                    f          | 0.1                     | 0.10000000149011612
                    f          | 1e39                    | inf
                    f          | -1e39                   | -inf
                    f          | 1e-50                   | 0.0
                    f          | nan                     | nan
                    d          | 0.1                     | 0.1
                    d          | 18446744073709551616    | 1.8446744073709552E19
                    d          | -0.0                    | -0.0
                    f          | 1000000000000000000000000000000000000000 | inf
                    d          | 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000                    | OUT_OF_RANGE
                    d          | -1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000                    | OUT_OF_RANGE
                    f          | -1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000                    | OUT_OF_RANGE
                    u          | 'x'                     | 'x'
                    u          | '😀'                    | '😀'
                    w          | '😀'                    | '😀'
                    # the wrong type
                    f          | 'x'                     | WRONG_TYPE
                    f          | null                    | WRONG_TYPE
                    i          | 0x01                    | WRONG_TYPE
                    i          | [1]                     | WRONG_TYPE
                    d          | codec!x                 | WRONG_TYPE
                    w          | '😀😀'                  | WRONG_TYPE
                    u          | 'é'               | WRONG_TYPE
                    i          | 1.5                     | WRONG_TYPE
                    i          | true                    | WRONG_TYPE
                    i          | '1'                     | WRONG_TYPE
                    i          | null                    | WRONG_TYPE
                    d          | 'x'                     | WRONG_TYPE
                    d          | true                    | WRONG_TYPE
                    u          | 'xy'                    | WRONG_TYPE
                    u          | ''                      | WRONG_TYPE
                    w          | 7                       | WRONG_TYPE
                    # malformed, whatever the typecode
                    i          | ?                       | INVALID_ARGUMENT
                    u          | ?                       | INVALID_ARGUMENT
                    Q          | big0x                   | INVALID_ARGUMENT
                    d          | big0x                   | INVALID_ARGUMENT
                    i          | big0x01                 | INVALID_ARGUMENT
                    """)
    void cell_storesWhatItsTypecodeMakesOfAValue(String typecode, String given, String stored) {
        String begin = typecode.equals("u") || typecode.equals("w") ? "'a'" : "0";
        script.play("a open V value " + typecode + " " + begin + " | a created");
        String before = get();
        boolean refused = stored.matches("[A-Z_]+");
        script.play("a value.set V " + given + " | a " + (refused ? stored : "ok"));
        assertThat(get()).isEqualTo(refused ? before : stored);

        // the same goes for the value that it begins with, and for what is swapped in
        script.play("a value.getSet V " + begin + " | a " + get());
        script.play("a value.getSet V " + given + " | a " + (refused ? stored : before));
        script.play("a value.cas V " + begin + " " + given + " | a "
                + (refused ? stored : before.equals(stored) ? "true" : "false"));
        script.play("a open W value " + typecode + " " + given + " | a " + (refused ? stored : "created"));
    }

    @Test
    void add_followsTheTable() {
        script.play("""
                a open V value b 100   | a created
                a value.getAdd V 20    | a 100
                a value.addGet V 7     | a 127
                // out of range, either way: unchanged
                a value.addGet V 1     | a OUT_OF_RANGE
                a value.getAdd V 1     | a OUT_OF_RANGE
                a value.addGet V -256  | a OUT_OF_RANGE
                a value.addGet V 9223372036854775807  | a OUT_OF_RANGE
                a value.addGet V 0     | a 127
                a value.addGet V -255  | a -128
                a value.addGet V 1.0   | a WRONG_TYPE
                a value.addGet V 'x'   | a WRONG_TYPE
                a value.addGet V ?     | a INVALID_ARGUMENT
                a value.addGet V big0x | a INVALID_ARGUMENT
                a open Q value Q 18446744073709551614 | a created
                a value.addGet Q 1     | a 18446744073709551615
                a value.addGet Q 1     | a OUT_OF_RANGE
                // a delta need not fit the typecode: the sum must
                a value.addGet Q -18446744073709551615 | a 0
                a open D value d 1     | a created
                a value.addGet D 1     | a 2.0
                a value.getAdd D 0.5   | a 2.0
                a value.addGet D inf   | a inf
                a value.addGet D -inf  | a nan
                a open F value f 16777216 | a created
                a value.addGet F 1     | a 1.6777216E7
                a value.addGet F 1e39  | a inf
                a open U value u 'x'   | a created
                a value.addGet U 1     | a WRONG_TYPE
                a value.getAdd U 'x'   | a WRONG_TYPE
                """);
    }

    @Test
    void compareAndSet_followsTheTable() {
        script.play("""
                a open V value b 1     | a created
                a value.cas V 2 3      | a false
                a value.cas V 1 3      | a true
                a value.cas V 3 128    | a OUT_OF_RANGE
                a value.cas V 128 3    | a OUT_OF_RANGE
                a value.cas V 4 'x'    | a WRONG_TYPE
                a value.cas V ? 1      | a INVALID_ARGUMENT
                a value.getSet V 5     | a 3
                // expected goes through the typecode too
                a open D value d 0     | a created
                a value.cas D 0 nan    | a true
                a value.cas D nan 0.0  | a true
                a value.cas D -0.0 1   | a false
                a value.cas D 0.0 1    | a true
                """);
    }

    @Test
    void open_requiresATypecodeAndAValueThatFitsIt() {
        script.play("""
                a open V value zz 1    | a INVALID_ARGUMENT
                a open V value c 1     | a INVALID_ARGUMENT
                a open V value D 1     | a INVALID_ARGUMENT
                a open V value ? 1     | a INVALID_ARGUMENT
                a open V value b 128   | a OUT_OF_RANGE
                a open V value b 'x'   | a WRONG_TYPE
                a delete V             | a false
                a open V value b 1     | a created
                // what it begins with is no parameter that must match, nor be right
                a open V value b 2     | a opened
                a open V value b 'x'   | a opened
                a open V value i 1     | a OBJECT_MISMATCH
                a value.addGet V 0     | a 1
                """);
        Outcome without = script.call(
                script.session("a"),
                Script.opening(
                        "W",
                        Parameters.newBuilder()
                                .setValue(ValueParameters.newBuilder().setTypecode("i"))
                                .build()));
        assertThat(without.getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
    }

    @Test
    void inspect_tellsTheValue() {
        script.play("a open V value i 7 | a created");
        assertThat(script.inspect(script.object("V")).getValue().getValue()).isEqualTo(Texts.integer(7));
        assertThat(script.inspect(script.object("V")).getParameters().getValue().hasInitial())
                .isFalse();
    }

    @Test
    void get_ofNoCell_isRefused() {
        script.play("a open L lock | a created");
        assertThat(ask(script.object("L")).getRefused().getCode()).isEqualTo(RefusalCode.OBJECT_MISMATCH);
        assertThat(ask(new ObjectId(99)).getRefused().getCode()).isEqualTo(RefusalCode.NO_SUCH_OBJECT);
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        script.play("a open V value i 7 | a created");
        SessionId a = script.session("a");
        Outcome outcome = script.call(
                a,
                Command.newBuilder()
                        .setValue(ValueCommand.newBuilder()
                                .setObject(script.object("V").value())));
        assertThat(outcome.getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void commandToAnotherObject_isRefused() {
        script.play("""
                a open L lock          | a created
                a value.set L 1        | a OBJECT_MISMATCH
                a value.set 99999 1    | a NO_SUCH_OBJECT
                a delete L             | a true
                a value.set L 1        | a OBJECT_DELETED
                """);
    }

    private String get() {
        return Texts.tell(ask(script.object("V")).getValue().getValue());
    }

    private io.holdfast.protocol.v1.Answer ask(ObjectId cell) {
        return script.ask(Query.newBuilder()
                .setValue(ValueQuery.newBuilder().setObject(cell.value()).setGet(ValueGet.getDefaultInstance())));
    }
}
