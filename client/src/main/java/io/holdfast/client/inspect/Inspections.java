// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.lock.OnDeadlock;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.protocol.v1.SemaphoreParameters;
import io.holdfast.protocol.v1.WaitersInspection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The questions behind {@code inspect} and {@code objects}. */
public final class Inspections {
    private static final int PAGE = 1_000;

    private Inspections() {}

    /** A page of the list of names. */
    public record Page(List<NamedObject> objects, String next) {}

    public static Question<ObjectInspection> byId(long id) {
        return question(InspectQuery.newBuilder().setObject(id));
    }

    public static Question<ObjectInspection> byName(String name) {
        return question(InspectQuery.newBuilder().setName(name));
    }

    /**
     * A page of the names that begin with the prefix.
     *
     * @param after the {@code next} of the page before; empty: from the beginning
     */
    public static Question<Page> page(String prefix, String after) {
        return new Question<>(
                Query.newBuilder()
                        .setNames(NamesQuery.newBuilder()
                                .setPrefix(prefix)
                                .setAfter(after)
                                .setLimit(PAGE)),
                answer -> new Page(
                        answer.getNames().getObjectsList().stream()
                                .map(each -> new NamedObject(each.getName(), each.getObject(), kindOf(each.getKind())))
                                .toList(),
                        answer.getNames().getNext()));
    }

    private static Question<ObjectInspection> question(InspectQuery.Builder query) {
        return new Question<>(Query.newBuilder().setInspect(query), answer -> read(answer.getInspection()));
    }

    private static ObjectInspection read(Inspection told) {
        ObjectInfo object = new ObjectInfo(told.getObject(), told.getName(), kindOf(told.getKind()), told.getCreated());
        return switch (told.getStateCase()) {
            case LOCK -> lock(object, told.getParameters(), told.getLock());
            case CONDITION ->
                new ConditionInspection(
                        object,
                        told.getCondition().getLock(),
                        waiters(told.getCondition().getWaiters()));
            case SEMAPHORE -> semaphore(object, told.getParameters().getSemaphore(), told.getSemaphore());
            case BARRIER -> barrier(object, told.getParameters().getBarrier(), told.getBarrier());
            case EVENT ->
                new EventInspection(
                        object,
                        told.getEvent().getSet(),
                        waiters(told.getEvent().getWaiters()));
            case VALUE ->
                new ValueInspection(
                        object,
                        told.getParameters().getValue().getTypecode().charAt(0),
                        Objects.requireNonNull(
                                Codec.standard().decode(told.getValue().getValue())));
            case DICT -> new DictInspection(object, told.getDict().getSize());
            case QUEUE -> queue(object, told.getParameters().getQueue(), told.getQueue());
            case LIST ->
                new ListInspection(
                        object, told.getList().getSize(), told.getList().getBytes());
            case NAMESPACE ->
                new NamespaceInspection(object, told.getNamespace().getSize());
            case ARRAY ->
                new ArrayInspection(
                        object, told.getParameters().getArray().getTypecode().charAt(0), (int)
                                told.getArray().getLength());
            case STATE_NOT_SET ->
                throw new UnsupportedOperationException("Object " + told.getObject()
                        + " is of a kind that this client does not know. Use a client as new as the cluster.");
        };
    }

    private static LockInspection lock(
            ObjectInfo object, Parameters parameters, io.holdfast.protocol.v1.LockInspection told) {
        LockParameters lock = parameters.getLock();
        RLockParameters rlock = parameters.getRlock();
        boolean reentrant = parameters.hasRlock();
        return new LockInspection(
                object,
                lock.getOwnership() != Ownership.OWNERSHIP_NONE,
                Duration.ofNanos(reentrant ? rlock.getLockDelayNanos() : lock.getLockDelayNanos()),
                onDeadlock(reentrant ? rlock.getOnDeadlock() : lock.getOnDeadlock()),
                told.getHeld(),
                told.hasHolder() ? owner(told.getHolder()) : null,
                told.getToken(),
                told.getHoldCount(),
                Duration.ofNanos(told.getHeldNanos()),
                Duration.ofNanos(told.getClosedNanos()),
                waiters(told.getWaiters()));
    }

    private static OnDeadlock onDeadlock(io.holdfast.protocol.v1.OnDeadlock told) {
        return told == io.holdfast.protocol.v1.OnDeadlock.ON_DEADLOCK_REFUSE ? OnDeadlock.REFUSE : OnDeadlock.WAIT;
    }

    private static SemaphoreInspection semaphore(
            ObjectInfo object, SemaphoreParameters parameters, io.holdfast.protocol.v1.SemaphoreInspection told) {
        return new SemaphoreInspection(
                object,
                (int) parameters.getPermits(),
                parameters.getBounded(),
                parameters.getOwnership() != Ownership.OWNERSHIP_NONE,
                (int) told.getAvailable(),
                told.getHoldersTotal(),
                told.getHoldersList().stream()
                        .map(each -> new SemaphoreInspection.Holder(owner(each.getOwner()), each.getPermits()))
                        .toList(),
                waiters(told.getWaiters()));
    }

    private static BarrierInspection barrier(
            ObjectInfo object, BarrierParameters parameters, io.holdfast.protocol.v1.BarrierInspection told) {
        return new BarrierInspection(
                object,
                parameters.getParties(),
                parameters.hasTimeoutNanos() ? Duration.ofNanos(parameters.getTimeoutNanos()) : null,
                told.getBroken(),
                told.getCause(),
                told.hasCulprit() ? owner(told.getCulprit()) : null,
                told.getRound(),
                told.hasRunner() ? owner(told.getRunner()) : null,
                waiters(told.getWaiters()));
    }

    private static QueueInspection queue(
            ObjectInfo object, QueueParameters parameters, io.holdfast.protocol.v1.QueueInspection told) {
        return new QueueInspection(
                object,
                new QueueOptions(parameters.getMaxsize(), parameters.getMaxDeliveries(), parameters.getDeadLetter()),
                switch (told.getState()) {
                    case OPEN, UNRECOGNIZED -> QueueInspection.State.OPEN;
                    case DRAINING -> QueueInspection.State.DRAINING;
                    case CLOSED -> QueueInspection.State.CLOSED;
                },
                told.getSize(),
                told.getDelivered(),
                told.getUnfinished(),
                told.getConsumersTotal(),
                told.getConsumersList().stream()
                        .map(each -> new QueueInspection.Consumer(owner(each.getOwner()), each.getDeliveries()))
                        .toList(),
                waiters(told.getGetters()),
                waiters(told.getPutters()),
                waiters(told.getJoiners()));
    }

    private static Waiters waiters(WaitersInspection told) {
        return new Waiters(
                told.getTotal(),
                told.getFirstList().stream()
                        .map(each -> new Waiters.Waiter(
                                owner(each.getOwner()),
                                each.getSequence(),
                                Duration.ofNanos(each.getWaitedNanos()),
                                each.getPermits()))
                        .toList());
    }

    /** An owner, as users see it. */
    public static OwnerInfo owner(Owner told) {
        return new OwnerInfo(told.getSession(), told.getTag(), told.getClientName(), told.getHost());
    }

    private static ObjectKind kindOf(Kind kind) {
        return switch (kind) {
            case KIND_LOCK -> ObjectKind.LOCK;
            case KIND_RLOCK -> ObjectKind.RLOCK;
            case KIND_CONDITION -> ObjectKind.CONDITION;
            case KIND_SEMAPHORE -> ObjectKind.SEMAPHORE;
            case KIND_BARRIER -> ObjectKind.BARRIER;
            case KIND_EVENT -> ObjectKind.EVENT;
            case KIND_VALUE -> ObjectKind.VALUE;
            case KIND_DICT -> ObjectKind.DICT;
            case KIND_QUEUE -> ObjectKind.QUEUE;
            case KIND_LIST -> ObjectKind.LIST;
            case KIND_NAMESPACE -> ObjectKind.NAMESPACE;
            case KIND_ARRAY -> ObjectKind.ARRAY;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> ObjectKind.UNKNOWN;
        };
    }
}
