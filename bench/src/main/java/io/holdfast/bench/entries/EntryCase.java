// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.entries;

import static io.holdfast.bench.entries.States.barrier;
import static io.holdfast.bench.entries.States.close;
import static io.holdfast.bench.entries.States.deliverAll;
import static io.holdfast.bench.entries.States.dict;
import static io.holdfast.bench.entries.States.event;
import static io.holdfast.bench.entries.States.filledList;
import static io.holdfast.bench.entries.States.filledQueue;
import static io.holdfast.bench.entries.States.lock;
import static io.holdfast.bench.entries.States.queue;
import static io.holdfast.bench.entries.States.waits;

import io.holdfast.bench.entries.KernelBed.Entries;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ArrayGetRange;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.ArrayQuery;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionParameters;
import io.holdfast.protocol.v1.DictClear;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.ListClear;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListFind;
import io.holdfast.protocol.v1.ListPage;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.ListRemove;
import io.holdfast.protocol.v1.ListReverse;
import io.holdfast.protocol.v1.ListSort;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.QueueAck;
import io.holdfast.protocol.v1.QueueClear;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueNack;
import io.holdfast.protocol.v1.QueuePage;
import io.holdfast.protocol.v1.QueueQuery;
import io.holdfast.protocol.v1.SemaphoreParameters;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.statemachine.log.CollectGarbage;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** States in which one command, or the passing of time, has much to do. */
@SuppressWarnings("ImmutableEnumChecker") // the lambdas hold nothing
enum EntryCase {
    EVENT_SET("set an event", (bed, size) -> {
        long session = bed.openSession();
        long event = bed.openObject(session, event());
        bed.fill(session, waits(size), i -> Commands.await(event, 0));
        return bed.settle(bed.openSession(), Commands.set(event));
    }),
    EVENT_DELETED("delete an event with waiters", (bed, size) -> {
        long session = bed.openSession();
        long event = bed.openObject(session, event());
        bed.fill(session, waits(size), i -> Commands.await(event, 0));
        return bed.settle(bed.openSession(), Commands.delete(bed.lastName()));
    }),
    TIMEOUTS("timeouts due at one time", (bed, size) -> {
        long session = bed.openSession();
        long event = bed.openObject(session, event());
        bed.fill(session, waits(size), i -> Commands.await(event, Long.MAX_VALUE / 4));
        return bed.pass(Long.MAX_VALUE / 2);
    }),
    SEMAPHORE_RELEASED("release permits to waiters", (bed, size) -> {
        long session = bed.openSession();
        long semaphore = bed.openObject(
                session,
                Parameters.newBuilder()
                        .setSemaphore(SemaphoreParameters.newBuilder().setPermits(0)));
        bed.fill(session, waits(size), i -> Commands.acquirePermit(semaphore));
        return bed.settle(bed.openSession(), Commands.releasePermits(semaphore, size));
    }),
    CONDITION_NOTIFIED("notify all waiters of a condition", (bed, size) -> {
        long session = bed.openSession();
        long lock = bed.openObject(session, lock());
        long condition = bed.openObject(
                session,
                Parameters.newBuilder()
                        .setCondition(ConditionParameters.newBuilder().setLock(lock)));
        bed.fill(session, 2 * waits(size), i -> i % 2 == 0 ? Commands.acquire(lock, 1) : Commands.await(condition));
        return bed.settle(List.of(
                bed.item(session, Commands.acquire(lock, 1)), bed.item(session, Commands.notifyAll(condition))));
    }),
    BARRIER_PASSED("a round of a barrier passes", (bed, size) -> {
        long session = bed.openSession();
        long barrier = bed.openObject(session, barrier(waits(size)));
        bed.fill(session, waits(size) - 1, i -> Commands.arrive(barrier));
        return bed.settle(bed.openSession(), Commands.arrive(barrier));
    }),
    BARRIER_RESET("reset a barrier", (bed, size) -> {
        long session = bed.openSession();
        long barrier = bed.openObject(session, barrier(100_000));
        bed.fill(session, waits(size), i -> Commands.arrive(barrier));
        return bed.settle(bed.openSession(), Commands.reset(barrier));
    }),
    QUEUE_PUT_TO_GETTERS("put items to getters", (bed, size) -> {
        long session = bed.openSession();
        long queue = bed.openObject(session, queue());
        bed.fill(session, waits(size), i -> Commands.get(queue, 1, false));
        return bed.settle(bed.openSession(), Commands.put(queue, Commands.integer(1), 10_000));
    }),
    QUEUE_SHUT_DOWN("shut a queue with getters down", (bed, size) -> {
        long session = bed.openSession();
        long queue = bed.openObject(session, queue());
        bed.fill(session, waits(size), i -> Commands.get(queue, 1, false));
        return bed.settle(bed.openSession(), Commands.shutDown(queue));
    }),
    QUEUE_PUT_MANY("put 10,000 items", (bed, size) -> {
        long session = bed.openSession();
        long queue = bed.openObject(session, queue());
        return bed.settle(session, Commands.put(queue, Commands.integer(1), 10_000));
    }),
    DELIVERIES_RETURNED("10,000 deliveries come back", (bed, size) -> {
        long session = bed.openSession();
        long queue = bed.openObject(session, queue());
        bed.settle(session, Commands.put(queue, Commands.integer(1), 10_000));
        long consumer = bed.openSession();
        bed.fill(consumer, 10_000, i -> Commands.get(queue, 1, true));
        return bed.settle(List.of(close(consumer)));
    }),
    QUEUE_GET_MANY("take 10,000 items at once", (bed, size) -> {
        long session = bed.openSession();
        long queue = filledQueue(bed, session, size);
        return bed.settle(session, Commands.get(queue, 10_000, false));
    }),
    DELIVER_MANY("receive 10,000 items at once", (bed, size) -> {
        long session = bed.openSession();
        long queue = filledQueue(bed, session, size);
        return bed.settle(session, Commands.get(queue, 10_000, true));
    }),
    ACKNOWLEDGE_MANY("acknowledge 10,000 deliveries at once", (bed, size) -> {
        long session = bed.openSession();
        long queue = filledQueue(bed, session, size);
        List<Long> all = deliverAll(bed, session, queue);
        return bed.settle(
                session,
                Commands.queue(
                        queue,
                        QueueCommand.newBuilder().setAck(QueueAck.newBuilder().addAllIds(all))));
    }),
    GIVE_BACK_MANY("give 10,000 deliveries back at once", (bed, size) -> {
        long session = bed.openSession();
        long queue = filledQueue(bed, session, size);
        List<Long> all = deliverAll(bed, session, queue);
        return bed.settle(
                session,
                Commands.queue(
                        queue,
                        QueueCommand.newBuilder().setNack(QueueNack.newBuilder().addAllIds(all))));
    }),
    QUEUE_CLEARED("clear a queue", (bed, size) -> {
        long session = bed.openSession();
        long queue = filledQueue(bed, session, size);
        return bed.settle(
                session, Commands.queue(queue, QueueCommand.newBuilder().setClear(QueueClear.getDefaultInstance())));
    }),
    OUTCOMES_ACKNOWLEDGED("acknowledge 8,192 outcomes at once", (bed, size) -> {
        long session = bed.openSession();
        long event = bed.openObject(session, event());
        int waits = Math.min(waits(size), 90_000);
        bed.fill(session, waits, i -> Commands.await(event, 0));
        bed.settle(bed.openSession(), Commands.set(event));
        Command.Builder command = Commands.set(event);
        for (long sequence = 2; sequence < Math.min(waits, 8_194); sequence++) {
            command.addAcknowledged(sequence);
        }
        return bed.settle(session, command);
    }),
    SESSION_WAITS("a session with many waits ends", (bed, size) -> {
        long session = bed.openSession();
        long event = bed.openObject(session, event());
        bed.fill(session, waits(size), i -> Commands.await(event, 0));
        return bed.settle(List.of(close(session)));
    }),
    SESSION_LOCKS("a session with many locks ends", (bed, size) -> {
        long opener = bed.openSession();
        long session = bed.openSession();
        int locks = Math.min(size, 100_000) / 10;
        long[] opened = IntStream.range(0, locks)
                .mapToLong(i -> bed.openObject(opener, lock()))
                .toArray();
        bed.fill(session, locks, i -> Commands.acquire(opened[i], 1));
        return bed.settle(List.of(close(session)));
    }),
    SESSION_HANDLES("a session with many handles ends", (bed, size) -> {
        long session = bed.openSession();
        bed.fill(session, Math.min(size, 100_000), i -> Commands.createEvent());
        return bed.settle(List.of(close(session)));
    }),
    SESSIONS_EXPIRE("many sessions expire", (bed, size) -> {
        long[] sessions =
                IntStream.range(0, size / 5).mapToLong(i -> bed.openSession()).toArray();
        List<LogItem> items = new ArrayList<>();
        for (int from = 0; from < sessions.length; from += KernelBed.SESSIONS_PER_ITEM) {
            ExpireSessions.Builder expire = ExpireSessions.newBuilder().setTerm(1);
            Arrays.stream(sessions, from, Math.min(sessions.length, from + KernelBed.SESSIONS_PER_ITEM))
                    .forEach(expire::addSessions);
            items.add(LogItem.newBuilder().setExpire(expire).build());
        }
        return bed.settle(items);
    }),
    DICT_UPDATE("update a dict with 4,000 entries", (bed, size) -> {
        long session = bed.openSession();
        long dict = bed.openObject(session, dict());
        bed.fill(session, size / 400, i -> Commands.update(dict, i * 4_000L, 4_000));
        return bed.settle(session, Commands.update(dict, size / 2, 4_000));
    }),
    DICT_CLEARED("clear a dict", (bed, size) -> {
        long session = bed.openSession();
        long dict = bed.openObject(session, dict());
        bed.fill(session, size / 400, i -> Commands.update(dict, i * 4_000L, 4_000));
        return bed.settle(
                session,
                Command.newBuilder()
                        .setDict(DictCommand.newBuilder().setObject(dict).setClear(DictClear.getDefaultInstance())));
    }),
    DICT_REMOVE_LARGE("remove values of 1000 KiB", (bed, size) -> {
        long session = bed.openSession();
        long dict = bed.openObject(session, dict());
        int values = size / 1_000;
        bed.fill(session, values, i -> Commands.put(dict, i, Commands.binary(1_000 << 10)));
        return bed.settle(IntStream.range(0, values)
                .mapToObj(i -> bed.item(session, Commands.remove(dict, i)))
                .toList());
    }),
    SMALL_PUTS("1,024 small puts", (bed, size) -> {
        long session = bed.openSession();
        long dict = bed.openObject(session, dict());
        bed.fill(session, size, i -> Commands.put(dict, i, Commands.binary(100)));
        return bed.settle(IntStream.range(0, 1_024)
                .mapToObj(i -> bed.item(session, Commands.put(dict, i * 7_919L % size, Commands.binary(100))))
                .toList());
    }),
    LIST_SORTED("sort a list", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size * 10);
        return bed.settle(
                session, Commands.list(list, ListCommand.newBuilder().setSort(ListSort.getDefaultInstance())));
    }),
    LIST_REVERSED("reverse a list", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size * 10);
        return bed.settle(
                session, Commands.list(list, ListCommand.newBuilder().setReverse(ListReverse.getDefaultInstance())));
    }),
    LIST_REMOVE_ABSENT("40 times remove an absent value from a list", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size * 10);
        ListRemove.Builder remove = ListRemove.newBuilder().setValue(Commands.integer(-1));
        return bed.settle(IntStream.range(0, 40)
                .mapToObj(i -> bed.item(
                        session, Commands.list(list, ListCommand.newBuilder().setRemove(remove))))
                .toList());
    }),
    LIST_CLEARED("clear a list", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size * 10);
        return bed.settle(
                session, Commands.list(list, ListCommand.newBuilder().setClear(ListClear.getDefaultInstance())));
    }),
    ARRAY_SET("set 1,000,000 cells of an array", (bed, size) -> {
        long session = bed.openSession();
        int cells = Math.min(size * 10, 1_000_000);
        long array = bed.openObject(
                session,
                Parameters.newBuilder()
                        .setArray(ArrayParameters.newBuilder().setTypecode("b").setLength(cells)));
        return bed.settle(session, Commands.setCells(array, cells));
    }),
    LIST_EXTENDED("extend a list by 10,000 values", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size);
        return bed.settle(session, Commands.extend(list, 0, 10_000));
    }),
    DICT_PAGES("answer 4 pages of a dict", (bed, size) -> {
        long session = bed.openSession();
        long dict = bed.openObject(session, dict());
        bed.fill(session, size / 400, i -> Commands.update(dict, i * 4_000L, 4_000));
        DictPage page = DictPage.newBuilder().setLimit(Limits.PAGE_ROWS).build();
        return bed.answer(Query.newBuilder()
                .setDict(DictQuery.newBuilder().setObject(dict).setPage(page)));
    }),
    LIST_PAGES("answer 4 pages of a list", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size * 10);
        ListPage page = ListPage.newBuilder().setLimit(Limits.PAGE_ROWS).build();
        return bed.answer(Query.newBuilder()
                .setList(ListQuery.newBuilder().setObject(list).setPage(page)));
    }),
    LIST_SEARCHES("search 4 times in a list", (bed, size) -> {
        long session = bed.openSession();
        long list = filledList(bed, session, size * 10);
        ListFind find = ListFind.newBuilder().setValue(Commands.integer(-1)).build();
        return bed.answer(Query.newBuilder()
                .setList(ListQuery.newBuilder().setObject(list).setFind(find)));
    }),
    QUEUE_PAGES("answer 4 pages of a queue", (bed, size) -> {
        long session = bed.openSession();
        long queue = filledQueue(bed, session, size);
        QueuePage page = QueuePage.newBuilder().setLimit(Limits.PAGE_ROWS).build();
        return bed.answer(Query.newBuilder()
                .setQueue(QueueQuery.newBuilder().setObject(queue).setPage(page)));
    }),
    ARRAY_RANGES("answer 4 ranges of an array", (bed, size) -> {
        long session = bed.openSession();
        int cells = Math.min(size * 10, 1_000_000);
        long array = bed.openObject(
                session,
                Parameters.newBuilder()
                        .setArray(ArrayParameters.newBuilder().setTypecode("b").setLength(cells)));
        bed.settle(session, Commands.setCells(array, cells));
        ArrayGetRange range =
                ArrayGetRange.newBuilder().setSlice(Slice.getDefaultInstance()).build();
        return bed.answer(Query.newBuilder()
                .setArray(ArrayQuery.newBuilder().setObject(array).setGetRange(range)));
    }),
    NAMES("answer 4 pages of names", (bed, size) -> {
        long session = bed.openSession();
        int objects = Math.min(size, 100_000) / 10;
        IntStream.range(0, objects).forEach(i -> bed.openObject(session, event()));
        return bed.answer(Query.newBuilder().setNames(NamesQuery.newBuilder().setLimit(Limits.PAGE_ROWS)));
    }),
    GARBAGE("collect garbage", (bed, size) -> {
        long session = bed.openSession();
        bed.fill(session, Math.min(size, 100_000), i -> Commands.createEvent());
        CollectGarbage collect =
                CollectGarbage.newBuilder().setRowsAnEntry(1_000).build();
        return bed.settle(List.of(LogItem.newBuilder().setCollect(collect).build()));
    });

    private final String label;
    private final Measured measured;

    /** Makes the state, then applies and measures the entries of the case. */
    private interface Measured {
        Entries measure(KernelBed bed, int size);
    }

    EntryCase(String label, Measured measured) {
        this.label = label;
        this.measured = measured;
    }

    String label() {
        return label;
    }

    Entries measure(KernelBed bed, int size) {
        return measured.measure(bed, size);
    }
}
