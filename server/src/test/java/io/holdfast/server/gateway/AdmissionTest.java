// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Requests.acquire;
import static io.holdfast.server.fixture.Requests.add;
import static io.holdfast.server.fixture.Requests.binary;
import static io.holdfast.server.fixture.Requests.integer;
import static io.holdfast.server.fixture.Requests.openDict;
import static io.holdfast.server.fixture.Requests.openValue;
import static io.holdfast.server.fixture.Requests.put;
import static io.holdfast.server.fixture.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ArrayAddAndGet;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArrayCompareAndSet;
import io.holdfast.protocol.v1.ArrayGetAndAdd;
import io.holdfast.protocol.v1.ArrayGetAndSet;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.ArraySet;
import io.holdfast.protocol.v1.ArraySetRange;
import io.holdfast.protocol.v1.Cancel;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DeleteObject;
import io.holdfast.protocol.v1.DictClear;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictPopItem;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Integers;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListExtend;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListPop;
import io.holdfast.protocol.v1.ListRemove;
import io.holdfast.protocol.v1.ListRepeat;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Opaque;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueAddAndGet;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueCompareAndSet;
import io.holdfast.protocol.v1.ValueGetAndAdd;
import io.holdfast.protocol.v1.ValueGetAndSet;
import io.holdfast.protocol.v1.ValueParameters;
import io.holdfast.protocol.v1.ValueSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final int LIMIT = 100;
    private static final long DICT = 5;
    private static final Value SMALL = text("small");
    private static final Value LARGE = binary(new byte[LIMIT + 1]);

    private boolean diskIsLow;
    private final List<String> refusedBounds = new ArrayList<>();
    private final Admission admission =
            new Admission(LIMIT, () -> diskIsLow ? Optional.of("n2") : Optional.empty(), refusedBounds::add);

    @Test
    void value_atTheLimit_isAdmitted() {
        List<Value> atTheLimit = List.of(
                binary(new byte[LIMIT]),
                text("x".repeat(LIMIT)),
                Value.newBuilder()
                        .setOpaque(Opaque.newBuilder().setPayload(ByteString.copyFrom(new byte[LIMIT])))
                        .build());

        for (Value value : atTheLimit) {
            Command command = put(1, DICT, integer(1), value);
            assertThat(admission.admit(command)).isSameAs(command);
        }
    }

    @Test
    void value_overTheLimit_isRefused_inWhateverOperationItComes() {
        List<DictCommand> tooLarge = List.of(
                put(1, DICT, SMALL, LARGE).getDict(),
                dict().setPutIfAbsent(DictPutIfAbsent.newBuilder().setKey(SMALL).setValue(LARGE))
                        .build(),
                dict().setReplace(DictReplace.newBuilder().setKey(SMALL).setValue(LARGE))
                        .build(),
                dict().setReplace(DictReplace.newBuilder()
                                .setKey(SMALL)
                                .setValue(SMALL)
                                .setExpected(LARGE))
                        .build(),
                dict().setRemove(DictRemove.newBuilder().setKey(SMALL).setExpected(LARGE))
                        .build(),
                dict().setUpdate(
                                DictUpdate.newBuilder().addEntries(entry(SMALL)).addEntries(entry(LARGE)))
                        .build());

        for (DictCommand dict : tooLarge) {
            Refusal refusal = refusalOf(command().setDict(dict).build());
            assertThat(refusal.getCode()).isEqualTo(RefusalCode.TOO_LARGE);
            assertThat(refusal.getBound()).isEqualTo("limits.value-bytes");
            assertThat(refusal.getDetail())
                    .isEqualTo("The value has 101 bytes, the limit is 100. Split it, or raise limits.value-bytes on all"
                            + " nodes.");
        }
    }

    @Test
    void value_overTheLimit_isRefused_inWhateverOperationOfAListItComes() {
        Slice all = Slice.getDefaultInstance();
        List<ListCommand.Builder> tooLarge = List.of(
                ListCommand.newBuilder().setSet(ListSet.newBuilder().setValue(LARGE)),
                ListCommand.newBuilder()
                        .setSet(ListSet.newBuilder().setValue(SMALL).setExpected(LARGE)),
                ListCommand.newBuilder()
                        .setInsert(ListInsert.newBuilder().addValues(SMALL).addValues(LARGE)),
                ListCommand.newBuilder().setExtend(ListExtend.newBuilder().addValues(LARGE)),
                ListCommand.newBuilder().setPop(ListPop.newBuilder().setExpected(LARGE)),
                ListCommand.newBuilder().setRemove(ListRemove.newBuilder().setValue(LARGE)),
                ListCommand.newBuilder()
                        .setSetSlice(ListSetSlice.newBuilder().setSlice(all).addValues(LARGE)));

        for (ListCommand.Builder list : tooLarge) {
            assertThat(refusalOf(command().setList(list).build()).getCode())
                    .as("%s", list)
                    .isEqualTo(RefusalCode.TOO_LARGE);
        }
    }

    @Test
    void list_takesSoManyValuesACommand() {
        ListExtend.Builder most = ListExtend.newBuilder().addAllValues(Collections.nCopies(Limits.BULK_VALUES, SMALL));
        Command command =
                command().setList(ListCommand.newBuilder().setExtend(most)).build();
        assertThat(admission.admit(command)).isSameAs(command);

        ListExtend.Builder tooMany = most.addValues(SMALL);
        Refusal refusal = refusalOf(
                command().setList(ListCommand.newBuilder().setExtend(tooMany)).build());
        assertThat(refusal.getBound()).isEqualTo("bulk-values");
    }

    @Test
    void list_whenTheDiskIsLow_growsNoMore_andStillShrinks() {
        diskIsLow = true;
        for (ListCommand.Builder grows : List.of(
                ListCommand.newBuilder().setExtend(ListExtend.newBuilder().addValues(SMALL)),
                ListCommand.newBuilder().setSet(ListSet.newBuilder().setValue(SMALL)),
                ListCommand.newBuilder().setRepeat(ListRepeat.newBuilder().setTimes(2)))) {
            assertThat(refusalOf(command().setList(grows).build()).getBound()).isEqualTo("disk.low");
        }
        Command pop = command()
                .setList(ListCommand.newBuilder().setPop(ListPop.getDefaultInstance()))
                .build();
        assertThat(admission.admit(pop)).isSameAs(pop);
    }

    @Test
    void valueOrCellsOverTheLimit_areRefused_inWhateverCommandTheyCome() {
        Cells cells = Cells.newBuilder()
                .setIntegers(Integers.newBuilder().addAllValues(Collections.nCopies(LIMIT, 1L)))
                .build();
        List<Command.Builder> tooLarge = List.of(
                        value().setSet(ValueSet.newBuilder().setValue(LARGE)),
                        value().setGetAndSet(ValueGetAndSet.newBuilder().setValue(LARGE)),
                        value().setGetAndAdd(ValueGetAndAdd.newBuilder().setDelta(LARGE)),
                        value().setAddAndGet(ValueAddAndGet.newBuilder().setDelta(LARGE)),
                        value().setCompareAndSet(ValueCompareAndSet.newBuilder()
                                .setExpected(LARGE)
                                .setUpdate(SMALL)),
                        value().setCompareAndSet(ValueCompareAndSet.newBuilder()
                                .setExpected(SMALL)
                                .setUpdate(LARGE)))
                .stream()
                .map(value -> command().setValue(value))
                .toList();
        List<Command.Builder> alsoTooLarge = List.of(
                        array().setSet(ArraySet.newBuilder().setValue(LARGE)),
                        array().setGetAndSet(ArrayGetAndSet.newBuilder().setValue(LARGE)),
                        array().setGetAndAdd(ArrayGetAndAdd.newBuilder().setDelta(LARGE)),
                        array().setAddAndGet(ArrayAddAndGet.newBuilder().setDelta(LARGE)),
                        array().setCompareAndSet(ArrayCompareAndSet.newBuilder()
                                .setExpected(LARGE)
                                .setUpdate(SMALL)),
                        array().setCompareAndSet(ArrayCompareAndSet.newBuilder()
                                .setExpected(SMALL)
                                .setUpdate(LARGE)),
                        array().setSetRange(ArraySetRange.newBuilder().setCells(cells)))
                .stream()
                .map(array -> command().setArray(array))
                .toList();
        List<Parameters.Builder> initials = List.of(
                Parameters.newBuilder().setValue(ValueParameters.newBuilder().setInitial(LARGE)),
                Parameters.newBuilder().setArray(ArrayParameters.newBuilder().setInitial(cells)));

        tooLarge.forEach(AdmissionTest.this::isTooLarge);
        alsoTooLarge.forEach(AdmissionTest.this::isTooLarge);
        for (Parameters.Builder initial : initials) {
            isTooLarge(command().setOpen(OpenObject.newBuilder().setParameters(initial)));
            isTooLarge(command().setCreate(CreateObject.newBuilder().setParameters(initial)));
        }
    }

    private void isTooLarge(Command.Builder command) {
        Refusal refusal = refusalOf(command.build());
        assertThat(refusal.getCode()).as("%s", command).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(refusal.getBound()).isEqualTo("limits.value-bytes");
    }

    @Test
    void value_isMeasured_byWhatItCarries() {
        List<Value> tooLarge = List.of(
                text("é".repeat(LIMIT / 2 + 1)),
                Value.newBuilder()
                        .setOpaque(Opaque.newBuilder().setPayload(LARGE.getBinary()))
                        .build(),
                Value.newBuilder().setBigInteger(LARGE.getBinary()).build(),
                Value.newBuilder()
                        .setList(ListValue.newBuilder().addElements(LARGE))
                        .build());

        for (Value value : tooLarge) {
            assertThat(refusalOf(put(1, DICT, SMALL, value)).getCode())
                    .as("%s", value)
                    .isEqualTo(RefusalCode.TOO_LARGE);
        }
    }

    @Test
    void attribute_isMeasuredToo_andMakesTheStateGrow() {
        Command.Builder set = command();
        set.getNamespaceBuilder().getSetBuilder().setName("x").setValue(LARGE);
        assertThat(refusalOf(set.build()).getBound()).isEqualTo("limits.value-bytes");
        diskIsLow = true;
        set.getNamespaceBuilder().getSetBuilder().setValue(SMALL);
        assertThat(refusalOf(set.build()).getBound()).isEqualTo("disk.low");
        set.getNamespaceBuilder().getDeleteBuilder().setName("x");
        Command delete = set.build();
        assertThat(admission.admit(delete)).isSameAs(delete);
    }

    @Test
    void values_overTheLimitOfACommand_areRefused() {
        DictUpdate most = DictUpdate.newBuilder()
                .addAllEntries(Collections.nCopies(Limits.UPDATE_ENTRIES, entry(SMALL)))
                .build();
        Command admitted = dict(dict().setUpdate(most));
        assertThat(admission.admit(admitted)).isSameAs(admitted);

        Refusal refusal = refusalOf(dict(dict().setUpdate(most.toBuilder().addEntries(entry(SMALL)))));
        assertThat(refusal.getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(refusal.getBound()).isEqualTo("update-entries");
    }

    @Test
    void acknowledgements_overTheLimitOfACommand_areRefused() {
        Command.Builder most =
                command().setDict(dict().setUpdate(DictUpdate.newBuilder().addEntries(entry(SMALL))));
        LongStream.rangeClosed(1, Limits.ACKNOWLEDGED_PER_COMMAND).forEach(most::addAcknowledged);
        Command admitted = most.build();
        assertThat(admission.admit(admitted)).isSameAs(admitted);

        Refusal refusal = refusalOf(most.addAcknowledged(Long.MAX_VALUE).build());
        assertThat(refusal.getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(refusal.getBound()).isEqualTo("acknowledged-per-command");
    }

    @Test
    void itemsOfAQueue_areMeasuredAndCounted_andMakeTheStateGrow() {
        QueuePut most = QueuePut.newBuilder()
                .addAllValues(Collections.nCopies(Limits.BULK_VALUES, SMALL))
                .build();
        QueueCommand put = QueueCommand.newBuilder().setPut(most).build();
        assertThat(admission.admit(queue(put)).hasQueue()).isTrue();

        QueueCommand tooMany = QueueCommand.newBuilder()
                .setPut(most.toBuilder().addValues(SMALL))
                .build();
        assertThat(refusalOf(queue(tooMany)).getBound()).isEqualTo("bulk-values");
        QueueCommand tooLarge = QueueCommand.newBuilder()
                .setPut(QueuePut.newBuilder().addValues(SMALL).addValues(LARGE))
                .build();
        assertThat(refusalOf(queue(tooLarge)).getBound()).isEqualTo("limits.value-bytes");

        diskIsLow = true;
        assertThat(refusalOf(queue(put)).getBound()).isEqualTo("disk.low");
        QueueCommand get = QueueCommand.newBuilder()
                .setGet(QueueGet.newBuilder().setMax(1))
                .build();
        assertThat(admission.admit(queue(get)).hasQueue()).isTrue();
    }

    private static Command queue(QueueCommand command) {
        return command().setQueue(command).build();
    }

    @Test
    void refusal_takesTheOperationsPlace_andKeepsWhatTheSessionNeeds() {
        Command command = put(8, DICT, SMALL, LARGE).toBuilder()
                .addAcknowledged(6)
                .addGuards(Guard.newBuilder().setLock(1).setToken(2))
                .build();

        Command admitted = admission.admit(command);

        assertThat(admitted.getSequence()).isEqualTo(8);
        assertThat(admitted.getAcknowledgedList()).containsExactly(6L);
        assertThat(admitted.getGuardsList()).isEmpty();
        assertThat(admitted.hasDict()).isFalse();
        assertThat(admitted.getSerializedSize()).isLessThan(300);
    }

    @Test
    void refusal_thatAClientSends_isRefused() {
        Command forged = command().setRefused(Refusal.getDefaultInstance()).build();

        assertThat(refusalOf(forged).getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
    }

    @Test
    void diskLow_refusesWhatGrows() {
        diskIsLow = true;
        List<Command> growing = List.of(
                openDict(1, "d"),
                openValue(1, "v"),
                put(1, DICT, SMALL, SMALL),
                command()
                        .setArray(array().setSet(ArraySet.newBuilder().setValue(SMALL)))
                        .build(),
                dict(dict().setPutIfAbsent(
                                DictPutIfAbsent.newBuilder().setKey(SMALL).setValue(SMALL))),
                dict(dict().setReplace(DictReplace.newBuilder().setKey(SMALL).setValue(SMALL))),
                dict(dict().setUpdate(DictUpdate.newBuilder().addEntries(entry(SMALL)))));

        for (Command command : growing) {
            Refusal refusal = refusalOf(command);
            assertThat(refusal.getCode()).isEqualTo(RefusalCode.RESOURCE_EXHAUSTED);
            assertThat(refusal.getBound()).isEqualTo("disk.low");
            assertThat(refusal.getDetail()).startsWith("The disk of the node n2 is nearly full.");
        }
        assertThat(refusedBounds).isEqualTo(Collections.nCopies(growing.size(), "disk.low"));
    }

    @Test
    void diskLow_leavesWhatFreesAndWhatKeepsItsSize() {
        diskIsLow = true;
        List<Command> allowed = List.of(
                command().setDelete(DeleteObject.newBuilder().setName("d")).build(),
                command().setCancel(Cancel.newBuilder().setSequence(1)).build(),
                command()
                        .setLock(LockCommand.newBuilder().setObject(1).setRelease(LockRelease.getDefaultInstance()))
                        .build(),
                acquire(1, 1),
                add(1, 1, 1),
                dict(dict().setRemove(DictRemove.newBuilder().setKey(SMALL))),
                dict(dict().setClear(DictClear.getDefaultInstance())),
                dict(dict().setPopItem(DictPopItem.getDefaultInstance())),
                command().build());

        for (Command command : allowed) {
            assertThat(admission.admit(command)).isSameAs(command);
        }
    }

    @Test
    void secrets_areTheSame_onlyByteForByte() {
        ByteString secret = ByteString.copyFromUtf8("open sesame");

        assertThat(Admission.sameSecret(secret, ByteString.copyFromUtf8("open sesame")))
                .isTrue();
        assertThat(Admission.sameSecret(secret, ByteString.copyFromUtf8("open sesamf")))
                .isFalse();
        assertThat(Admission.sameSecret(secret, ByteString.EMPTY)).isFalse();
    }

    @Test
    void name_isMeasuredInBytes() {
        assertThat(Admission.nameProblem("client name", "é".repeat(Limits.CLIENT_NAME_BYTES / 2)))
                .isNull();
        assertThat(Admission.nameProblem("client name", "é".repeat(Limits.CLIENT_NAME_BYTES / 2) + "x"))
                .isEqualTo("The client name has 257 bytes; the limit is 256.");
    }

    private Refusal refusalOf(Command command) {
        Command admitted = admission.admit(command);
        assertThat(admitted.hasRefused()).as("%s", command).isTrue();
        return admitted.getRefused();
    }

    private static Command.Builder command() {
        return Command.newBuilder().setSequence(1);
    }

    private static ValueCommand.Builder value() {
        return ValueCommand.newBuilder().setObject(7);
    }

    private static ArrayCommand.Builder array() {
        return ArrayCommand.newBuilder().setObject(8);
    }

    private static DictCommand.Builder dict() {
        return DictCommand.newBuilder().setObject(DICT);
    }

    private static MapEntry entry(Value value) {
        return MapEntry.newBuilder().setKey(SMALL).setValue(value).build();
    }

    private static Command dict(DictCommand.Builder dict) {
        return command().setDict(dict).build();
    }
}
