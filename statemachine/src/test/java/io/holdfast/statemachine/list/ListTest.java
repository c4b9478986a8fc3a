// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ListAnswer;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListCount;
import io.holdfast.protocol.v1.ListFind;
import io.holdfast.protocol.v1.ListGet;
import io.holdfast.protocol.v1.ListPage;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.ListSize;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Python 3.13's list does, was seen there. */
class ListTest {
    private final Script script = new Script();

    @BeforeEach
    void openList() {
        script.play("a open L list | a created");
    }

    @Test
    void index_mayCountFromTheEnd_andMustBeThere() {
        script.play("""
                a list.extend L 10 20 30       | a done
                a list.set L 0 11              | a done 10
                a list.set L -1 33             | a done 30
                a list.set L 3 0               | a OUT_OF_BOUNDS
                a list.set L -4 0              | a OUT_OF_BOUNDS
                a list.set L -9223372036854775808 0 | a OUT_OF_BOUNDS
                a list.pop L 50                | a OUT_OF_BOUNDS
                a list.pop L -4                | a OUT_OF_BOUNDS
                """);
        assertThat(elements()).isEqualTo("[11,20,33]");
        assertThat(get(1)).isEqualTo("20");
        assertThat(get(-1)).isEqualTo("33");
        assertThat(get(5)).isEqualTo("OUT_OF_BOUNDS");
        assertThat(get(-4)).isEqualTo("OUT_OF_BOUNDS");
    }

    @Test
    void pop_takesTheLast_orTheOneOfTheIndex() {
        script.play("""
                a list.pop L                   | a OUT_OF_BOUNDS
                a list.pop L 0                 | a OUT_OF_BOUNDS
                a list.extend L 1 2 3 4        | a done
                a list.pop L                   | a done 4
                a list.pop L 0                 | a done 1
                a list.pop L -2                | a done 2
                a list.pop L -1                | a done 3
                a list.pop L                   | a OUT_OF_BOUNDS
                """);
    }

    @Test
    void insert_clampsToTheEnds_unlessItIsExact() {
        script.play("""
                a list.insert L 100 'b'        | a done
                a list.insert L -100 'a'       | a done
                a list.insert L 100 'd'        | a done
                a list.insert L -1 'c1' 'c2'   | a done
                a list.add L 5 'e'             | a done
                a list.add L 0 '0'             | a done
                a list.add L 8 'x'             | a OUT_OF_BOUNDS
                a list.add L -8 'x'            | a OUT_OF_BOUNDS
                a list.insert L 0              | a INVALID_ARGUMENT
                """);
        assertThat(elements()).isEqualTo("['0','a','b','c1','c2','d','e']");
    }

    @Test
    void compareAndSet_looksAtWhatIsThere() {
        script.play("""
                a list.extend L {'a':1,'b':2} 5 null   | a done
                a list.set L 1 6 4                     | a not 5
                a list.set L 1 6 5                     | a done 5
                a list.set L 2 7 6                     | a not null
                a list.set L 2 7 null                  | a done null
                // Maps are equal whatever the order of their entries.
                a list.pop L 0 {'b':2,'a':2}           | a not {'a':1,'b':2}
                a list.pop L 0 {'b':2,'a':1}           | a done {'a':1,'b':2}
                a list.set L 9 7 6                     | a OUT_OF_BOUNDS
                """);
        assertThat(elements()).isEqualTo("[6,7]");
    }

    @Test
    void remove_takesTheFirstEqualOne_ofItsOwnType() {
        script.play("""
                a list.extend L 1 1.0 true '1' 1 null  | a done
                a list.remove L 1                      | a done
                a list.remove L '1'                    | a done
                a list.remove L 2                      | a not
                a list.remove L null                   | a done
                a list.remove L null                   | a not
                a list.remove L ?                      | a INVALID_ARGUMENT
                """);
        assertThat(elements()).isEqualTo("[1.0,true,1]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "1:3 ; [1,2]",
                ": ; [0,1,2,3,4]",
                "-2: ; [3,4]",
                ":-2 ; [0,1,2]",
                "2:1 ; []",
                "-100:100 ; [0,1,2,3,4]",
                "::2 ; [0,2,4]",
                "1::3 ; [1,4]",
                "::-1 ; [4,3,2,1,0]",
                "3:0:-2 ; [3,1]",
                "-1:-4:-1 ; [4,3,2]",
                "0:5:-1 ; []",
                "100::-100 ; [4]",
                "::-9223372036854775808 ; [4]",
                "::9223372036854775807 ; [0]"
            })
    void slice_selectsAsPythonDoes(String slice, String expected) {
        script.play("a list.extend L 0 1 2 3 4 | a done");
        assertThat(elements(slice)).isEqualTo(expected);
        assertThat(page(slice, 0, 10).getList().getElements().getTotal())
                .isEqualTo(expected.equals("[]") ? 0 : expected.split(",").length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "1:2 ; 7 8 9 ; [0,7,8,9,2,3,4]",
                "1:4 ; 7 ; [0,7,4]",
                "3:1 ; 7 ; [0,1,2,7,3,4]",
                "9: ; 7 ; [0,1,2,3,4,7]",
                "1:4 ;  ; [0,4]",
                ": ; 7 ; [7]",
                "::2 ; 7 8 9 ; [7,1,8,3,9]",
                "::-1 ; 5 6 7 8 9 ; [9,8,7,6,5]",
                "3:0:-2 ; 7 8 ; [0,8,2,7,4]",
                "0:0:2 ;  ; [0,1,2,3,4]"
            })
    void slice_isReplacedAsPythonDoes(String slice, String values, String expected) {
        script.play("a list.extend L 0 1 2 3 4 | a done");
        script.play("a list.put L " + slice + " " + (values == null ? "" : values) + " | a done");
        assertThat(elements()).isEqualTo(expected);
    }

    @Test
    void extendedSlice_isReplacedByAsManyOnly_andHasAStep() {
        script.play("""
                a list.extend L 0 1 2 3 4 5    | a done
                a list.put L ::2 1             | a INVALID_ARGUMENT
                a list.put L ::-1 1 2          | a INVALID_ARGUMENT
                a list.put L 0:0:2 1           | a INVALID_ARGUMENT
                a list.put L ::0 1             | a INVALID_ARGUMENT
                a list.delete L ::0            | a INVALID_ARGUMENT
                """);
        assertThat(elements()).isEqualTo("[0,1,2,3,4,5]");
        assertThat(elements("::0")).isEqualTo("INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "1:3 ; [0,3,4] ; done",
                ": ; [] ; done",
                "::2 ; [1,3] ; done",
                "::-2 ; [1,3] ; done",
                "3:0:-2 ; [0,2,4] ; done",
                "4:1 ; [0,1,2,3,4] ; not",
                "-1: ; [0,1,2,3] ; done"
            })
    void slice_isDeletedAsPythonDoes(String slice, String expected, String told) {
        script.play("a list.extend L 0 1 2 3 4 | a done");
        script.play("a list.delete L " + slice + " | a " + told);
        assertThat(elements()).isEqualTo(expected);
    }

    @Test
    void repeat_isPythonsStarEquals() {
        script.play("""
                a list.repeat L 5              | a done
                a list.extend L 1 2            | a done
                a list.repeat L 1              | a done
                a list.repeat L 3              | a done
                """);
        assertThat(elements()).isEqualTo("[1,2,1,2,1,2]");
        script.play("a list.repeat L 0 | a done");
        assertThat(elements()).isEqualTo("[]");
        script.play("""
                a list.extend L 1              | a done
                a list.repeat L -1             | a done
                """);
        assertThat(elements()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "3 1 2 -5 ; [-5,1,2,3]",
                "1 100000000000000000000 -100000000000000000000 -1 ; [-100000000000000000000,-1,1,100000000000000000000]",
                "0.0 nan -0.0 inf -inf 1.5 ; [-inf,-0.0,0.0,1.5,inf,nan]",
                "'b' 'a' '' 'B' 'é' 'ab' ; ['','B','a','ab','b','é']",
                "0xff 0x00 0x 0x7f00 0x7f ; [0x,0x00,0x7f,0x7f00,0xff]",
                "true false true ; [false,true,true]"
            })
    void sort_isInNaturalOrder(String values, String expected) {
        script.play("a list.extend L " + values + " | a done");
        script.play("a list.sort L | a done");
        assertThat(elements()).isEqualTo(expected);
        script.play("a list.sort L desc | a done");
        script.play("a list.reverse L | a done");
        assertThat(elements()).isEqualTo(expected);
    }

    @Test
    void sort_byCodePoints_notByHalvesOfThem() {
        script.play("""
                a list.extend L '\uD83D\uDE00' '\uFF5E'    | a done
                a list.sort L                              | a done
                """);
        assertThat(elements()).isEqualTo("['\uFF5E','\uD83D\uDE00']");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {"1 'a'", "1 1.0", "null null", "1 null", "[2] [1]", "true 1", "'a' 0x00"})
    void sort_ofWhatHasNoOrder_changesNothing(String values) {
        script.play("a list.extend L 9 " + values + " | a done");
        String before = elements();
        script.play("a list.sort L | a WRONG_TYPE");
        assertThat(elements()).isEqualTo(before);
    }

    @Test
    void sort_ofOneElement_comparesNothing() {
        script.play("""
                a list.sort L                  | a done
                a list.extend L null           | a done
                a list.sort L                  | a done
                """);
    }

    @Test
    void arrange_takesAPermutationOnly() {
        script.play("""
                a list.extend L 'a' 'b' 'c'    | a done
                a list.arrange L 2,0,1         | a done
                a list.arrange L 0,1           | a INVALID_ARGUMENT
                a list.arrange L 0,1,1         | a INVALID_ARGUMENT
                a list.arrange L 0,1,3         | a INVALID_ARGUMENT
                a list.arrange L 0,1,-1        | a INVALID_ARGUMENT
                """);
        assertThat(elements()).isEqualTo("['c','a','b']");
    }

    @Test
    void keep_removesTheOthers() {
        script.play("""
                a list.extend L 0 1 2 3 4 5 6 7 8 9    | a done
                a list.keep L 1,1,1                    | a INVALID_ARGUMENT
                a list.keep L 1,1,1,1,1,1,1,1,1,1      | a not
                a list.keep L 1,0,1,0,1,0,1,0,0,1      | a done
                """);
        assertThat(elements()).isEqualTo("[0,2,4,6,9]");
        script.play("a list.keep L 0,0,0,0,0 | a done");
        assertThat(elements()).isEqualTo("[]");
        assertThat(script.view().scan(Tables.LIST_NODES, Tables.LIST_NODES.key(), 1))
                .isEmpty();
    }

    @Test
    void version_growsWithEveryChange_andGuardsCommands() {
        script.play("a list.extend L 1 2 3 | a done");
        long version = extent().getVersion();
        Outcome stale = script.call(
                script.session("a"),
                ListWords.of(script.object("L"), ListWords.reverse().setIfVersion(version - 1)));
        assertThat(stale.getDone().getList().getDone()).isFalse();
        assertThat(stale.getDone().getList().getVersion()).isEqualTo(version);
        assertThat(elements()).isEqualTo("[1,2,3]");
        Outcome fresh = script.call(
                script.session("a"),
                ListWords.of(script.object("L"), ListWords.reverse().setIfVersion(version)));
        assertThat(fresh.getDone().getList().getDone()).isTrue();
        assertThat(fresh.getDone().getList().getVersion())
                .isGreaterThan(version)
                .isEqualTo(extent().getVersion());
        assertThat(elements()).isEqualTo("[3,2,1]");
    }

    @Test
    void commandsThatChangeNothing_leaveTheVersion() {
        script.play("a list.extend L 1 | a done");
        long version = extent().getVersion();
        script.play("""
                a list.extend L                | a done
                a list.remove L 9              | a not
                a list.pop L 7                 | a OUT_OF_BOUNDS
                a list.delete L 1:             | a not
                a list.repeat L 1              | a done
                a list.reverse L               | a done
                """);
        assertThat(extent().getVersion()).isEqualTo(version);
    }

    @Test
    void clear_leavesNothingOfManyElements_andNewOnesApart() {
        extend(IntStream.range(0, 5_000).mapToObj(Texts::integer).toList());
        script.play("""
                a list.clear L                 | a done
                a list.extend L 'new'          | a done
                """);
        assertThat(elements()).isEqualTo("['new']");
        for (int i = 0; i < 10; i++) {
            script.tick(1);
        }
        assertThat(script.view().scan(Tables.LIST_NODES, Tables.LIST_NODES.key(), 10))
                .hasSize(1);
        assertThat(script.view().scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1)).isEmpty();
    }

    @Test
    void values_mustBeWellFormed_andReferToWhatIsThere() {
        script.play("""
                a list.extend L 1 ?            | a INVALID_ARGUMENT
                a list.insert L 0 big0x01      | a INVALID_ARGUMENT
                a list.set L 0 ?               | a INVALID_ARGUMENT
                a list.put L : !x              | a INVALID_ARGUMENT
                a open K list                  | a created
                a delete K                     | a true
                a list.extend L 1 @K           | a OBJECT_DELETED
                a list.set L 9 @K              | a OBJECT_DELETED
                """);
        assertThat(elements()).isEqualTo("[]");
    }

    @Test
    void commandToAnotherObject_isRefused() {
        script.play("""
                a open K lock                  | a created
                a list.extend K 1              | a OBJECT_MISMATCH
                a list.extend 99999 1          | a NO_SUCH_OBJECT
                a delete K                     | a true
                a list.extend K 1              | a OBJECT_DELETED
                """);
        Outcome empty = script.call(script.session("a"), ListWords.of(script.object("L"), ListCommand.newBuilder()));
        assertThat(empty.getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
        assertThat(ask(ListQuery.newBuilder()).getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void whatIsTooMuchForOneCommand_isRefused_andTheRestStillWorks() {
        extend(Collections.nCopies(10_000, Texts.integer(1)));
        script.play("a list.repeat L 101 | a TOO_LARGE");
        script.play("a list.repeat L 9223372036854775807 | a TOO_LARGE");
        inPieces("a list.repeat L 100", "a done");
        assertThat(extent().getSize()).isEqualTo(Limits.LIST_REARRANGED);
        script.play("a list.extend L 2 | a done");
        for (String command :
                List.of("reverse L", "sort L", "arrange L 1,0", "keep L 1", "remove L 9", "delete L ::2")) {
            script.play("a list." + command + " | a TOO_LARGE");
        }
        inPieces("a list.delete L 1:1000000", "a done");
        script.play("a list.sort L | a done");
        assertThat(elements()).isEqualTo("[1,2]");
    }

    @Test
    void bytesThatAreTooManyForOneCommand_areRefused() {
        Value large = Value.newBuilder()
                .setBinary(com.google.protobuf.ByteString.copyFrom(new byte[1 << 20]))
                .build();
        extend(List.of(large));
        Outcome refused = script.call(script.session("a"), ListWords.of(script.object("L"), ListWords.repeat(100)));
        Refusal refusal = refused.getRefused();
        assertThat(refusal.getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(refusal.getBound()).isEqualTo("list-rearranged-bytes");
        inPieces("a list.repeat L 3", "a done");
        assertThat(script.inspect(script.object("L")).getList().getBytes()).isGreaterThan(3L << 20);
        // A page that has reached its bytes takes no further element.
        assertThat(page(":", 0, 10).getList().getElements().getElementsCount()).isEqualTo(1);
    }

    @Test
    void pages_goOnWhereTheLastEnded() {
        extend(IntStream.range(0, 300).mapToObj(Texts::integer).toList());
        StringBuilder all = new StringBuilder();
        for (int skip = 0; skip < 150; skip += 40) {
            all.append(tell(page("-1::-2", skip, 40).getList())).append(' ');
        }
        assertThat(all.toString()).startsWith("[299,297,").endsWith(",3,1] ");
        assertThat(page(":", 300, 10).getList().getElements().getElementsCount())
                .isZero();
        assertThat(page(":", 0, 0).getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        assertThat(page(":", 0, Limits.PAGE_ROWS + 1).getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
    }

    @Test
    void find_honoursTheRange_asPythonsIndexDoes() {
        script.play("a list.extend L 'a' 'b' 'a' 'c' 'a' | a done");
        assertThat(find("'a'", null, null, false)).isEqualTo("0");
        assertThat(find("'a'", null, null, true)).isEqualTo("4");
        assertThat(find("'a'", 1L, null, false)).isEqualTo("2");
        assertThat(find("'a'", -1L, null, false)).isEqualTo("4");
        assertThat(find("'a'", 1L, 2L, false)).isEqualTo("-");
        assertThat(find("'a'", null, -1L, true)).isEqualTo("2");
        assertThat(find("'a'", 5L, null, false)).isEqualTo("-");
        assertThat(find("'x'", -100L, 100L, false)).isEqualTo("-");
        assertThat(find("1", null, null, true)).isEqualTo("-");
        assertThat(find("?", null, null, true)).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void findAndCount_lookAtAPageOfElements_andSayWhereToGoOn() {
        int size = 25_000;
        for (int i = 0; i < size; i += 5_000) {
            extend(Collections.nCopies(5_000, Texts.integer(i)));
        }
        assertThat(find("-1", null, null, false)).matches("next 100\\d\\d");
        assertThat(find("20000", 20_000L, null, false)).isEqualTo("20000");
        assertThat(find("-1", null, null, true)).matches("next 149\\d\\d");
        assertThat(find("0", null, 5_000L, true)).isEqualTo("4999");
        long counted = 0;
        long next = 0;
        int asked = 0;
        do {
            ListAnswer answer = ask(ListQuery.newBuilder()
                            .setCount(ListCount.newBuilder()
                                    .setValue(Texts.integer(10_000))
                                    .setStart(next)))
                    .getList();
            counted += answer.getCounted().getCount();
            next = answer.getCounted().getNext();
            asked++;
        } while (next > 0);
        assertThat(counted).isEqualTo(5_000);
        assertThat(asked).isEqualTo(3);
    }

    /** The command takes several entries, of which the last tells that. */
    private void inPieces(String command, String told) {
        script.play(command + " | -");
        for (int entries = 0; script.told().equals("-"); entries++) {
            assertThat(entries).as(command).isLessThan(10_000);
            script.tick(0);
        }
        assertThat(script.told()).as(command).isEqualTo(told);
    }

    private void extend(List<Value> values) {
        assertThat(script.call(script.session("a"), ListWords.of(script.object("L"), ListWords.extend(values)))
                        .hasDone())
                .isTrue();
    }

    private io.holdfast.protocol.v1.ListExtent extent() {
        return ask(ListQuery.newBuilder().setSize(ListSize.getDefaultInstance()))
                .getList()
                .getExtent();
    }

    private String get(long index) {
        Answer answer = ask(ListQuery.newBuilder().setGet(ListGet.newBuilder().setIndex(index)));
        return answer.hasRefused()
                ? answer.getRefused().getCode().name()
                : Texts.tell(answer.getList().getValue());
    }

    private String find(String value, Long start, Long stop, boolean backwards) {
        ListFind.Builder find =
                ListFind.newBuilder().setValue(Texts.value(value)).setBackwards(backwards);
        if (start != null) {
            find.setStart(start);
        }
        if (stop != null) {
            find.setStop(stop);
        }
        Answer answer = ask(ListQuery.newBuilder().setFind(find));
        if (answer.hasRefused()) {
            return answer.getRefused().getCode().name();
        }
        var found = answer.getList().getFound();
        return found.hasIndex() ? "" + found.getIndex() : found.hasNext() ? "next " + found.getNext() : "-";
    }

    private String elements() {
        return elements(":");
    }

    private String elements(String slice) {
        Answer answer = page(slice, 0, Limits.PAGE_ROWS);
        return answer.hasRefused() ? answer.getRefused().getCode().name() : tell(answer.getList());
    }

    private static String tell(ListAnswer answer) {
        return answer.getElements().getElementsList().stream()
                .map(Texts::tell)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private Answer page(String slice, long skip, int limit) {
        return ask(ListQuery.newBuilder()
                .setPage(ListPage.newBuilder()
                        .setSlice(ListWords.slice(slice))
                        .setSkip(skip)
                        .setLimit(limit)));
    }

    private Answer ask(ListQuery.Builder query) {
        return script.ask(
                Query.newBuilder().setList(query.setObject(script.object("L").value())));
    }
}
