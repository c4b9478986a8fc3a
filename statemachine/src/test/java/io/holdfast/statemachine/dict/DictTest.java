// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictContainsKey;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictGet;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.DictSize;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DictTest {
    private final Script script = new Script();

    @BeforeEach
    void openDict() {
        script.play("a open D dict | a created");
    }

    @Test
    void writes_followTheTable() {
        script.play("""
                a dict.put D 'k' 1             | a done
                a dict.put D 'k' 2             | a done 1
                a dict.put D 'n' null          | a done
                a dict.putIfAbsent D 'k' 3     | a not 2
                // a null is a value that is there
                a dict.putIfAbsent D 'n' 3     | a not null
                a dict.putIfAbsent D 'new' 3   | a done
                a dict.replace D 'none' 3      | a not
                a dict.replace D 'k' 4         | a done 2
                a dict.replace D 'k' 2 5       | a not 4
                a dict.replace D 'k' 4 5       | a done 4
                a dict.replace D 'n' null 6    | a done null
                a dict.remove D 'none'         | a not
                a dict.remove D 'none' 1       | a not
                a dict.remove D 'k' 1          | a not 5
                a dict.remove D 'k' 5          | a done 5
                a dict.remove D 'k'            | a not
                a dict.remove D 'n'            | a done 6
                """);
        assertThat(items()).isEqualTo("'new'=3");
    }

    @Test
    void order_isThatOfInsertion_keptByOverwriting_lostByRemoving() {
        script.play("""
                a dict.put D 'c' 1             | a done
                a dict.put D 'a' 2             | a done
                a dict.put D 'b' 3             | a done
                a dict.put D 'a' 4             | a done 2
                a dict.replace D 'c' 5         | a done 1
                """);
        assertThat(items()).isEqualTo("'c'=5 'a'=4 'b'=3");
        script.play("""
                a dict.remove D 'c'            | a done 5
                a dict.putIfAbsent D 'c' 6     | a done
                """);
        assertThat(items()).isEqualTo("'a'=4 'b'=3 'c'=6");
    }

    @Test
    void keys_areEqualByContentAndType() {
        script.play("""
                a dict.put D 1 'integer'       | a done
                a dict.put D 1.0 'real'        | a done
                a dict.put D true 'boolean'    | a done
                a dict.put D '1' 'text'        | a done
                a dict.put D 0x31 'bytes'      | a done
                a dict.put D null 'null'       | a done
                a dict.put D 0.0 'zero'        | a done
                a dict.put D -0.0 'minus'      | a done
                a dict.put D [1,2] 'list'      | a done
                a dict.put D [2,1] 'tsil'      | a done
                a dict.put D 99999999999999999999 'big' | a done
                // maps are equal whatever the order of their entries, at any depth
                a dict.put D {'x':1,'y':2} 'map'        | a done
                a dict.put D {'y':2,'x':1} 'pam'        | a done 'map'
                a dict.put D [{'x':1,'y':2}] 'deep'     | a done
                a dict.put D [{'y':2,'x':1}] 'peed'     | a done 'deep'
                """);
        assertThat(size()).isEqualTo(13);
        assertThat(get("1")).isEqualTo("'integer'");
        assertThat(get("1.0")).isEqualTo("'real'");
        assertThat(get("{'y':2,'x':1}")).isEqualTo("'pam'");
        assertThat(items()).contains("{'x':1,'y':2}='pam'");
    }

    @Test
    void keys_thatAreNone_areRefusedEverywhere() {
        for (String key : List.of(
                "?",
                "nan",
                "@D",
                "codec!x",
                "[1,nan]",
                "[[@D]]",
                "{'k':@D}",
                "{'k':codec!x}",
                "{@D:1}",
                "{'k':1,'k':2}",
                "[?]",
                "big0x",
                "big0x01",
                "big0x0000ffffffffffffffffff")) {
            script.play("a dict.put D " + key + " 1 | a INVALID_ARGUMENT");
            script.play("a dict.putIfAbsent D " + key + " 1 | a INVALID_ARGUMENT");
            script.play("a dict.remove D " + key + " | a INVALID_ARGUMENT");
            script.play("a dict.replace D " + key + " 1 | a INVALID_ARGUMENT");
            assertThat(ask(DictQuery.newBuilder().setGet(DictGet.newBuilder().setKey(script.value(key))))
                            .getRefused()
                            .getCode())
                    .isEqualTo(RefusalCode.INVALID_ARGUMENT);
            assertThat(ask(DictQuery.newBuilder()
                                    .setContainsKey(DictContainsKey.newBuilder().setKey(script.value(key))))
                            .getRefused()
                            .getCode())
                    .isEqualTo(RefusalCode.INVALID_ARGUMENT);
        }
        assertThat(size()).isZero();
    }

    @Test
    void values_thatAreMalformed_areRefused() {
        for (String value : List.of("?", "[?]", "{'k':?}", "{nan:1}", "{'k':1,'k':1}", "big0x", "big0x01", "!x")) {
            script.play("a dict.put D 'k' " + value + " | a INVALID_ARGUMENT");
            script.play("a dict.putIfAbsent D 'k' " + value + " | a INVALID_ARGUMENT");
            script.play("a dict.replace D 'k' " + value + " | a INVALID_ARGUMENT");
        }
        assertThat(size()).isZero();
    }

    @Test
    void values_comeBackAsTheyWere() {
        for (String value : List.of(
                "null",
                "true",
                "-7",
                "2.5",
                "nan",
                "99999999999999999999",
                "'text'",
                "0x00ff",
                "[1,['x',{}]]",
                "{'b':1,'a':[nan]}",
                "@D",
                "[@D,@D]",
                "codec!payload")) {
            script.play("a dict.remove D 'k' | a not");
            script.play("a dict.put D 'k' " + value + " | a done");
            assertThat(get("'k'"))
                    .isEqualTo(value.replace("@D", "@" + script.object("D").value()));
            // and are equal to themselves; maps in any order
            script.play("a dict.remove D 'k' " + value + " | a done " + value);
        }
        script.play("""
                a dict.put D 'k' {'b':1,'a':2}         | a done
                a dict.replace D 'k' {'a':2,'b':1} 1   | a done {'b':1,'a':2}
                a dict.replace D 'k' 1.0 2             | a not 1
                """);
    }

    @Test
    void key_overTheLimit_isRefused() {
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        int header = 4; // of the value, a case and a length of three bytes
        assertThat(script.call(a, DictWords.put(dict, ofBytes(Limits.KEY_BYTES - header), Texts.integer(1)))
                        .hasDone())
                .isTrue();
        assertThat(script.call(a, DictWords.put(dict, ofBytes(Limits.KEY_BYTES - header + 1), Texts.integer(1)))
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.TOO_LARGE);
    }

    private static Value ofBytes(int bytes) {
        return Value.newBuilder()
                .setBinary(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    @Test
    void clear_removesAllAtOnce_andSweepsTheRowsLittleByLittle() {
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        for (int i = 0; i < 450; i++) {
            script.call(a, DictWords.put(dict, Texts.integer(i), Texts.integer(i)));
        }
        script.work(1_000);
        script.play("a dict.clear D | a ok");
        assertThat(size()).isZero();
        assertThat(items()).isEmpty();
        assertThat(entryRows() + orderRows()).isBetween(1, 2 * 450 - 1);
        script.play("a dict.put D 7 'new' | a done");
        script.restart();
        script.tick(0);
        script.finish();
        assertThat(entryRows()).isEqualTo(1);
        assertThat(orderRows()).isEqualTo(1);
        assertThat(script.view().scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1)).isEmpty();
        assertThat(items()).isEqualTo("7='new'");
    }

    @Test
    void clear_ofAnEmptyDict_isAcknowledged() {
        script.play("""
                a dict.clear D         | a ok
                a dict.put D 1 1       | a done
                a dict.clear D         | a ok
                a dict.clear D         | a ok
                a dict.putIfAbsent D 1 2 | a done
                """);
        assertThat(items()).isEqualTo("1=2");
    }

    private int orderRows() {
        return script.view()
                .scan(Tables.DICT_ORDER, Tables.DICT_ORDER.key(), Integer.MAX_VALUE)
                .size();
    }

    private int entryRows() {
        return script.view()
                .scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(), Integer.MAX_VALUE)
                .size();
    }

    @Test
    void page_walksInInsertionOrder() {
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        for (int i = 0; i < 250; i++) {
            script.call(a, DictWords.put(dict, Texts.integer(1000 - i), Texts.integer(i)));
        }
        for (int limit : new int[] {1, 7, 100, 249, 250, 251, Limits.PAGE_ROWS}) {
            List<Long> seen = new ArrayList<>();
            long after = 0;
            do {
                DictEntries page = page(after, limit).getDict().getEntries();
                assertThat(page.getEntriesCount()).isLessThanOrEqualTo(limit);
                page.getEntriesList().forEach(entry -> seen.add(entry.getValue().getInteger()));
                after = page.getNext();
            } while (after != 0);
            assertThat(seen)
                    .isEqualTo(java.util.stream.LongStream.range(0, 250).boxed().toList());
        }
    }

    @Test
    void page_isWeaklyConsistent() {
        script.play("""
                a dict.put D 1 1       | a done
                a dict.put D 2 2       | a done
                a dict.put D 3 3       | a done
                """);
        DictEntries first = page(0, 1).getDict().getEntries();
        script.play("""
                // gone and come back behind; gone; new
                a dict.remove D 1      | a done 1
                a dict.put D 1 'again' | a done
                a dict.remove D 2      | a done 2
                a dict.put D 4 4       | a done
                """);
        assertThat(tell(page(first.getNext(), 10).getDict().getEntries())).isEqualTo("3=3 1='again' 4=4");
        script.play("""
                a dict.clear D         | a ok
                a dict.put D 5 5       | a done
                """);
        assertThat(tell(page(first.getNext(), 10).getDict().getEntries())).isEqualTo("5=5");
    }

    @Test
    void page_endsWhereItIsLarge() {
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        for (int i = 0; i < 5; i++) {
            script.call(a, DictWords.put(dict, Texts.integer(i), ofBytes(Limits.PAGE_BYTES / 2)));
        }
        DictEntries first = page(0, 10).getDict().getEntries();
        assertThat(first.getEntriesCount()).isEqualTo(2);
        DictEntries second = page(first.getNext(), 10).getDict().getEntries();
        assertThat(second.getEntriesCount()).isEqualTo(2);
        DictEntries third = page(second.getNext(), 10).getDict().getEntries();
        assertThat(third.getEntriesCount()).isEqualTo(1);
        assertThat(third.getNext()).isZero();
    }

    @Test
    void page_outOfBounds_isRefused() {
        for (int limit : new int[] {0, Limits.PAGE_ROWS + 1, -1}) {
            assertThat(page(0, limit).getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void queries_answerFromTheState() {
        script.play("a dict.put D 'k' null | a done");
        assertThat(get("'k'")).isEqualTo("null");
        assertThat(get("'none'")).isEqualTo("-");
        assertThat(ask(DictQuery.newBuilder()
                                .setContainsKey(DictContainsKey.newBuilder().setKey(Texts.text("k"))))
                        .getDict()
                        .getContains())
                .isTrue();
        assertThat(ask(DictQuery.newBuilder()
                                .setContainsKey(DictContainsKey.newBuilder().setKey(Texts.text("none"))))
                        .getDict()
                        .getContains())
                .isFalse();
        assertThat(size()).isEqualTo(1);
        assertThat(script.inspect(script.object("D")).getDict().getSize()).isEqualTo(1);
        assertThat(ask(DictQuery.newBuilder()).getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void commandWithoutOperation_isUnsupported() {
        Outcome outcome = script.call(
                script.session("a"),
                Command.newBuilder()
                        .setDict(DictCommand.newBuilder()
                                .setObject(script.object("D").value())));
        assertThat(outcome.getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void commandToAnotherObject_isRefused() {
        script.play("""
                a open L lock          | a created
                a dict.put L 1 1       | a OBJECT_MISMATCH
                a dict.put 99999 1 1   | a NO_SUCH_OBJECT
                a delete L             | a true
                a dict.put L 1 1       | a OBJECT_DELETED
                """);
        assertThat(script.ask(Query.newBuilder()
                                .setDict(DictQuery.newBuilder()
                                        .setObject(script.object("L").value())
                                        .setSize(DictSize.getDefaultInstance())))
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.OBJECT_DELETED);
    }

    private String get(String key) {
        Answer answer = ask(DictQuery.newBuilder().setGet(DictGet.newBuilder().setKey(Texts.value(key))));
        return answer.getDict().getFound().hasValue()
                ? Texts.tell(answer.getDict().getFound().getValue())
                : "-";
    }

    private long size() {
        return ask(DictQuery.newBuilder().setSize(DictSize.getDefaultInstance()))
                .getDict()
                .getSize();
    }

    private String items() {
        return Items.of(script, "D");
    }

    private String tell(DictEntries entries) {
        return Items.tell(script, entries);
    }

    private Answer page(long after, int limit) {
        return ask(DictQuery.newBuilder()
                .setPage(DictPage.newBuilder().setAfter(after).setLimit(limit)));
    }

    private Answer ask(DictQuery.Builder query) {
        return script.ask(
                Query.newBuilder().setDict(query.setObject(script.object("D").value())));
    }
}
