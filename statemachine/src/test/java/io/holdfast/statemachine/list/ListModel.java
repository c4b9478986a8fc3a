// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListCommand.OperationCase;
import io.holdfast.protocol.v1.ListCount;
import io.holdfast.protocol.v1.ListExtent;
import io.holdfast.protocol.v1.ListFind;
import io.holdfast.protocol.v1.ListGet;
import io.holdfast.protocol.v1.ListPage;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.ListReply;
import io.holdfast.protocol.v1.ListSize;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.ListChild;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Wait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a list must be: an ArrayList, with Python's indexes and slices ({@link PythonList}). */
final class ListModel extends ObjectModel {
    final PythonList elements = new PythonList();
    private static final long UNKNOWN = -1;
    /** Commands that may touch more than an entry has work for. */
    private static final Set<OperationCase> LONG = EnumSet.of(
            OperationCase.REMOVE,
            OperationCase.SET_SLICE,
            OperationCase.DELETE_SLICE,
            OperationCase.REPEAT,
            OperationCase.REVERSE,
            OperationCase.SORT,
            OperationCase.ARRANGE,
            OperationCase.KEEP);

    /** Parked commands, by the order in which they parked. */
    private final TreeMap<Long, ListCommand> wanted = new TreeMap<>();

    private long contents;
    private long version;
    /** True while a command is in progress; the next fields are its order and what it has copied. */
    private boolean begun;

    private long inWork;
    private List<Value> copied = List.of();
    /** A collection of garbage has found that nothing reaches it, while commands waited. */
    private boolean condemned;

    ListModel(long id, Parameters parameters) {
        super(id, Kind.KIND_LIST, parameters);
        contents = id;
        version = id;
    }

    static List<Long> references(List<Value> values) {
        return values.stream()
                .flatMap(value -> value.hasReference()
                        ? List.of(value.getReference().getObject()).stream()
                        : references(value.getList().getElementsList()).stream())
                .toList();
    }

    @Override
    public void apply(Realm realm, Command command) {
        ListCommand operation = command.getList();
        if (realm.isParked() || !queue.isEmpty()) {
            park(realm, operation);
            return;
        }
        if (isLate(operation)) {
            tell(realm, new PythonList.Done(false, null, false), elements.all.size());
            return;
        }
        List<Value> before = List.copyOf(elements.all);
        PythonList.Result result = isRefused(operation, realm) ? null : elements.apply(operation);
        if (result == null) {
            return; // told already
        }
        if (result instanceof PythonList.Refused refused) {
            realm.refused(refused.code());
            return;
        }
        PythonList.Done done = (PythonList.Done) result;
        int size = elements.all.size(); // what it lets go of may be itself
        boolean isCleared = done.changed() && elements.all.isEmpty() && PythonList.empties(operation);
        if (isCleared) {
            realm.sweepLater(references(before));
        } else if (done.changed()) {
            settle(realm, operation, before);
        }
        tell(realm, done, size);
        contents = isCleared ? version : contents;
    }

    private boolean isLate(ListCommand operation) {
        return operation.hasIfVersion() && operation.getIfVersion() != version;
    }

    // Commands that are done in pieces, and those behind them.

    /** It waits behind others, or touches more than the entry has work for. */
    private void park(Realm realm, ListCommand operation) {
        if (isRefused(operation, realm)) {
            return;
        }
        PythonList.Result result = copy().apply(operation);
        boolean isLong = !isLate(operation)
                && LONG.contains(operation.getOperationCase())
                && (result instanceof PythonList.Refused refused
                        ? refused.code() == RefusalCode.WRONG_TYPE
                        : ((PythonList.Done) result).changed() || operation.hasRemove());
        unless(!queue.isEmpty() || isLong, Invariant.NO_LOST_WAKE_UP, "list %s: %s waits for nothing", id, operation);
        wanted.put(realm.park(this, 0, null).order(), operation);
        references(PythonList.values(operation)).forEach(realm::retain);
    }

    private PythonList copy() {
        PythonList copy = new PythonList();
        copy.all.addAll(elements.all);
        return copy;
    }

    @Override
    public long elements() {
        return elements.all.size();
    }

    @Override
    public boolean isUnserved(Realm realm) {
        return !queue.isEmpty();
    }

    @Override
    public void serve(Realm realm) {
        while (!queue.isEmpty()) {
            Wait next = queue.get(0);
            ListCommand operation = wanted.get(next.order());
            PythonList after = copy();
            PythonList.Result result =
                    isLate(operation) ? new PythonList.Done(false, null, false) : after.apply(operation);
            RefusalCode refusal = refusal(realm, next, result);
            if (!realm.isServed(next, outcome -> outcome.hasRefused() == (refusal != null))) {
                note(realm, next, after);
                return;
            }
            boolean wasBegun = begun;
            if (refusal != null || realm.isGone(next.session())) {
                abandon(realm);
                realm.unpark(next);
                if (!realm.isGone(next.session())) {
                    realm.refused(next, refusal);
                }
            } else {
                realm.unpark(next);
                change(realm, next, (PythonList.Done) result, after, wasBegun);
            }
            references(PythonList.values(wanted.remove(next.order()))).forEach(realm::release);
        }
    }

    private @Nullable RefusalCode refusal(Realm realm, Wait next, PythonList.Result result) {
        if (condemned) {
            return RefusalCode.OBJECT_DELETED;
        }
        if (realm.isStale(next)) {
            return RefusalCode.STALE_TOKEN;
        }
        return result instanceof PythonList.Refused refused ? refused.code() : null;
    }

    /** The first command is not done; how far it has come. */
    private void note(Realm realm, Wait next, PythonList after) {
        Long size = realm.copied(id);
        begun = size != null;
        int now = size == null || wanted.get(next.order()).hasSort() ? 0 : (int) (long) size;
        unless(
                now <= after.all.size(),
                Invariant.SEMANTICS,
                "a command to list %s has copied %s elements of %s",
                id,
                now,
                after.all.size());
        references(after.all.subList(copied.size(), now)).forEach(realm::retain);
        copied = List.copyOf(after.all.subList(0, now));
        inWork = next.order();
    }

    /** Leaves the copy of the command in work to be swept. */
    private void abandon(Realm realm) {
        realm.sweepLater(references(copied));
        copied = List.of();
        begun = false;
    }

    /** The command takes effect: at once, or because its copy is complete and becomes the list. */
    private void change(Realm realm, Wait wait, PythonList.Done done, PythonList after, boolean wasBegun) {
        List<Value> before = List.copyOf(elements.all);
        references(after.all.subList(Math.min(copied.size(), after.all.size()), after.all.size()))
                .forEach(realm::retain);
        copied = List.of();
        begun = false;
        elements.all.clear();
        elements.all.addAll(after.all);
        contents = UNKNOWN;
        tell(realm, wait, done, after.all.size());
        boolean isAtOnce = realm.hasWorkForAll() && !wasBegun && !PythonList.empties(wanted.get(wait.order()));
        if (isAtOnce) {
            references(before).forEach(realm::release);
        } else {
            realm.releaseOrSweep(references(before));
        }
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        if (begun && wait.order() == inWork) {
            abandon(realm);
        }
        forgotten(realm, wait);
    }

    @Override
    public void forgotten(Realm realm, Wait wait) {
        references(PythonList.values(wanted.remove(wait.order()))).forEach(realm::release);
    }

    private static boolean isRefused(ListCommand operation, Realm realm) {
        List<Value> values = PythonList.values(operation);
        boolean isMalformed = values.stream().anyMatch(PythonList::isMalformed)
                || (operation.hasRemove()
                        && PythonList.isMalformed(operation.getRemove().getValue()));
        if (isMalformed) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return true;
        }
        for (long reference : references(values)) {
            if (!realm.canBeReferredTo(reference)) {
                realm.refusedAsMissing(reference);
                return true;
            }
        }
        return false;
    }

    /** The version is the revision of the command that changed the list last. */
    private void tell(Realm realm, PythonList.Done done, int size) {
        realm.done(was -> reply(done, size, was));
    }

    private void tell(Realm realm, Wait wait, PythonList.Done done, int size) {
        realm.done(wait, was -> reply(done, size, was));
    }

    private Reply.Builder reply(PythonList.Done done, int size, Reply was) {
        version = done.changed() ? was.getRevision() : version;
        ListReply.Builder reply =
                ListReply.newBuilder().setDone(done.done()).setSize(size).setVersion(version);
        if (done.value() != null) {
            reply.setValue(done.value());
        }
        return Reply.newBuilder().setList(reply);
    }

    /** What is written is referred to before what was there is let go of. */
    private void settle(Realm realm, ListCommand operation, List<Value> before) {
        List<Long> added = operation.hasRepeat()
                ? references(elements.all.subList(before.size(), elements.all.size()))
                : references(PythonList.values(operation));
        added.forEach(realm::retain);
        List<Long> gone = new ArrayList<>(references(before));
        gone.addAll(added);
        references(elements.all).forEach(gone::remove);
        gone.forEach(realm::release);
    }

    @Override
    public List<Long> references() {
        List<Long> all = new ArrayList<>(references(elements.all));
        wanted.values().forEach(operation -> all.addAll(references(PythonList.values(operation))));
        return all;
    }

    @Override
    public void letGo(Realm realm, View after) {
        abandon(realm);
        if (!elements.all.isEmpty()) {
            realm.sweepLater(references(elements.all));
            elements.all.clear();
            ListRow row = after.get(Tables.LISTS, Tables.LISTS.key(id));
            contents = row == null ? contents : row.getContents();
            version = contents;
        }
        condemned = !queue.isEmpty();
        serve(realm);
    }

    @Override
    public void destroy(Realm realm) {
        abandon(realm);
        realm.sweepLater(references(elements.all));
        elements.all.clear();
    }

    @Override
    public void check(View view, Realm realm) {
        ListRow row = view.require(Tables.LISTS, Tables.LISTS.key(id));
        contents = contents == UNKNOWN ? row.getContents() : contents;
        Queues.check(view, this, row.getWaiters(), realm);
        unless(
                !row.hasWork() || !queue.isEmpty(),
                Invariant.CONSISTENT_ROWS,
                "list %s has work, and no command: %s",
                id,
                row.getWork());
        unless(
                row.getSize() == elements.all.size() && row.getVersion() == version && row.getContents() == contents,
                Invariant.SEMANTICS,
                "list %s of %s elements and version %s: %s",
                id,
                elements.all.size(),
                version,
                row);
        List<Value> stored = new ArrayList<>();
        int reached = row.getSize() == 0 ? 0 : walk(view, 0, stored);
        unless(stored.equals(elements.all), Invariant.SEMANTICS, "list %s is %s, not %s", id, stored, elements.all);
        int rows = view.scan(Tables.LIST_NODES, Tables.LIST_NODES.key(contents), Integer.MAX_VALUE)
                .size();
        unless(rows == reached, Invariant.CONSISTENT_ROWS, "list %s has %s nodes in %s rows", id, reached, rows);
        long bytes = stored.stream().mapToLong(Value::getSerializedSize).sum();
        unless(row.getBytes() == bytes, Invariant.CONSISTENT_ROWS, "list %s has %s bytes: %s", id, bytes, row);
    }

    /** Adds the elements under a node to those before; how many nodes there are. */
    private int walk(View view, long number, List<Value> stored) {
        ListNodeRow node = view.require(Tables.LIST_NODES, Tables.LIST_NODES.key(contents, number));
        stored.addAll(node.getElementsList());
        int nodes = 1;
        for (ListChild child : node.getChildrenList()) {
            int before = stored.size();
            nodes += walk(view, child.getNode(), stored);
            unless(
                    stored.size() - before == child.getCount(),
                    Invariant.CONSISTENT_ROWS,
                    "list %s: %s has %s elements",
                    id,
                    child,
                    stored.size() - before);
        }
        return nodes;
    }

    @Override
    public void checkGone(View view) {
        boolean gone = view.get(Tables.LISTS, Tables.LISTS.key(id)) == null
                && view.scan(Tables.LIST_NODES, Tables.LIST_NODES.key(contents), 1)
                        .isEmpty();
        unless(gone, Invariant.NOTHING_LEFT, "list %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        ListQuery.Builder query = ListQuery.newBuilder().setObject(id);
        switch (dice.below(5)) {
            case 0 -> query.setGet(ListGet.newBuilder().setIndex(ListRoom.index(dice, elements.all.size())));
            case 1 -> query.setSize(ListSize.getDefaultInstance());
            case 2 ->
                query.setFind(ListFind.newBuilder()
                        .setValue(ListRoom.plain(dice))
                        .setStart(ListRoom.index(dice, elements.all.size()))
                        .setStop(ListRoom.index(dice, elements.all.size()))
                        .setBackwards(dice.oneIn(2)));
            case 3 ->
                query.setCount(ListCount.newBuilder()
                        .setValue(ListRoom.plain(dice))
                        .setStart(dice.below(elements.all.size() + 2)));
            default ->
                query.setPage(ListPage.newBuilder()
                        .setSlice(ListRoom.slice(dice, elements.all.size()))
                        .setSkip(dice.below(4))
                        .setLimit(dice.between(1, 90)));
        }
        return Query.newBuilder().setList(query);
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        unless(isRight(query.getList(), answer), Invariant.SEMANTICS, "list %s: %s to %s", id, answer, query);
    }

    private boolean isRight(ListQuery query, Answer answer) {
        return switch (query.getQuestionCase()) {
            case GET -> {
                Integer place = elements.place(query.getGet().getIndex());
                yield place == null
                        ? answer.getRefused().getCode() == RefusalCode.OUT_OF_BOUNDS
                        : answer.getList().getValue().equals(elements.all.get(place));
            }
            case SIZE ->
                answer.getList()
                        .getExtent()
                        .equals(ListExtent.newBuilder()
                                .setSize(elements.all.size())
                                .setVersion(version)
                                .build());
            case FIND -> {
                Integer place = found(query.getFind());
                yield place == null
                        ? !answer.getList().getFound().hasIndex()
                        : answer.getList().getFound().hasIndex()
                                && answer.getList().getFound().getIndex() == place;
            }
            case COUNT ->
                answer.getList().getCounted().getCount()
                        == elements.all.stream()
                                .skip(query.getCount().getStart())
                                .filter(value ->
                                        PythonList.same(value, query.getCount().getValue()))
                                .count();
            case PAGE -> isRightPage(query.getPage(), answer);
            case QUESTION_NOT_SET -> false;
        };
    }

    private @Nullable Integer found(ListFind find) {
        List<Integer> places = elements.places(io.holdfast.protocol.v1.Slice.newBuilder()
                .setStart(find.getStart())
                .setStop(find.getStop())
                .build());
        IntStream equal = places.stream()
                .mapToInt(Integer::intValue)
                .filter(place -> PythonList.same(elements.all.get(place), find.getValue()));
        return (find.getBackwards() ? equal.max() : equal.min())
                .stream().boxed().findFirst().orElse(null);
    }

    private boolean isRightPage(ListPage page, Answer answer) {
        if (page.getSlice().hasStep() && page.getSlice().getStep() == 0) {
            return answer.getRefused().getCode() == RefusalCode.INVALID_ARGUMENT;
        }
        List<Integer> places = elements.places(page.getSlice());
        List<Value> expected = places.stream()
                .skip(page.getSkip())
                .limit(page.getLimit())
                .map(elements.all::get)
                .toList();
        return answer.getList().getElements().getElementsList().equals(expected)
                && answer.getList().getElements().getTotal() == places.size();
    }
}
