// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictContainsKey;
import io.holdfast.protocol.v1.DictGet;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.DictSize;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.DictOrderRow;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a dict must be: Java's map in insertion order, by the keys' texts. */
final class DictModel extends ObjectModel {
    private final Map<String, MapEntry> entries = new LinkedHashMap<>();
    /** By the keys' texts. */
    private final Map<String, Long> deadlines = new TreeMap<>();
    /** When it is to be woken: at the first deadline that there has been since it was woken last; null: not at all. */
    private @Nullable Long alarm;
    /** What it refers to no more once the command is through. */
    private final List<Long> left = new ArrayList<>();

    private long contents;

    DictModel(long id, Parameters parameters) {
        super(id, Kind.KIND_DICT, parameters);
        contents = id;
    }

    private static List<Long> references(Value value) {
        if (value.hasReference()) {
            return List.of(value.getReference().getObject());
        }
        return value.getList().getElementsList().stream()
                .flatMap(element -> references(element).stream())
                .toList();
    }

    @Override
    public void apply(Realm realm, Command command) {
        DictCommand operation = command.getDict();
        switch (operation.getOperationCase()) {
            case PUT -> {
                DictPut put = operation.getPut();
                put(realm, put.getKey(), put.getValue(), put.hasTtlNanos() ? put.getTtlNanos() : null, true);
            }
            case PUT_IF_ABSENT -> {
                DictPutIfAbsent put = operation.getPutIfAbsent();
                put(realm, put.getKey(), put.getValue(), put.hasTtlNanos() ? put.getTtlNanos() : null, false);
            }
            case REMOVE ->
                remove(
                        realm,
                        operation.getRemove().getKey(),
                        operation.getRemove().hasExpected()
                                ? operation.getRemove().getExpected()
                                : null);
            case REPLACE -> replace(realm, operation.getReplace());
            case CLEAR -> clear(realm);
            case POP_ITEM -> popItem(realm);
            case UPDATE -> update(realm, operation.getUpdate());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private static boolean isRefused(Realm realm, Value key, @Nullable Value value, @Nullable Long ttl) {
        boolean noTime = ttl != null && ttl == 0;
        if (ValueTexts.isBadKey(key)
                || noTime
                || (value != null && value.getKindCase() == Value.KindCase.KIND_NOT_SET)) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return true;
        }
        if (value == null) {
            return false;
        }
        for (long reference : references(value)) {
            if (!realm.canBeReferredTo(reference)) {
                realm.refusedAsMissing(reference);
                return true;
            }
        }
        return false;
    }

    private void put(Realm realm, Value key, Value value, @Nullable Long ttl, boolean overwrite) {
        if (isRefused(realm, key, value, ttl)) {
            return;
        }
        MapEntry before = entries.get(ValueTexts.text(key));
        boolean done = before == null || overwrite;
        if (done) {
            write(realm, key, value, ttl);
        }
        letGo(realm);
        tell(realm, before, done);
    }

    private void replace(Realm realm, DictReplace command) {
        Value key = command.getKey();
        Long ttl = command.hasTtlNanos() ? (Long) command.getTtlNanos() : null;
        if (isRefused(realm, key, command.getValue(), ttl)) {
            return;
        }
        MapEntry before = entries.get(ValueTexts.text(key));
        boolean done = before != null
                && (!command.hasExpected()
                        || ValueTexts.text(command.getExpected()).equals(ValueTexts.text(before.getValue())));
        if (done) {
            write(realm, key, command.getValue(), ttl);
        }
        letGo(realm);
        tell(realm, before, done);
    }

    private void write(Realm realm, Value key, Value value, @Nullable Long ttl) {
        references(value).forEach(realm::retain);
        MapEntry before = entries.get(ValueTexts.text(key));
        entries.put(
                ValueTexts.text(key),
                MapEntry.newBuilder()
                        .setKey(before == null ? key : before.getKey())
                        .setValue(value)
                        .build());
        if (before != null) {
            left.addAll(references(before.getValue()));
        }
        deadlines.remove(ValueTexts.text(key));
        if (ttl != null) {
            long most = Long.MAX_VALUE - 1;
            long deadline = ttl < 0 || ttl > most - realm.now() ? most : realm.now() + ttl;
            deadlines.put(ValueTexts.text(key), deadline);
            if (alarm == null || deadline < alarm) {
                arm(realm, deadline);
            }
        }
    }

    private void arm(Realm realm, @Nullable Long deadline) {
        if (alarm != null) {
            realm.disarm(alarm, this);
        }
        alarm = deadline;
        if (deadline != null) {
            realm.arm(deadline, this);
        }
    }

    /** All that is due is gone, the earliest first and, of one deadline, the one that was inserted first. */
    @Override
    public void due(Realm realm) {
        alarm = null;
        List<String> due = entries.keySet().stream()
                .filter(key -> deadlines.getOrDefault(key, Long.MAX_VALUE) <= realm.now())
                .sorted(Comparator.comparing(deadlines::get))
                .toList();
        Long left = realm.dictSize(id); // where it has gone with what it let go of, all has gone
        int gone = left == null ? due.size() : (int) Math.max(0, entries.size() - left);
        unless(
                gone <= due.size() && (gone > 0 || due.isEmpty()),
                Invariant.TIMERS,
                "%s entries of dict %s have expired, and these are due: %s",
                gone,
                id,
                due);
        due.subList(0, gone).forEach(this::drop);
        Long next = deadlines.values().stream().min(Comparator.naturalOrder()).orElse(null);
        arm(realm, next == null ? null : Math.max(next, realm.now() + 1));
        letGo(realm);
    }

    private void drop(String key) {
        left.addAll(references(entries.remove(key).getValue()));
        deadlines.remove(key);
    }

    private void letGo(Realm realm) {
        List.copyOf(left).forEach(realm::release);
        left.clear();
    }

    private void remove(Realm realm, Value key, @Nullable Value expected) {
        if (isRefused(realm, key, null, null)) {
            return;
        }
        MapEntry before = entries.get(ValueTexts.text(key));
        boolean done = before != null
                && (expected == null || ValueTexts.text(expected).equals(ValueTexts.text(before.getValue())));
        if (done) {
            drop(ValueTexts.text(key));
        }
        letGo(realm);
        tell(realm, before, done);
    }

    private void popItem(Realm realm) {
        if (entries.isEmpty()) {
            tell(realm, null, false);
            return;
        }
        String last = List.copyOf(entries.keySet()).get(entries.size() - 1);
        MapEntry entry = entries.get(last);
        drop(last);
        letGo(realm);
        realm.done(Reply.newBuilder()
                .setDict(DictReply.newBuilder()
                        .setDone(true)
                        .setKey(entry.getKey())
                        .setPrevious(entry.getValue())));
    }

    private void update(Realm realm, DictUpdate command) {
        Long ttl = command.hasTtlNanos() ? (Long) command.getTtlNanos() : null;
        for (MapEntry entry : command.getEntriesList()) {
            if (isRefused(realm, entry.getKey(), entry.getValue(), ttl)) {
                return;
            }
        }
        command.getEntriesList().forEach(entry -> write(realm, entry.getKey(), entry.getValue(), ttl));
        letGo(realm);
        realm.acknowledged();
    }

    private static void tell(Realm realm, @Nullable MapEntry before, boolean done) {
        DictReply.Builder reply = DictReply.newBuilder().setDone(done);
        if (before != null) {
            reply.setPrevious(before.getValue());
        }
        realm.done(Reply.newBuilder().setDict(reply));
    }

    private void clear(Realm realm) {
        boolean wasEmpty = entries.isEmpty();
        if (!wasEmpty) {
            abandon(realm);
        }
        long revision = realm.done(Replied.acknowledged());
        contents = wasEmpty ? contents : revision;
    }

    @Override
    public List<Long> references() {
        return entries.values().stream()
                .flatMap(entry -> references(entry.getValue()).stream())
                .toList();
    }

    @Override
    public void letGo(Realm realm, View after) {
        if (!entries.isEmpty()) {
            abandon(realm);
        }
        DictRow row = after.get(Tables.DICTS, Tables.DICTS.key(id));
        contents = row == null ? contents : row.getContents();
    }

    @Override
    public void destroy(Realm realm) {
        abandon(realm);
    }

    private void abandon(Realm realm) {
        if (!entries.isEmpty()) {
            realm.sweepLater(references());
        }
        entries.clear();
        deadlines.clear();
        arm(realm, null);
    }

    @Override
    public void check(View view, Realm realm) {
        DictRow row = view.require(Tables.DICTS, Tables.DICTS.key(id));
        unless(row.getSize() == entries.size(), Invariant.SEMANTICS, "dict %s has size %s", id, row.getSize());
        List<MapEntry> stored = new ArrayList<>();
        for (View.Row<DictOrderRow> place :
                view.scan(Tables.DICT_ORDER, Tables.DICT_ORDER.key(row.getContents()), Integer.MAX_VALUE)) {
            Value key = place.row().getKey();
            byte[] bytes = io.holdfast.statemachine.values.Values.keyBytes(key);
            stored.add(MapEntry.newBuilder()
                    .setKey(key)
                    .setValue(view.require(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(row.getContents(), bytes))
                            .getValue())
                    .build());
        }
        unless(
                stored.equals(List.copyOf(entries.values())),
                Invariant.SEMANTICS,
                "dict %s holds %s, not %s",
                id,
                stored,
                entries);
        int rows = view.scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(row.getContents()), Integer.MAX_VALUE)
                .size();
        unless(
                rows == entries.size(),
                Invariant.CONSISTENT_ROWS,
                "dict %s has %s entries in %s rows",
                id,
                entries,
                rows);
        checkDeadlines(view, row);
    }

    private void checkDeadlines(View view, DictRow row) {
        Map<String, Long> stored = new TreeMap<>();
        view.scan(Tables.DICT_EXPIRIES, Tables.DICT_EXPIRIES.key(row.getContents()), Integer.MAX_VALUE)
                .forEach(expiry -> stored.put(
                        ValueTexts.text(expiry.row().getKey()), expiry.key().number(1)));
        unless(
                stored.equals(deadlines),
                Invariant.SEMANTICS,
                "entries of dict %s expire at %s, not at %s",
                id,
                stored,
                deadlines);
        unless(
                row.getAlarm() == (alarm == null ? 0 : alarm),
                Invariant.TIMERS,
                "dict %s is to be woken at %s, not at %s",
                id,
                row.getAlarm(),
                alarm);
    }

    @Override
    public void checkGone(View view) {
        boolean gone = view.get(Tables.DICTS, Tables.DICTS.key(id)) == null
                && view.scan(Tables.DICT_ORDER, Tables.DICT_ORDER.key(contents), 1)
                        .isEmpty()
                && view.scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(contents), 1)
                        .isEmpty()
                && view.scan(Tables.DICT_EXPIRIES, Tables.DICT_EXPIRIES.key(contents), 1)
                        .isEmpty();
        unless(gone, Invariant.NOTHING_LEFT, "dict %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        DictQuery.Builder query = DictQuery.newBuilder().setObject(id);
        switch (dice.below(4)) {
            case 0 -> query.setGet(DictGet.newBuilder().setKey(DictRoom.key(dice)));
            case 1 -> query.setContainsKey(DictContainsKey.newBuilder().setKey(DictRoom.key(dice)));
            case 2 -> query.setSize(DictSize.getDefaultInstance());
            default -> query.setPage(DictPage.newBuilder().setLimit(dice.between(1, 9)));
        }
        return Query.newBuilder().setDict(query);
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        unless(isRight(query.getDict(), answer), Invariant.SEMANTICS, "dict %s: %s to %s", id, answer, query);
    }

    private boolean isRight(DictQuery query, Answer answer) {
        return switch (query.getQuestionCase()) {
            case GET -> {
                MapEntry entry = entries.get(ValueTexts.text(query.getGet().getKey()));
                yield ValueTexts.isBadKey(query.getGet().getKey())
                        ? answer.getRefused().getCode() == RefusalCode.INVALID_ARGUMENT
                        : entry == null
                                ? answer.getDict().hasFound()
                                        && !answer.getDict().getFound().hasValue()
                                : answer.getDict().getFound().getValue().equals(entry.getValue());
            }
            case CONTAINS_KEY ->
                ValueTexts.isBadKey(query.getContainsKey().getKey())
                        ? answer.getRefused().getCode() == RefusalCode.INVALID_ARGUMENT
                        : answer.getDict().getContains()
                                == entries.containsKey(
                                        ValueTexts.text(query.getContainsKey().getKey()));
            case SIZE -> answer.getDict().getSize() == entries.size();
            case PAGE ->
                answer.getDict()
                                .getEntries()
                                .getEntriesList()
                                .equals(entries.values().stream()
                                        .limit(query.getPage().getLimit())
                                        .toList())
                        && (answer.getDict().getEntries().getNext() == 0
                                || entries.size() >= query.getPage().getLimit());
            case QUESTION_NOT_SET -> false;
        };
    }
}
