// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.protocol.v1.Acknowledged;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionWoken;
import io.holdfast.protocol.v1.DictAnswer;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictFound;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.EventAnswer;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockAcquired;
import io.holdfast.protocol.v1.LockForced;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.LockReply;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.NamedObject;
import io.holdfast.protocol.v1.NamesAnswer;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Opened;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.TimedOut;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueAnswer;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueInspection;
import io.holdfast.protocol.v1.ValueReply;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The objects of a {@link FakeCluster}: as much of their rules as a client's tests need. */
final class FakeObjects implements AutoCloseable {
    private final FakeCluster cluster;
    private final Map<String, Thing> byName = new TreeMap<>();
    private final Map<Long, Thing> byId = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private long revision = 100;

    private final FakeRooms rooms = new FakeRooms(this);

    /** One that waits; for a lock after a condition: how it was woken, otherwise null. */
    record Waiter(FakeCluster.Session session, long sequence, ConditionWoken.How how) {}

    static final class Thing {
        final long id;
        private final String name;
        final Parameters parameters;
        FakeCluster.Session holder;
        long token;
        boolean set;
        private Value value = Value.getDefaultInstance();
        final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
        /** Of a queue. */
        final ArrayDeque<Value> items = new ArrayDeque<>();
        /** Insertion order: the order keys are what pages go by. */
        private final TreeMap<Long, MapEntry> entries = new TreeMap<>();

        private final Map<Value, Long> order = new HashMap<>();

        Thing(long id, String name, Parameters parameters) {
            this.id = id;
            this.name = name;
            this.parameters = parameters;
            this.value = parameters.getValue().getInitial();
        }
    }

    FakeObjects(FakeCluster cluster) {
        this.cluster = cluster;
    }

    boolean isLocked(String name) {
        return byName.get(name).token != 0;
    }

    int waiters(String name) {
        return byName.get(name).waiters.size();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    void ended(FakeCluster.Session session) {
        for (Thing thing : byId.values()) {
            thing.waiters.removeIf(waiter -> waiter.session() == session);
            if (thing.holder == session) {
                free(thing);
            }
        }
    }

    void apply(FakeCluster.Session session, Command command) {
        revision++;
        for (Guard guard : command.getGuardsList()) {
            Thing lock = byId.get(guard.getLock());
            if (lock == null || lock.token != guard.getToken()) {
                refuse(session, command, RefusalCode.STALE_TOKEN);
                return;
            }
        }
        switch (command.getOperationCase()) {
            case OPEN -> open(session, command, command.getOpen());
            case DELETE -> {
                Thing gone = byName.remove(command.getDelete().getName());
                if (gone != null) {
                    byId.remove(gone.id);
                }
                done(session, command, reply().setDecided(gone != null));
            }
            case CANCEL -> cancel(session, command);
            case LOCK -> lock(session, command);
            case EVENT -> event(session, command);
            case VALUE -> value(session, command, command.getValue());
            case DICT -> dict(session, command, command.getDict());
            case CONDITION -> rooms.condition(session, command);
            case BARRIER -> rooms.barrier(session, command);
            case QUEUE -> rooms.queue(session, command);
            // As many permits as anybody wants: what the client makes of its own is what is tested.
            case SEMAPHORE -> acknowledge(session, command);
            case LIST, NAMESPACE, ARRAY, CREATE, DROP, REFUSED, OPERATION_NOT_SET ->
                cluster.violations.add("not for clients, or not here: " + command);
        }
    }

    private void open(FakeCluster.Session session, Command command, OpenObject open) {
        Thing known = byName.get(open.getName());
        boolean created = known == null;
        if (created) {
            known = new Thing(revision, open.getName(), open.getParameters());
            byName.put(known.name, known);
            byId.put(known.id, known);
        } else if (known.parameters.getKindCase() != open.getParameters().getKindCase()) {
            refuse(session, command, RefusalCode.OBJECT_MISMATCH);
            return;
        }
        done(
                session,
                command,
                reply().setOpened(Opened.newBuilder().setObject(known.id).setCreated(created)));
    }

    private void cancel(FakeCluster.Session session, Command command) {
        boolean ended = false;
        for (Thing thing : byId.values()) {
            ended |= endWait(thing, session, command.getCancel().getSequence(), refusal(RefusalCode.CANCELLED));
        }
        done(session, command, reply().setDecided(ended));
    }

    private boolean endWait(Thing thing, FakeCluster.Session session, long sequence, Outcome outcome) {
        if (thing.waiters.stream().anyMatch(waiter -> waiter.how() != null && waiter.sequence() == sequence)) {
            return false; // it waits for the lock, after a condition
        }
        boolean ended = thing.waiters.removeIf(waiter -> waiter.session() == session && waiter.sequence() == sequence);
        if (ended && !rooms.ended(thing, new Waiter(session, sequence, null), outcome)) {
            session.settle(sequence, outcome);
        }
        return ended;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the executor
    void park(Thing thing, FakeCluster.Session session, long sequence, boolean timed, long nanos) {
        session.park(sequence);
        thing.waiters.add(new Waiter(session, sequence, null));
        if (timed) {
            timer.schedule(
                    () -> cluster.locked(() -> endWait(
                            thing,
                            session,
                            sequence,
                            Outcome.newBuilder()
                                    .setDone(reply().setTimedOut(TimedOut.getDefaultInstance()))
                                    .build())),
                    nanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    private void lock(FakeCluster.Session session, Command command) {
        Thing lock = byId.get(command.getLock().getObject());
        if (lock == null) {
            refuse(session, command, RefusalCode.OBJECT_DELETED);
            return;
        }
        switch (command.getLock().getOperationCase()) {
            case ACQUIRE -> {
                var acquire = command.getLock().getAcquire();
                if (lock.token == 0) {
                    grant(lock, session, command.getSequence());
                } else if (acquire.hasTimeoutNanos() && acquire.getTimeoutNanos() == 0) {
                    done(session, command, reply().setTimedOut(TimedOut.getDefaultInstance()));
                } else {
                    park(lock, session, command.getSequence(), acquire.hasTimeoutNanos(), acquire.getTimeoutNanos());
                }
            }
            case RELEASE -> {
                long token = command.getLock().getRelease().getToken();
                if (lock.token == 0) {
                    refuse(session, command, RefusalCode.NOT_HELD);
                } else if (lock.holder != session) {
                    refuse(session, command, RefusalCode.HELD_BY_ANOTHER, lock.holder);
                } else if (token != 0 && token != lock.token) {
                    refuse(session, command, RefusalCode.NOT_HELD);
                } else {
                    acknowledge(session, command);
                    free(lock);
                }
            }
            case FORCE_RELEASE -> {
                done(
                        session,
                        command,
                        reply().setLock(LockReply.newBuilder()
                                .setForced(LockForced.newBuilder().setWasHeld(lock.token != 0))));
                free(lock);
            }
            case OPERATION_NOT_SET -> cluster.violations.add("empty: " + command);
        }
    }

    void grant(Thing lock, FakeCluster.Session session, long sequence) {
        lock.token = ++revision;
        lock.holder = session;
        session.settle(
                sequence,
                Outcome.newBuilder()
                        .setDone(reply().setLock(LockReply.newBuilder()
                                .setAcquired(LockAcquired.newBuilder().setToken(lock.token))))
                        .build());
    }

    void free(Thing lock) {
        lock.token = 0;
        lock.holder = null;
        passOn(lock);
    }

    void passOn(Thing lock) {
        Waiter next = lock.token == 0 ? lock.waiters.poll() : null;
        if (next != null && next.how() != null) {
            lock.token = ++revision;
            lock.holder = next.session();
            next.session().settle(next.sequence(), rooms.woken(next.how(), lock.token));
        } else if (next != null) {
            grant(lock, next.session(), next.sequence());
        }
    }

    Thing thing(long id) {
        return byId.get(id);
    }

    private void event(FakeCluster.Session session, Command command) {
        Thing event = byId.get(command.getEvent().getObject());
        switch (command.getEvent().getOperationCase()) {
            case SET -> {
                event.set = true;
                acknowledge(session, command);
                for (Waiter waiter = event.waiters.poll(); waiter != null; waiter = event.waiters.poll()) {
                    waiter.session().settle(waiter.sequence(), acknowledged());
                }
            }
            case CLEAR -> {
                event.set = false;
                acknowledge(session, command);
            }
            case WAIT -> {
                var wait = command.getEvent().getWait();
                if (event.set) {
                    acknowledge(session, command);
                } else if (wait.hasTimeoutNanos() && wait.getTimeoutNanos() == 0) {
                    done(session, command, reply().setTimedOut(TimedOut.getDefaultInstance()));
                } else {
                    park(event, session, command.getSequence(), wait.hasTimeoutNanos(), wait.getTimeoutNanos());
                }
            }
            case OPERATION_NOT_SET -> cluster.violations.add("empty: " + command);
        }
    }

    private void value(FakeCluster.Session session, Command command, ValueCommand operation) {
        Thing cell = byId.get(operation.getObject());
        Value before = cell.value;
        switch (operation.getOperationCase()) {
            case SET -> {
                cell.value = operation.getSet().getValue();
                acknowledge(session, command);
            }
            case COMPARE_AND_SET -> {
                boolean equal = before.equals(operation.getCompareAndSet().getExpected());
                if (equal) {
                    cell.value = operation.getCompareAndSet().getUpdate();
                }
                done(session, command, reply().setDecided(equal));
            }
            case GET_AND_SET -> {
                cell.value = operation.getGetAndSet().getValue();
                done(session, command, reply().setValue(ValueReply.newBuilder().setValue(before)));
            }
            case GET_AND_ADD ->
                add(session, command, cell, operation.getGetAndAdd().getDelta(), before);
            case ADD_AND_GET ->
                add(session, command, cell, operation.getAddAndGet().getDelta(), null);
            case OPERATION_NOT_SET -> cluster.violations.add("empty: " + command);
        }
    }

    private void add(FakeCluster.Session session, Command command, Thing cell, Value delta, Value answer) {
        if (!delta.hasInteger()) {
            refuse(session, command, RefusalCode.WRONG_TYPE);
            return;
        }
        try {
            cell.value = Value.newBuilder()
                    .setInteger(Math.addExact(cell.value.getInteger(), delta.getInteger()))
                    .build();
        } catch (ArithmeticException e) {
            refuse(session, command, RefusalCode.OUT_OF_RANGE);
            return;
        }
        done(
                session,
                command,
                reply().setValue(ValueReply.newBuilder().setValue(answer == null ? cell.value : answer)));
    }

    private void dict(FakeCluster.Session session, Command command, DictCommand operation) {
        Thing dict = byId.get(operation.getObject());
        DictReply.Builder answer = DictReply.newBuilder();
        switch (operation.getOperationCase()) {
            case PUT -> {
                var put = operation.getPut();
                previous(dict, put.getKey(), answer);
                write(dict, put.getKey(), put.getValue());
                answer.setDone(true);
            }
            case PUT_IF_ABSENT -> {
                var put = operation.getPutIfAbsent();
                if (!previous(dict, put.getKey(), answer)) {
                    write(dict, put.getKey(), put.getValue());
                    answer.setDone(true);
                }
            }
            case REMOVE -> {
                var remove = operation.getRemove();
                if (previous(dict, remove.getKey(), answer)
                        && (!remove.hasExpected() || answer.getPrevious().equals(remove.getExpected()))) {
                    dict.entries.remove(dict.order.remove(remove.getKey()));
                    answer.setDone(true);
                }
            }
            case REPLACE -> {
                var replace = operation.getReplace();
                if (previous(dict, replace.getKey(), answer)
                        && (!replace.hasExpected() || answer.getPrevious().equals(replace.getExpected()))) {
                    write(dict, replace.getKey(), replace.getValue());
                    answer.setDone(true);
                }
            }
            case CLEAR -> {
                dict.entries.clear();
                dict.order.clear();
                acknowledge(session, command);
                return;
            }
            case POP_ITEM -> {
                var last = dict.entries.pollLastEntry();
                if (last != null) {
                    dict.order.remove(last.getValue().getKey());
                    answer.setDone(true)
                            .setKey(last.getValue().getKey())
                            .setPrevious(last.getValue().getValue());
                }
            }
            case UPDATE -> {
                for (MapEntry entry : operation.getUpdate().getEntriesList()) {
                    revision++; // what orders new entries
                    write(dict, entry.getKey(), entry.getValue());
                }
                acknowledge(session, command);
                return;
            }
            case OPERATION_NOT_SET -> cluster.violations.add("empty: " + command);
        }
        done(session, command, reply().setDict(answer));
    }

    private static boolean previous(Thing dict, Value key, DictReply.Builder answer) {
        Long at = dict.order.get(key);
        if (at != null) {
            answer.setPrevious(dict.entries.get(at).getValue());
        }
        return at != null;
    }

    private void write(Thing dict, Value key, Value value) {
        long at = dict.order.computeIfAbsent(key, absent -> revision);
        dict.entries.put(at, MapEntry.newBuilder().setKey(key).setValue(value).build());
    }

    // ---- questions ------------------------------------------------------------------------------

    Answer answer(Query query) {
        Answer.Builder answer = Answer.newBuilder().setRevision(revision);
        switch (query.getQuestionCase()) {
            case INSPECT -> inspect(query.getInspect(), answer);
            case NAMES -> {
                NamesAnswer.Builder names = NamesAnswer.newBuilder();
                byName.values().stream()
                        .filter(thing -> thing.name.startsWith(query.getNames().getPrefix()))
                        .forEach(thing -> names.addObjects(NamedObject.newBuilder()
                                .setName(thing.name)
                                .setObject(thing.id)
                                .setKind(kindOf(thing))));
                answer.setNames(names);
            }
            case EVENT ->
                answer.setEvent(EventAnswer.newBuilder()
                        .setSet(byId.get(query.getEvent().getObject()).set));
            case VALUE ->
                answer.setValue(ValueAnswer.newBuilder()
                        .setValue(byId.get(query.getValue().getObject()).value));
            case DICT -> answer.setDict(dictAnswer(query.getDict()));
            case QUEUE, LIST, NAMESPACE, ARRAY -> cluster.violations.add("not here: " + query);
            case OPEN_CURSOR, CLOSE_CURSOR, QUESTION_NOT_SET -> cluster.violations.add("empty: " + query);
        }
        return answer.build();
    }

    private DictAnswer dictAnswer(DictQuery query) {
        Thing dict = byId.get(query.getObject());
        DictAnswer.Builder answer = DictAnswer.newBuilder();
        switch (query.getQuestionCase()) {
            case GET -> {
                Long at = dict.order.get(query.getGet().getKey());
                DictFound.Builder found = DictFound.newBuilder();
                if (at != null) {
                    found.setValue(dict.entries.get(at).getValue());
                }
                answer.setFound(found);
            }
            case CONTAINS_KEY ->
                answer.setContains(dict.order.containsKey(query.getContainsKey().getKey()));
            case SIZE -> answer.setSize(dict.entries.size());
            case PAGE -> {
                DictEntries.Builder page = DictEntries.newBuilder();
                long last = 0;
                // Pages of two at most: that a client pages is what is tested.
                for (var entry :
                        dict.entries.tailMap(query.getPage().getAfter(), false).entrySet()) {
                    if (page.getEntriesCount() == Math.min(2, query.getPage().getLimit())) {
                        page.setNext(last);
                        break;
                    }
                    page.addEntries(entry.getValue());
                    last = entry.getKey();
                }
                answer.setEntries(page);
            }
            case QUESTION_NOT_SET -> cluster.violations.add("empty: " + query);
        }
        return answer.build();
    }

    private void inspect(InspectQuery query, Answer.Builder answer) {
        Thing thing = query.getObject() != 0 ? byId.get(query.getObject()) : byName.get(query.getName());
        if (thing == null) {
            answer.setRefused(Refusal.newBuilder().setCode(RefusalCode.NO_SUCH_OBJECT));
            return;
        }
        Inspection.Builder told = Inspection.newBuilder()
                .setObject(thing.id)
                .setName(thing.name)
                .setKind(kindOf(thing))
                .setParameters(thing.parameters)
                .setCreated(thing.id);
        switch (thing.parameters.getKindCase()) {
            case LOCK -> {
                LockInspection.Builder lock =
                        LockInspection.newBuilder().setHeld(thing.token != 0).setToken(thing.token);
                if (thing.holder != null) {
                    lock.setHolder(owner(thing.holder));
                }
                lock.getWaitersBuilder().setTotal(thing.waiters.size());
                told.setLock(lock);
            }
            case EVENT -> told.getEventBuilder().setSet(thing.set);
            case VALUE -> told.setValue(ValueInspection.newBuilder().setValue(thing.value));
            case DICT -> told.getDictBuilder().setSize(thing.entries.size());
            case CONDITION ->
                told.getConditionBuilder()
                        .setLock(thing.parameters.getCondition().getLock())
                        .getWaitersBuilder()
                        .setTotal(thing.waiters.size());
            case BARRIER ->
                told.getBarrierBuilder()
                        .setBroken(thing.set)
                        .getWaitersBuilder()
                        .setTotal(thing.waiters.size());
            case RLOCK, SEMAPHORE, QUEUE, LIST, NAMESPACE, ARRAY ->
                cluster.violations.add("not here: " + thing.parameters);
            case KIND_NOT_SET -> cluster.violations.add("no kind");
        }
        answer.setInspection(told);
    }

    private static Kind kindOf(Thing thing) {
        return switch (thing.parameters.getKindCase()) {
            case LOCK -> Kind.KIND_LOCK;
            case EVENT -> Kind.KIND_EVENT;
            case VALUE -> Kind.KIND_VALUE;
            case DICT -> Kind.KIND_DICT;
            case RLOCK -> Kind.KIND_RLOCK;
            case SEMAPHORE -> Kind.KIND_SEMAPHORE;
            case CONDITION -> Kind.KIND_CONDITION;
            case BARRIER -> Kind.KIND_BARRIER;
            case QUEUE -> Kind.KIND_QUEUE;
            case LIST -> Kind.KIND_LIST;
            case NAMESPACE -> Kind.KIND_NAMESPACE;
            case ARRAY -> Kind.KIND_ARRAY;
            case KIND_NOT_SET -> Kind.KIND_UNSPECIFIED;
        };
    }

    private static Owner owner(FakeCluster.Session session) {
        return Owner.newBuilder()
                .setSession(session.id)
                .setClientName(session.clientName)
                .setHost("host")
                .build();
    }

    Reply.Builder reply() {
        return Reply.newBuilder().setRevision(revision);
    }

    Outcome acknowledged() {
        return Outcome.newBuilder()
                .setDone(reply().setAcknowledged(Acknowledged.getDefaultInstance()))
                .build();
    }

    void acknowledge(FakeCluster.Session session, Command command) {
        session.settle(command.getSequence(), acknowledged());
    }

    static void done(FakeCluster.Session session, Command command, Reply.Builder reply) {
        session.settle(
                command.getSequence(), Outcome.newBuilder().setDone(reply).build());
    }

    static void refuse(FakeCluster.Session session, Command command, RefusalCode code) {
        session.settle(command.getSequence(), refusal(code));
    }

    private static void refuse(
            FakeCluster.Session session, Command command, RefusalCode code, FakeCluster.Session holder) {
        session.settle(
                command.getSequence(),
                Outcome.newBuilder()
                        .setRefused(Refusal.newBuilder()
                                .setCode(code)
                                .setDetail("refused")
                                .setHolder(owner(holder)))
                        .build());
    }

    static Outcome refusal(RefusalCode code) {
        return Outcome.newBuilder()
                .setRefused(Refusal.newBuilder().setCode(code).setDetail("refused: " + code))
                .build();
    }
}
