// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.entries;

import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.EventParameters;
import io.holdfast.protocol.v1.ListParameters;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.LogItem;
import java.util.List;
import java.util.stream.LongStream;

/** Objects that the cases fill before they are measured, and the parameters of the objects. */
final class States {
    private States() {}

    /** Returns the number of waits of a case, which one session may have. */
    static int waits(int size) {
        return Math.min(size, 99_990);
    }

    static long filledList(KernelBed bed, long session, int size) {
        long list = bed.openObject(session, Parameters.newBuilder().setList(ListParameters.getDefaultInstance()));
        int most = Math.min(size, 1_000_000);
        bed.fill(session, most / 10_000, i -> Commands.extend(list, i * 10_000L, 10_000));
        return list;
    }

    static long filledQueue(KernelBed bed, long session, int size) {
        long queue = bed.openObject(session, queue());
        bed.fill(session, Math.max(1, size / 10_000), i -> Commands.put(queue, Commands.integer(i), 10_000));
        return queue;
    }

    /** Lets the session receive 10,000 items of the queue, and returns the ids of the deliveries. */
    static List<Long> deliverAll(KernelBed bed, long session, long queue) {
        bed.fill(session, 20, i -> Commands.get(queue, 500, true));
        return LongStream.rangeClosed(1, 10_000).boxed().toList();
    }

    static LogItem close(long session) {
        return LogItem.newBuilder()
                .setClose(CloseSession.newBuilder().setSession(session))
                .build();
    }

    static Parameters.Builder event() {
        return Parameters.newBuilder().setEvent(EventParameters.getDefaultInstance());
    }

    static Parameters.Builder lock() {
        return Parameters.newBuilder().setLock(LockParameters.getDefaultInstance());
    }

    static Parameters.Builder barrier(int parties) {
        return Parameters.newBuilder().setBarrier(BarrierParameters.newBuilder().setParties(parties));
    }

    static Parameters.Builder queue() {
        return Parameters.newBuilder().setQueue(QueueParameters.getDefaultInstance());
    }

    static Parameters.Builder dict() {
        return Parameters.newBuilder().setDict(DictParameters.getDefaultInstance());
    }
}
