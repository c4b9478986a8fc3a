// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArrayGet;
import io.holdfast.protocol.v1.ArrayGetRange;
import io.holdfast.protocol.v1.ArrayLength;
import io.holdfast.protocol.v1.ArrayPage;
import io.holdfast.protocol.v1.ArrayQuery;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayTest {
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
                    h          | 32767                   | 32767
                    h          | -32769                  | OUT_OF_RANGE
                    H          | 65535                   | 65535
                    H          | 65536                   | OUT_OF_RANGE
                    i          | -2147483648             | -2147483648
                    i          | 2147483648              | OUT_OF_RANGE
                    I          | 4294967295              | 4294967295
                    I          | 4294967296              | OUT_OF_RANGE
                    l          | -9223372036854775808    | -9223372036854775808
                    l          | 9223372036854775808     | OUT_OF_RANGE
                    L          | 18446744073709551615    | 18446744073709551615
                    L          | -1                      | OUT_OF_RANGE
                    q          | 9223372036854775807     | 9223372036854775807
                    q          | 9223372036854775808     | OUT_OF_RANGE
                    Q          | 18446744073709551615    | 18446744073709551615
                    Q          | 7                       | 7
                    Q          | -1                      | OUT_OF_RANGE
                    f          | 1                       | 1.0
                    f          | 0.1                     | 0.10000000149011612
                    f          | 1e39                    | inf
                    d          | 0.1                     | 0.1
                    d          | nan                     | nan
                    d          | -0.0                    | -0.0
                    d          | 18446744073709551615    | 1.8446744073709552E19
                    u          | 'x'                     | 'x'
                    w          | '😀'                    | '😀'
                    # the wrong type
                    i          | 1.5                     | WRONG_TYPE
                    i          | '1'                     | WRONG_TYPE
                    d          | 'x'                     | WRONG_TYPE
                    u          | 7                       | WRONG_TYPE
                    w          | 1.5                     | WRONG_TYPE
                    """)
    void cell_storesWhatItsTypecodeMakesOfAValue_aloneOrAmongMany(String typecode, String given, String stored) {
        boolean refused = stored.matches("[A-Z_]+");
        script.play("a open A array " + typecode + " 2 | a created");
        String zero = get(0);
        script.play("a array.set A 0 " + given + " | a " + (refused ? stored : "ok"));
        assertThat(get(0)).isEqualTo(refused ? zero : stored);

        String many = given.startsWith("'") ? given + "" : "[" + given + "]";
        script.play("a array.range A 1:2 " + many + " | a " + (refused ? stored : "ok"));
        assertThat(get(1)).isEqualTo(refused ? zero : stored);
        assertThat(range("0:2")).isEqualTo(refused ? zero + "," + zero : stored + "," + stored);

        script.play("a open B array " + typecode + " 0 " + many + " | a " + (refused ? stored : "created"));
    }

    @Test
    void cells_beginAsZeros() {
        script.play("""
                a open I array q 3     | a created
                a open D array d 2     | a created
                a open U array u 2     | a created
                a open E array i 0     | a created
                """);
        assertThat(range("I", ":")).isEqualTo("0,0,0");
        assertThat(range("D", ":")).isEqualTo("0.0,0.0");
        assertThat(range("U", ":")).isEqualTo("'\0','\0'");
        assertThat(range("E", ":")).isEmpty();
    }

    @Test
    void index_isPythons() {
        script.play("""
                a open A array i 0 [10,11,12] | a created
                a array.getSet A -1 13 | a 12
                a array.getSet A -3 9  | a 10
                a array.getSet A 3 1   | a OUT_OF_BOUNDS
                a array.getSet A -4 1  | a OUT_OF_BOUNDS
                a array.set A 3 1      | a OUT_OF_BOUNDS
                a array.cas A 3 1 1    | a OUT_OF_BOUNDS
                a array.getAdd A 3 1   | a OUT_OF_BOUNDS
                a array.addGet A 9223372036854775807 1   | a OUT_OF_BOUNDS
                a array.addGet A -9223372036854775808 1  | a OUT_OF_BOUNDS
                // before what is wrong with the value
                a array.set A 3 'x'    | a OUT_OF_BOUNDS
                a array.set A 3 ?      | a OUT_OF_BOUNDS
                a array.set A 0 ?      | a INVALID_ARGUMENT
                a open E array i 0     | a created
                a array.set E 0 1      | a OUT_OF_BOUNDS
                a array.set E -1 1     | a OUT_OF_BOUNDS
                """);
        assertThat(range(":")).isEqualTo("9,11,13");
        assertThat(ask(get("A", 3)).getRefused().getCode()).isEqualTo(RefusalCode.OUT_OF_BOUNDS);
        assertThat(ask(get("A", -4)).getRefused().getCode()).isEqualTo(RefusalCode.OUT_OF_BOUNDS);
        assertThat(get(-1)).isEqualTo("13");
    }

    @ParameterizedTest(name = "[{0}] selects {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # of 0 1 2 3 4
                    :      | 0,1,2,3,4
                    1:3    | 1,2
                    1:     | 1,2,3,4
                    :-1    | 0,1,2,3
                    -2:    | 3,4
                    3:1    | ''
                    5:9    | ''
                    -9:2   | 0,1
                    -9:-6  | ''
                    ::2    | 0,2,4
                    -9::3  | 0,3
                    ::-1   | 4,3,2,1,0
                    3::-2  | 3,1
                    :1:-1  | 4,3,2
                    9:-9:-2 | 4,2,0
                    1:3:-1 | ''
                    ::9223372036854775807  | 0
                    ::-9223372036854775808 | 4
                    9223372036854775807:-9223372036854775808:-1 | 4,3,2,1,0
                    """)
    void slice_isPythons(String slice, String selected) {
        script.play("a open A array i 0 [0,1,2,3,4] | a created");
        assertThat(range(slice)).isEqualTo(selected);

        // and what is written is what is read
        String written = selected.isEmpty() ? "" : selected.replaceAll("\\d", "1$0");
        script.play("a array.range A " + slice + " [" + written + "] | a ok");
        assertThat(range(slice)).isEqualTo(written);
        String all = LongStream.range(0, 5)
                .mapToObj(i -> selected.contains("" + i) ? "1" + i : "" + i)
                .collect(Collectors.joining(","));
        assertThat(range(":")).isEqualTo(all);
    }

    @Test
    void range_isWrittenWhole_orNotAtAll() {
        script.play("""
                a open A array b 0 [0,1,2,3,4] | a created
                // an array keeps its length: Python's would shrink
                a array.range A 0:2 [9]        | a INVALID_ARGUMENT
                a array.range A 0:2 [9,9,9]    | a INVALID_ARGUMENT
                a array.range A 5: [9]         | a INVALID_ARGUMENT
                a array.range A ::0 []         | a INVALID_ARGUMENT
                a array.range A 0:1 ?          | a INVALID_ARGUMENT
                a array.range A 0:0 ?          | a INVALID_ARGUMENT
                a array.range A 0:3 [7,7,128]  | a OUT_OF_RANGE
                a array.range A 0:3 [7,7,-129] | a OUT_OF_RANGE
                a array.range A 0:2 [7,18446744073709551615] | a OUT_OF_RANGE
                a array.range A 0:2 [1.0,2.0]  | a WRONG_TYPE
                a array.range A 0:2 'xy'       | a WRONG_TYPE
                // malformed comes first
                a array.range A 0:2 'x'        | a INVALID_ARGUMENT
                a array.range A 0:0 []         | a ok
                a array.range A 3:1 []         | a ok
                """);
        assertThat(range(":")).isEqualTo("0,1,2,3,4");
    }

    @Test
    void arithmetic_followsTheTable() {
        script.play("""
                a open A array b 2         | a created
                a array.addGet A 1 100     | a 100
                a array.getAdd A 1 27      | a 100
                a array.addGet A 1 1       | a OUT_OF_RANGE
                a array.getAdd A 1 -256    | a OUT_OF_RANGE
                a array.addGet A 1 -255    | a -128
                a array.addGet A 1 1.0     | a WRONG_TYPE
                a array.cas A 1 0 5        | a false
                a array.cas A 1 -128 5     | a true
                a array.cas A 1 5 128      | a OUT_OF_RANGE
                a array.cas A 1 128 5      | a OUT_OF_RANGE
                a array.getSet A 1 6       | a 5
                a array.getSet A 0 0       | a 0
                a open Q array Q 1         | a created
                a array.addGet Q 0 18446744073709551615 | a 18446744073709551615
                a array.addGet Q 0 1       | a OUT_OF_RANGE
                a array.cas Q 0 18446744073709551615 1  | a true
                a open D array d 1         | a created
                a array.cas D 0 -0.0 1     | a false
                a array.cas D 0 0 nan      | a true
                a array.cas D 0 nan 0.5    | a true
                a array.getAdd D 0 1       | a 0.5
                a open F array f 1         | a created
                a array.addGet F 0 1e39    | a inf
                a open U array u 0 'ab'    | a created
                a array.addGet U 0 1       | a WRONG_TYPE
                a array.cas U 0 'a' 'xy'   | a WRONG_TYPE
                a array.cas U 0 'a' 'x'    | a true
                """);
    }

    @Test
    void open_requiresATypecodeALengthAndCellsThatFit() {
        script.play("""
                a open A array zz 1                | a INVALID_ARGUMENT
                a open A array q 2147483648        | a INVALID_ARGUMENT
                a open A array q -1                | a INVALID_ARGUMENT
                a open A array q 2 [1]             | a INVALID_ARGUMENT
                a open A array q 2 ?               | a INVALID_ARGUMENT
                a open A array q 0 ?               | a INVALID_ARGUMENT
                a open A array b 0 [1,128]         | a OUT_OF_RANGE
                a open A array b 0 'x'             | a WRONG_TYPE
                a delete A                         | a false
                a open A array b 0 [1,2]           | a created
                // what it begins with is no parameter that must match, but how many cells are
                a open A array b 2                 | a opened
                a open A array b 2 [3,4]           | a opened
                a open A array b 0 [300,4]         | a opened
                a open A array b 0 [1]             | a OBJECT_MISMATCH
                a open A array b 3                 | a OBJECT_MISMATCH
                a open A array B 2                 | a OBJECT_MISMATCH
                a open A value b 2                 | a OBJECT_MISMATCH
                """);
        assertThat(range(":")).isEqualTo("1,2");
    }

    @Test
    void longestArray_isMadeAtOnce_andTakesNoRoomBeforeItIsWritten() {
        script.play("""
                a open A array q 2147483647        | a created
                a array.addGet A -1 5              | a 5
                a array.addGet A 1000000000 5      | a 5
                """);
        ObjectId array = script.object("A");
        assertThat(script.view().scan(Tables.ARRAY_CHUNKS, Tables.ARRAY_CHUNKS.key(array.value()), 10).stream()
                        .map(row -> row.row().getCellsCount()))
                .containsExactly(1_024, 1_023);
        assertThat(get(2_147_483_646)).isEqualTo("5");
        assertThat(get(0)).isEqualTo("0");
        script.play("a delete A | a true");
        assertThat(script.view().scan(Tables.ARRAY_CHUNKS, Tables.ARRAY_CHUNKS.key(), 1))
                .isEmpty();
    }

    @Test
    void pages_areBounded_andAddUpToTheSlice() {
        int length = 2 * Limits.PAGE_CELLS + 3;
        script.play("a open A array q " + length + " | a created");
        script.play("a array.set A -1 7 | a ok");
        ArrayPage first = page("A", ":", 0);
        assertThat(Packing.count(first.getCells())).isEqualTo(Limits.PAGE_CELLS);
        assertThat(first.getNext()).isEqualTo(Limits.PAGE_CELLS);
        ArrayPage second = page("A", ":", first.getNext());
        assertThat(second.getNext()).isEqualTo(2L * Limits.PAGE_CELLS);
        ArrayPage last = page("A", ":", second.getNext());
        assertThat(last.getCells().getIntegers().getValuesList()).containsExactly(0L, 0L, 7L);
        assertThat(last.getNext()).isZero();
        assertThat(page("A", ":", length).getNext()).isZero();
        assertThat(Packing.count(page("A", ":", -1).getCells())).isZero();
    }

    @Test
    void pageOfASparseSlice_reachesOverABoundedStretch() {
        script.play("a open A array q 2000000000 | a created");
        ArrayPage page = page("A", "::1024", 0);
        assertThat(Packing.count(page.getCells())).isEqualTo(Limits.ARRAY_SPAN / 1_024);
        assertThat(page.getNext()).isEqualTo(Limits.ARRAY_SPAN / 1_024);
        assertThat(Packing.count(page("A", "::-1999999999", 0).getCells())).isEqualTo(1);
    }

    @Test
    void sparseRange_thatReachesTooFar_isRefused() {
        script.play("a open A array q 2000000000 | a created");
        script.play("a array.range A 0:1048576:1048575 [1,2] | a ok");
        script.play("a array.range A 0:1048577:1048576 [1,2] | a TOO_LARGE");
        Refusal refusal = script.applied().completions().get(0).outcome().getRefused();
        assertThat(refusal.getBound()).isEqualTo("array-span");
    }

    @Test
    void malformedQuestions_areRefused() {
        script.play("a open A array i 2 | a created");
        Answer answer = ask(ArrayQuery.newBuilder()
                .setObject(script.object("A").value())
                .setGetRange(ArrayGetRange.newBuilder().setSlice(ArrayWords.slice("::0"))));
        assertThat(answer.getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        assertThat(ask(ArrayQuery.newBuilder().setObject(script.object("A").value()))
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
        assertThat(ask(ArrayQuery.newBuilder().setObject(99)).getRefused().getCode())
                .isEqualTo(RefusalCode.NO_SUCH_OBJECT);
    }

    @Test
    void commandToAnotherObject_isRefused() {
        script.play("""
                a open L lock          | a created
                a array.set L 0 1      | a OBJECT_MISMATCH
                a array.set 99999 0 1  | a NO_SUCH_OBJECT
                a delete L             | a true
                a array.set L 0 1      | a OBJECT_DELETED
                a open A array i 1     | a created
                """);
        Command.Builder nothing = Command.newBuilder()
                .setArray(ArrayCommand.newBuilder().setObject(script.object("A").value()));
        assertThat(script.call(script.session("a"), nothing).getRefused().getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void inspect_tellsTheLengthAndTheFirstCells() {
        script.play("""
                a open A array i 200   | a created
                a array.set A 99 7     | a ok
                """);
        var told = script.inspect(script.object("A"));
        assertThat(told.getArray().getLength()).isEqualTo(200);
        assertThat(told.getArray().getFirst().getIntegers().getValuesList())
                .hasSize(100)
                .endsWith(7L);
        assertThat(told.getParameters().getArray().getLength()).isEqualTo(200);
        assertThat(told.getParameters().getArray().hasInitial()).isFalse();
        assertThat(ask(ArrayQuery.newBuilder()
                                .setObject(script.object("A").value())
                                .setLength(ArrayLength.getDefaultInstance()))
                        .getArray()
                        .getLength())
                .isEqualTo(200);
    }

    @Test
    void cells_outliveARestart() {
        script.play("""
                a open A array Q 1030                  | a created
                a array.range A 1023:1025 U[1,2]       | a ok
                restart                                | -
                a array.getAdd A 1024 1                | a 2
                """);
        assertThat(range("1022:1026")).isEqualTo("0,1,3,0");
    }

    private String get(long index) {
        return Texts.tell(ask(get("A", index)).getArray().getValue());
    }

    private ArrayQuery.Builder get(String array, long index) {
        return ArrayQuery.newBuilder()
                .setObject(script.object(array).value())
                .setGet(ArrayGet.newBuilder().setIndex(index));
    }

    private String range(String slice) {
        return range("A", slice);
    }

    private String range(String array, String slice) {
        return ArrayWords.values(page(array, slice, 0).getCells()).stream()
                .map(Texts::tell)
                .collect(Collectors.joining(","));
    }

    private ArrayPage page(String array, String text, long skip) {
        Slice slice = ArrayWords.slice(text);
        return ask(ArrayQuery.newBuilder()
                        .setObject(script.object(array).value())
                        .setGetRange(ArrayGetRange.newBuilder().setSlice(slice).setSkip(skip)))
                .getArray()
                .getPage();
    }

    private Answer ask(ArrayQuery.Builder query) {
        return script.ask(Query.newBuilder().setArray(query));
    }
}
