// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictContainsKey;
import io.holdfast.protocol.v1.DictGet;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.DictSize;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a dict must be: Java's map in insertion order, by the keys' texts. */
final class DictModel extends ObjectModel {
    private final Map<String, MapEntry> entries = new LinkedHashMap<>();
    private long contents;

    DictModel(long id, Parameters parameters) {
        super(id, Kind.KIND_DICT, parameters);
        contents = id;
    }

    /** The same for equal values only. */
    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case LIST ->
                value.getList().getElementsList().stream()
                        .map(DictModel::text)
                        .toList()
                        .toString();
            case MAP -> {
                Map<String, String> sorted = new TreeMap<>();
                value.getMap()
                        .getEntriesList()
                        .forEach(entry -> sorted.put(text(entry.getKey()), text(entry.getValue())));
                yield sorted.toString();
            }
            case INTEGER, NULL, BOOLEAN, REAL, BIG_INTEGER, TEXT, BINARY, REFERENCE, OPAQUE, KIND_NOT_SET ->
                Texts.tell(value);
        };
    }

    /** Whether it is one of those that are refused as keys, of the few that worlds use. */
    private static boolean isBadKey(Value key) {
        return key.getKindCase() == Value.KindCase.KIND_NOT_SET
                || key.hasOpaque()
                || key.hasReference()
                || (key.hasReal() && Double.isNaN(key.getReal()))
                || (key.hasList() && key.getList().getElementsList().stream().anyMatch(DictModel::isBadKey));
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
            case PUT ->
                put(realm, operation.getPut().getKey(), operation.getPut().getValue(), true);
            case PUT_IF_ABSENT ->
                put(
                        realm,
                        operation.getPutIfAbsent().getKey(),
                        operation.getPutIfAbsent().getValue(),
                        false);
            case REMOVE ->
                remove(
                        realm,
                        operation.getRemove().getKey(),
                        operation.getRemove().hasExpected()
                                ? operation.getRemove().getExpected()
                                : null);
            case REPLACE ->
                replace(
                        realm,
                        operation.getReplace().getKey(),
                        operation.getReplace().hasExpected()
                                ? operation.getReplace().getExpected()
                                : null,
                        operation.getReplace().getValue());
            case CLEAR -> clear(realm);
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private static boolean isRefused(Realm realm, Value key, @Nullable Value value) {
        if (isBadKey(key) || (value != null && value.getKindCase() == Value.KindCase.KIND_NOT_SET)) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return true;
        }
        if (value == null) {
            return false;
        }
        for (long reference : references(value)) {
            if (realm.object(reference) == null) {
                realm.refusedAsMissing(reference);
                return true;
            }
        }
        return false;
    }

    private void put(Realm realm, Value key, Value value, boolean overwrite) {
        if (isRefused(realm, key, value)) {
            return;
        }
        MapEntry before = entries.get(text(key));
        boolean done = before == null || overwrite;
        if (done) {
            write(realm, key, value, before);
        }
        tell(realm, before, done);
    }

    private void replace(Realm realm, Value key, @Nullable Value expected, Value value) {
        if (isRefused(realm, key, value)) {
            return;
        }
        MapEntry before = entries.get(text(key));
        boolean done = before != null && (expected == null || text(expected).equals(text(before.getValue())));
        if (done) {
            write(realm, key, value, before);
        }
        tell(realm, before, done);
    }

    private void write(Realm realm, Value key, Value value, @Nullable MapEntry before) {
        references(value).forEach(realm::retain);
        entries.put(
                text(key),
                MapEntry.newBuilder()
                        .setKey(before == null ? key : before.getKey())
                        .setValue(value)
                        .build());
        if (before != null) {
            references(before.getValue()).forEach(realm::release);
        }
    }

    private void remove(Realm realm, Value key, @Nullable Value expected) {
        if (isRefused(realm, key, null)) {
            return;
        }
        MapEntry before = entries.get(text(key));
        boolean done = before != null && (expected == null || text(expected).equals(text(before.getValue())));
        if (done) {
            entries.remove(text(key));
            references(before.getValue()).forEach(realm::release);
        }
        tell(realm, before, done);
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
            realm.sweepLater(contents, allReferences());
            entries.clear();
        }
        long revision = realm.done(Replied.acknowledged());
        contents = wasEmpty ? contents : revision;
    }

    private List<Long> allReferences() {
        return entries.values().stream()
                .flatMap(entry -> references(entry.getValue()).stream())
                .toList();
    }

    @Override
    public void destroy(Realm realm) {
        realm.sweepLater(contents, allReferences());
        entries.clear();
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
    }

    @Override
    public void checkGone(View view) {
        boolean gone = view.get(Tables.DICTS, Tables.DICTS.key(id)) == null
                && view.scan(Tables.DICT_ORDER, Tables.DICT_ORDER.key(contents), 1)
                        .isEmpty()
                && view.scan(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(contents), 1)
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
                MapEntry entry = entries.get(text(query.getGet().getKey()));
                yield isBadKey(query.getGet().getKey())
                        ? answer.getRefused().getCode() == RefusalCode.INVALID_ARGUMENT
                        : entry == null
                                ? answer.getDict().hasFound()
                                        && !answer.getDict().getFound().hasValue()
                                : answer.getDict().getFound().getValue().equals(entry.getValue());
            }
            case CONTAINS_KEY ->
                isBadKey(query.getContainsKey().getKey())
                        ? answer.getRefused().getCode() == RefusalCode.INVALID_ARGUMENT
                        : answer.getDict().getContains()
                                == entries.containsKey(
                                        text(query.getContainsKey().getKey()));
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
