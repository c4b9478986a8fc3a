// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Requests.integer;
import static io.holdfast.server.fixture.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListExtend;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.NamespaceCommand;
import io.holdfast.protocol.v1.NamespaceSet;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueRemove;
import io.holdfast.protocol.v1.Reference;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferencesTest {
    private static final int MOST = Limits.REFERENCES_PER_COMMAND;

    private final Admission admission = new Admission(Limits.VALUE_BYTES, Optional::empty, bound -> {});

    /** A command that stores these values, each kind's in its own way. */
    private record Storing(String name, Function<List<Value>, Command> command) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Storing> storing() {
        return Stream.of(
                new Storing(
                        "dict.put",
                        values -> dict(DictCommand.newBuilder()
                                .setPut(DictPut.newBuilder().setKey(text("k")).setValue(list(values))))),
                new Storing(
                        "dict.putIfAbsent",
                        values -> dict(DictCommand.newBuilder()
                                .setPutIfAbsent(DictPutIfAbsent.newBuilder()
                                        .setKey(text("k"))
                                        .setValue(list(values))))),
                new Storing(
                        "dict.replace",
                        values -> dict(DictCommand.newBuilder()
                                .setReplace(DictReplace.newBuilder()
                                        .setKey(text("k"))
                                        .setValue(list(values))))),
                new Storing(
                        "dict.update",
                        values -> dict(DictCommand.newBuilder()
                                .setUpdate(DictUpdate.newBuilder().addAllEntries(entriesOfLists(values))))),
                new Storing(
                        "dict.put of a map",
                        values -> dict(DictCommand.newBuilder()
                                .setPut(DictPut.newBuilder().setKey(text("k")).setValue(map(values))))),
                new Storing(
                        "list.set",
                        values -> list(ListCommand.newBuilder()
                                .setSet(ListSet.newBuilder().setValue(list(values))))),
                new Storing(
                        "list.insert",
                        values -> list(ListCommand.newBuilder()
                                .setInsert(ListInsert.newBuilder().addAllValues(values)))),
                new Storing(
                        "list.extend",
                        values -> list(ListCommand.newBuilder()
                                .setExtend(ListExtend.newBuilder().addAllValues(values)))),
                new Storing(
                        "list.setSlice",
                        values -> list(ListCommand.newBuilder()
                                .setSetSlice(ListSetSlice.newBuilder().addAllValues(values)))),
                new Storing(
                        "queue.put",
                        values -> command()
                                .setQueue(QueueCommand.newBuilder()
                                        .setPut(QueuePut.newBuilder().addAllValues(values)))
                                .build()),
                new Storing(
                        "namespace.set",
                        values -> command()
                                .setNamespace(NamespaceCommand.newBuilder()
                                        .setSet(NamespaceSet.newBuilder()
                                                .setName("a")
                                                .setValue(list(values))))
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("storing")
    void references_overTheLimitOfACommand_areRefused(Storing storing) {
        Command most = storing.command().apply(references(MOST));
        assertThat(admission.admit(most)).isSameAs(most);

        Refusal refusal =
                admission.admit(storing.command().apply(references(MOST + 1))).getRefused();

        assertThat(refusal.getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(refusal.getBound()).isEqualTo("references-per-command");
        assertThat(refusal.getDetail()).contains("at most 4096 references");
    }

    @ParameterizedTest
    @MethodSource("storing")
    void otherValues_countNothing(Storing storing) {
        List<Value> values = new ArrayList<>(references(MOST));
        values.addAll(Collections.nCopies(5_000, integer(1)));
        Command command = storing.command().apply(values);

        assertThat(admission.admit(command)).isSameAs(command);
    }

    @Test
    void values_thatAreOnlyCompared_countNothing() {
        Value many = list(references(MOST + 1));
        List<Command> comparing = List.of(
                dict(DictCommand.newBuilder()
                        .setRemove(DictRemove.newBuilder().setKey(text("k")).setExpected(many))),
                command()
                        .setQueue(QueueCommand.newBuilder()
                                .setRemove(QueueRemove.newBuilder().setValue(many)))
                        .build());

        for (Command command : comparing) {
            assertThat(admission.admit(command)).isSameAs(command);
        }
    }

    @Test
    void smallestReferences_areCountedToo() {
        List<Value> smallest = Collections.nCopies(
                MOST + 1,
                Value.newBuilder().setReference(Reference.getDefaultInstance()).build());
        Command command = command()
                .setQueue(QueueCommand.newBuilder().setPut(QueuePut.newBuilder().addAllValues(smallest)))
                .build();

        assertThat(admission.admit(command).getRefused().getBound()).isEqualTo("references-per-command");
    }

    /** Returns entries with three of the values each: an update writes fewer entries than the values may hold references. */
    private static List<MapEntry> entriesOfLists(List<Value> values) {
        List<Value> lists = new ArrayList<>();
        for (int from = 0; from < values.size(); from += 3) {
            lists.add(list(values.subList(from, Math.min(values.size(), from + 3))));
        }
        return entries(lists);
    }

    private static List<Value> references(int count) {
        List<Value> references = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            references.add(Value.newBuilder()
                    .setReference(Reference.newBuilder().setObject(i))
                    .build());
        }
        return references;
    }

    private static Value list(List<Value> values) {
        return Value.newBuilder()
                .setList(ListValue.newBuilder().addAllElements(values))
                .build();
    }

    private static Value map(List<Value> values) {
        return Value.newBuilder()
                .setMap(MapValue.newBuilder().addAllEntries(entries(values)))
                .build();
    }

    private static List<MapEntry> entries(List<Value> values) {
        List<MapEntry> entries = new ArrayList<>();
        for (Value value : values) {
            entries.add(MapEntry.newBuilder()
                    .setKey(integer(entries.size()))
                    .setValue(value)
                    .build());
        }
        return entries;
    }

    private static Command.Builder command() {
        return Command.newBuilder().setSequence(1);
    }

    private static Command dict(DictCommand.Builder dict) {
        return command().setDict(dict.setObject(5)).build();
    }

    private static Command list(ListCommand.Builder list) {
        return command().setList(list.setObject(6)).build();
    }
}
