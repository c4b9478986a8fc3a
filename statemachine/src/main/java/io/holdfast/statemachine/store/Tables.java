// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.statemachine.rows.ArrayChunkRow;
import io.holdfast.statemachine.rows.ArrayRow;
import io.holdfast.statemachine.rows.BacklogRow;
import io.holdfast.statemachine.rows.BarrierRoundRow;
import io.holdfast.statemachine.rows.BarrierRow;
import io.holdfast.statemachine.rows.ConditionRow;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.DictExpiryRow;
import io.holdfast.statemachine.rows.DictOrderRow;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.rows.EventRow;
import io.holdfast.statemachine.rows.GarbageMarkRow;
import io.holdfast.statemachine.rows.GarbagePendingRow;
import io.holdfast.statemachine.rows.GarbageRow;
import io.holdfast.statemachine.rows.HandleRow;
import io.holdfast.statemachine.rows.HoldingRow;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.rows.NameRow;
import io.holdfast.statemachine.rows.NamespaceAttributeRow;
import io.holdfast.statemachine.rows.NamespaceRow;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.rows.OwnerWaitRow;
import io.holdfast.statemachine.rows.ParkedRow;
import io.holdfast.statemachine.rows.QueueConsumerRow;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.rows.SemaphoreHolderRow;
import io.holdfast.statemachine.rows.SemaphoreRow;
import io.holdfast.statemachine.rows.ServedRow;
import io.holdfast.statemachine.rows.SessionEndRow;
import io.holdfast.statemachine.rows.SessionRemainsRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.rows.SweepRow;
import io.holdfast.statemachine.rows.TimerRow;
import io.holdfast.statemachine.rows.ValueRow;
import io.holdfast.statemachine.rows.WaiterRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Every table of the store, with its key. The first byte of a key is the table's number. */
public final class Tables {
    private static final List<Table<?>> ALL = new ArrayList<>();

    /** {@code [] -> MetaRow}: how far the state is. */
    public static final Table<MetaRow> META = table(1, "META", MetaRow.parser());
    /** {@code session -> SessionRow}. */
    public static final Table<SessionRow> SESSIONS = table(2, "SESSIONS", SessionRow.parser());
    /** {@code session | sequence -> Outcome}: what a command that is sent again is answered. */
    public static final Table<Outcome> REPLIES = table(3, "REPLIES", Outcome.parser());
    /** {@code session | sequence -> ParkedRow}: to find a session's waiters by command. */
    public static final Table<ParkedRow> PARKED = table(4, "PARKED", ParkedRow.parser());
    /** {@code session | object -> HoldingRow}: to free what an ended session owns. */
    public static final Table<HoldingRow> HOLDINGS = table(5, "HOLDINGS", HoldingRow.parser());
    /** {@code object -> ObjectRow}. */
    public static final Table<ObjectRow> OBJECTS = table(6, "OBJECTS", ObjectRow.parser());
    /** {@code name -> NameRow}. */
    public static final Table<NameRow> NAMES = table(7, "NAMES", NameRow.parser());
    /** {@code object | ticket -> WaiterRow}: the ticket is the revision that parked it. */
    public static final Table<WaiterRow> WAITERS = table(8, "WAITERS", WaiterRow.parser());
    /** {@code deadline | object | ticket -> TimerRow}: the order in which timers fire. */
    public static final Table<TimerRow> TIMERS = table(9, "TIMERS", TimerRow.parser());
    /** {@code Contents | number -> SweepRow}: contents that nobody can reach any more. */
    public static final Table<SweepRow> SWEEPS = table(10, "SWEEPS", SweepRow.parser());

    /** {@code session | tag | ticket -> OwnerWaitRow}: what an owner waits for, to find cycles of owners. */
    public static final Table<OwnerWaitRow> OWNER_WAITS = table(11, "OWNER_WAITS", OwnerWaitRow.parser());
    /** {@code session | object -> HandleRow}: anonymous objects that a session needs. */
    public static final Table<HandleRow> HANDLES = table(12, "HANDLES", HandleRow.parser());

    /** {@code object -> GarbageMarkRow}: objects that a collection of garbage has reached. */
    public static final Table<GarbageMarkRow> GC_MARKS = table(13, "GC_MARKS", GarbageMarkRow.parser());
    /** {@code place -> GarbagePendingRow}: those of them that it has not followed yet, in the order of being reached. */
    public static final Table<GarbagePendingRow> GC_PENDING = table(14, "GC_PENDING", GarbagePendingRow.parser());
    /** {@code [] -> GarbageRow}: the collection that is on its way. */
    public static final Table<GarbageRow> GC = table(15, "GC", GarbageRow.parser());

    /** {@code number -> BacklogRow}: items that the log had received and that are not applied yet, in their order. */
    public static final Table<BacklogRow> BACKLOG = table(16, "BACKLOG", BacklogRow.parser());
    /** {@code session -> SessionEndRow}: sessions that are ending. */
    public static final Table<SessionEndRow> SESSION_ENDS = table(17, "SESSION_ENDS", SessionEndRow.parser());
    /** {@code session -> SessionRemainsRow}: sessions that have ended and left handles or outcomes behind. */
    public static final Table<SessionRemainsRow> SESSION_REMAINS =
            table(18, "SESSION_REMAINS", SessionRemainsRow.parser());
    /** {@code object -> ServedRow}: objects whose waiters are not all served yet. */
    public static final Table<ServedRow> SERVED = table(19, "SERVED", ServedRow.parser());

    /** {@code object -> LockRow}: of a Lock or an RLock. */
    public static final Table<LockRow> LOCKS = table(20, "LOCKS", LockRow.parser());
    /** {@code object -> EventRow}. */
    public static final Table<EventRow> EVENTS = table(21, "EVENTS", EventRow.parser());
    /** {@code object -> ValueRow}. */
    public static final Table<ValueRow> VALUES = table(22, "VALUES", ValueRow.parser());
    /** {@code object -> DictRow}. */
    public static final Table<DictRow> DICTS = table(23, "DICTS", DictRow.parser());
    /** {@code contents | key -> DictEntryRow}. */
    public static final Table<DictEntryRow> DICT_ENTRIES = table(24, "DICT_ENTRIES", DictEntryRow.parser());
    /** {@code contents | order -> DictOrderRow}: the entries in insertion order. */
    public static final Table<DictOrderRow> DICT_ORDER = table(25, "DICT_ORDER", DictOrderRow.parser());
    /** {@code object -> SemaphoreRow}. */
    public static final Table<SemaphoreRow> SEMAPHORES = table(26, "SEMAPHORES", SemaphoreRow.parser());
    /** {@code object | session -> SemaphoreHolderRow}. */
    public static final Table<SemaphoreHolderRow> SEMAPHORE_HOLDERS =
            table(27, "SEMAPHORE_HOLDERS", SemaphoreHolderRow.parser());
    /** {@code object -> ConditionRow}. */
    public static final Table<ConditionRow> CONDITIONS = table(28, "CONDITIONS", ConditionRow.parser());
    /** {@code object -> BarrierRow}. */
    public static final Table<BarrierRow> BARRIERS = table(29, "BARRIERS", BarrierRow.parser());
    /** {@code object -> QueueRow}. */
    public static final Table<QueueRow> QUEUES = table(30, "QUEUES", QueueRow.parser());
    /** {@code contents | order -> QueueItemRow}. */
    public static final Table<QueueItemRow> QUEUE_ITEMS = table(31, "QUEUE_ITEMS", QueueItemRow.parser());
    /** {@code contents | session | order -> QueueItemRow}: items that a session has not acknowledged. */
    public static final Table<QueueItemRow> QUEUE_DELIVERIES = table(32, "QUEUE_DELIVERIES", QueueItemRow.parser());
    /** {@code object | session -> QueueConsumerRow}. */
    public static final Table<QueueConsumerRow> QUEUE_CONSUMERS =
            table(33, "QUEUE_CONSUMERS", QueueConsumerRow.parser());
    /** {@code object -> ListRow}. */
    public static final Table<ListRow> LISTS = table(34, "LISTS", ListRow.parser());
    /** {@code contents | node -> ListNodeRow}: the nodes of a list's tree; 0 is its root. */
    public static final Table<ListNodeRow> LIST_NODES = table(35, "LIST_NODES", ListNodeRow.parser());
    /** {@code object -> NamespaceRow}. */
    public static final Table<NamespaceRow> NAMESPACES = table(36, "NAMESPACES", NamespaceRow.parser());
    /** {@code contents | name -> NamespaceAttributeRow}. */
    public static final Table<NamespaceAttributeRow> NAMESPACE_ATTRIBUTES =
            table(37, "NAMESPACE_ATTRIBUTES", NamespaceAttributeRow.parser());
    /** {@code object -> ArrayRow}. */
    public static final Table<ArrayRow> ARRAYS = table(38, "ARRAYS", ArrayRow.parser());
    /** {@code array | chunk -> ArrayChunkRow}: those in which a cell was ever written. */
    public static final Table<ArrayChunkRow> ARRAY_CHUNKS = table(39, "ARRAY_CHUNKS", ArrayChunkRow.parser());
    /** {@code contents | deadline | order -> DictExpiryRow}: the entries that expire, the first first. */
    public static final Table<DictExpiryRow> DICT_EXPIRIES = table(40, "DICT_EXPIRIES", DictExpiryRow.parser());

    /** {@code rounds | round -> BarrierRoundRow}: rounds of a barrier that fill, or wait for the action of another one. */
    public static final Table<BarrierRoundRow> BARRIER_ROUNDS = table(41, "BARRIER_ROUNDS", BarrierRoundRow.parser());

    private Tables() {}

    /** All tables, in the order of their numbers. */
    public static List<Table<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    private static <R extends MessageLite> Table<R> table(int prefix, String name, Parser<R> parser) {
        Table<R> table = new Table<>(prefix, name, parser);
        ALL.add(table);
        return table;
    }
}
