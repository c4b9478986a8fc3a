// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.DictGet;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protobuf's parsers do not read what is nested too deep: what is accepted must come back from the store. */
class NestingTest {
    private final Script script = new Script();

    @BeforeEach
    void openDict() {
        script.play("a open D dict | a created");
    }

    @Test
    void value_nestedToTheLimit_canBeReadFromTheStore() {
        Value lists = nested(
                Limits.VALUE_DEPTH,
                inner -> Texts.value("[1]").toBuilder()
                        .setList(Texts.value("[1]").getList().toBuilder().setElements(0, inner))
                        .build());
        Value maps = nested(Limits.VALUE_DEPTH, NestingTest::inMap);
        Value keys = nested(Limits.VALUE_DEPTH, inner -> {
            Value.Builder map = Texts.value("{1:1}").toBuilder();
            map.getMapBuilder().getEntriesBuilder(0).setKey(inner);
            return map.build();
        });
        SessionId a = script.session("a");
        ObjectId dict = script.object("D");
        for (Value value : List.of(lists, maps, keys)) {
            assertThat(script.call(a, DictWords.put(dict, Texts.text("k"), value))
                            .hasDone())
                    .isTrue();
            script.restart();
            assertThat(script.resend(a, lastSequence(a)).completions()).hasSize(1);
            assertThat(script.ask(Query.newBuilder()
                                    .setDict(DictQuery.newBuilder()
                                            .setObject(dict.value())
                                            .setGet(DictGet.newBuilder().setKey(Texts.text("k")))))
                            .getDict()
                            .getFound()
                            .getValue())
                    .isEqualTo(value);
            Value deeper = Value.newBuilder()
                    .setList(ListValue.newBuilder().addElements(value))
                    .build();
            assertThat(script.call(a, DictWords.put(dict, Texts.text("k"), deeper))
                            .getRefused()
                            .getCode())
                    .isEqualTo(RefusalCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void value_nestedToTheLimit_canBeReadFromTheDeepestFrame() throws InvalidProtocolBufferException {
        ServerFrame.Builder frame = ServerFrame.newBuilder();
        frame.getResultsBuilder()
                .addResultsBuilder()
                .getAnswerBuilder()
                .getDictBuilder()
                .getEntriesBuilder()
                .addEntriesBuilder()
                .setKey(Texts.text("k"))
                .setValue(nested(Limits.VALUE_DEPTH, NestingTest::inMap));
        assertThat(ServerFrame.parseFrom(frame.build().toByteArray())).isEqualTo(frame.build());
    }

    private static Value inMap(Value inner) {
        Value.Builder map = Texts.value("{1:1}").toBuilder();
        map.getMapBuilder().getEntriesBuilder(0).setValue(inner);
        return map.build();
    }

    private long lastSequence(SessionId session) {
        return script.view()
                .require(Tables.SESSIONS, Tables.SESSIONS.key(session.value()))
                .getLastSequence();
    }

    private static Value nested(int depth, UnaryOperator<Value> around) {
        Value value = Texts.integer(1);
        for (int i = 1; i < depth; i++) {
            value = around.apply(value);
        }
        return value;
    }
}
