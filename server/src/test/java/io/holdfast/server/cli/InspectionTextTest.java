// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.ArrayInspection;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Integers;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.ListInspection;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueConsumer;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.Reals;
import io.holdfast.protocol.v1.Unsigned;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueInspection;
import io.holdfast.protocol.v1.ValueParameters;
import io.holdfast.protocol.v1.WaiterInspection;
import io.holdfast.protocol.v1.WaitersInspection;
import org.junit.jupiter.api.Test;

class InspectionTextTest {
    @Test
    void lock_namesItsHolderAndThoseThatWait() {
        LockInspection lock = LockInspection.newBuilder()
                .setHeld(true)
                .setHolder(owner(3, "worker"))
                .setToken(17)
                .setHoldCount(1)
                .setHeldNanos(1_250_000_000)
                .setWaiters(WaitersInspection.newBuilder()
                        .setTotal(2)
                        .addFirst(WaiterInspection.newBuilder()
                                .setOwner(owner(4, "other"))
                                .setWaitedNanos(300_000_000)))
                .build();

        assertThat(InspectionText.of(object(Kind.KIND_LOCK).setLock(lock).build()))
                .isEqualTo("""
                        lock 'jobs/7', object 12, made at revision 5
                          held by session 3, tag 1, client 'worker' on box
                          for 1.3 s, token 17, 1 hold(s)
                          waiting: 2
                            session 4, tag 1, client 'other' on box, for 0.3 s
                            …""");
    }

    @Test
    void freeLock_mayBeClosedStill() {
        LockInspection closed =
                LockInspection.newBuilder().setClosedNanos(2_000_000_000).build();

        assertThat(InspectionText.of(object(Kind.KIND_LOCK).setLock(closed).build()))
                .contains("free, but closed for another 2.0 s");
    }

    @Test
    void array_tellsItsFirstCells() {
        Parameters parameters = Parameters.newBuilder()
                .setArray(ArrayParameters.newBuilder().setTypecode("Q"))
                .build();
        ArrayInspection.Builder array = ArrayInspection.newBuilder().setLength(5);
        assertThat(array(
                        parameters,
                        array.setFirst(Cells.newBuilder()
                                .setUnsigned(Unsigned.newBuilder().addValues(-1).addValues(7)))))
                .isEqualTo("""
                        array 'jobs/7', object 12, made at revision 5
                          typecode Q
                          5 cells
                          the first hold [18446744073709551615, 7]""");
        assertThat(array(
                        parameters,
                        array.setFirst(Cells.newBuilder()
                                .setIntegers(Integers.newBuilder().addValues(-1)))))
                .endsWith("[-1]");
        assertThat(array(
                        parameters,
                        array.setFirst(
                                Cells.newBuilder().setReals(Reals.newBuilder().addValues(0.5)))))
                .endsWith("[0.5]");
        assertThat(array(parameters, array.setFirst(Cells.newBuilder().setText("a\0"))))
                .endsWith("'a\\0'");
    }

    private static String array(Parameters parameters, ArrayInspection.Builder array) {
        return InspectionText.of(object(Kind.KIND_ARRAY)
                .setParameters(parameters)
                .setArray(array)
                .build());
    }

    @Test
    void value_isWrittenOut() {
        Value list = Value.newBuilder()
                .setList(ListValue.newBuilder()
                        .addElements(Value.newBuilder().setInteger(-7))
                        .addElements(Value.newBuilder().setText("x"))
                        .addElements(Value.newBuilder().setBinary(ByteString.copyFromUtf8("abc"))))
                .build();

        assertThat(InspectionText.of(object(Kind.KIND_VALUE)
                        .setParameters(Parameters.newBuilder()
                                .setValue(ValueParameters.newBuilder().setTypecode("q")))
                        .setValue(ValueInspection.newBuilder().setValue(list))
                        .build()))
                .endsWith("  typecode q\n  holds [-7, 'x', 3 bytes]");
    }

    @Test
    void queue_tellsItsItems_itsConsumers_andAllWhoWait() {
        QueueInspection queue = QueueInspection.newBuilder()
                .setState(QueueInspection.State.DRAINING)
                .setSize(3)
                .setDelivered(2)
                .setUnfinished(6)
                .setConsumersTotal(1)
                .addConsumers(
                        QueueConsumer.newBuilder().setOwner(owner(3, "worker")).setDeliveries(2))
                .setJoiners(WaitersInspection.newBuilder().setTotal(1))
                .build();

        assertThat(InspectionText.of(object(Kind.KIND_QUEUE)
                        .setParameters(Parameters.newBuilder()
                                .setQueue(QueueParameters.newBuilder().setMaxsize(9)))
                        .setQueue(queue)
                        .build()))
                .endsWith("""
                          3 items of 9, 2 out, 6 not done with; shut down, what is left can be taken
                          consumers: 1
                            session 3, tag 1, client 'worker' on box, 2 deliveries
                          getters  waiting: 0
                          putters  waiting: 0
                          joiners  waiting: 1
                            …""".indent(2).stripTrailing());
    }

    @Test
    void list_tellsItsSize() {
        assertThat(InspectionText.of(object(Kind.KIND_LIST)
                        .setList(ListInspection.newBuilder().setSize(3).setBytes(40))
                        .build()))
                .endsWith("  3 elements, 40 bytes");
    }

    private static Inspection.Builder object(Kind kind) {
        return Inspection.newBuilder()
                .setKind(kind)
                .setName("jobs/7")
                .setObject(12)
                .setCreated(5);
    }

    private static Owner owner(long session, String name) {
        return Owner.newBuilder()
                .setSession(session)
                .setTag(1)
                .setClientName(name)
                .setHost("box")
                .build();
    }
}
