// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictInspection;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import org.jspecify.annotations.Nullable;

/**
 * A map in insertion order. The row of an entry is found by its key; a second row, under the order in which the key
 * came, leads back to the key, and where it expires a third one does, under the time.
 */
public final class DictMachine implements Machine {
    /** Applies a command to the dict that it names. */
    public Outcome apply(Turn turn, DictCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        DictRow dict = turn.rows().get(Tables.DICTS, key(object));
        if (dict == null) {
            return Objects.missing(turn, object, Kind.KIND_DICT);
        }
        DictEntries entries = new DictEntries(turn, object, dict);
        Outcome outcome = apply(turn, entries, command);
        entries.letGo();
        return outcome;
    }

    private static Outcome apply(Turn turn, DictEntries entries, DictCommand command) {
        return switch (command.getOperationCase()) {
            case PUT -> put(turn, entries, command.getPut());
            case PUT_IF_ABSENT -> putIfAbsent(turn, entries, command.getPutIfAbsent());
            case REMOVE -> remove(entries, command.getRemove());
            case REPLACE -> replace(turn, entries, command.getReplace());
            case CLEAR -> clear(entries);
            case POP_ITEM -> popItem(entries);
            case UPDATE -> update(turn, entries, command.getUpdate());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome put(Turn turn, DictEntries entries, DictPut command) {
        Ttl ttl = new Ttl(command.hasTtlNanos(), command.getTtlNanos());
        Outcome refusal = refusal(turn, command.getKey(), command.getValue(), ttl);
        if (refusal != null) {
            return refusal;
        }
        DictEntryRow before = entries.find(command.getKey());
        entries.put(command.getKey(), command.getValue(), ttl.nanos(), before);
        return reply(before, true);
    }

    private static Outcome putIfAbsent(Turn turn, DictEntries entries, DictPutIfAbsent command) {
        Ttl ttl = new Ttl(command.hasTtlNanos(), command.getTtlNanos());
        Outcome refusal = refusal(turn, command.getKey(), command.getValue(), ttl);
        if (refusal != null) {
            return refusal;
        }
        DictEntryRow before = entries.find(command.getKey());
        if (before != null) {
            return reply(before, false);
        }
        entries.put(command.getKey(), command.getValue(), ttl.nanos(), null);
        return reply(null, true);
    }

    private static Outcome remove(DictEntries entries, DictRemove command) {
        Outcome refusal = refusal(command.getKey());
        if (refusal != null) {
            return refusal;
        }
        DictEntryRow before = entries.find(command.getKey());
        if (before == null || (command.hasExpected() && !Values.equal(before.getValue(), command.getExpected()))) {
            return reply(before, false);
        }
        entries.remove(command.getKey(), before);
        return reply(before, true);
    }

    private static Outcome replace(Turn turn, DictEntries entries, DictReplace command) {
        Ttl ttl = new Ttl(command.hasTtlNanos(), command.getTtlNanos());
        Outcome refusal = refusal(turn, command.getKey(), command.getValue(), ttl);
        if (refusal != null) {
            return refusal;
        }
        DictEntryRow before = entries.find(command.getKey());
        if (before == null || (command.hasExpected() && !Values.equal(before.getValue(), command.getExpected()))) {
            return reply(before, false);
        }
        entries.put(command.getKey(), command.getValue(), ttl.nanos(), before);
        return reply(before, true);
    }

    private static Outcome clear(DictEntries entries) {
        entries.clear();
        return Outcome.acknowledged();
    }

    private static Outcome popItem(DictEntries entries) {
        MapEntry last = entries.pop();
        return last == null
                ? reply(null, false)
                : reply(DictReply.newBuilder()
                        .setDone(true)
                        .setKey(last.getKey())
                        .setPrevious(last.getValue()));
    }

    private static Outcome update(Turn turn, DictEntries entries, DictUpdate command) {
        Ttl ttl = new Ttl(command.hasTtlNanos(), command.getTtlNanos());
        for (MapEntry entry : command.getEntriesList()) {
            Outcome refusal = refusal(turn, entry.getKey(), entry.getValue(), ttl);
            if (refusal != null) {
                return refusal;
            }
        }
        for (MapEntry entry : command.getEntriesList()) {
            entries.put(entry.getKey(), entry.getValue(), ttl.nanos(), entries.find(entry.getKey()));
        }
        return Outcome.acknowledged();
    }

    /** How long an entry is to live; 0 nanoseconds where it is not given: for ever. */
    private record Ttl(boolean isGiven, long nanos) {}

    private static @Nullable Outcome refusal(Turn turn, Value key, Value value, Ttl ttl) {
        Outcome refusal = refusal(key);
        if (refusal != null) {
            return refusal;
        }
        String problem = Values.problem(value);
        if (problem == null && ttl.isGiven() && ttl.nanos() == 0) {
            problem =
                    "an entry lives for a nanosecond or more, not for none; leave the time out, and it lives for ever";
        }
        return problem != null ? malformed(problem) : turn.objects().refusal(turn, Values.references(value));
    }

    private static @Nullable Outcome refusal(Value key) {
        Refusal tooLarge = Values.tooLarge(key);
        if (tooLarge != null) {
            return new Outcome.Refused(tooLarge);
        }
        String problem = Values.keyProblem(key);
        return problem == null ? null : malformed(problem);
    }

    private static Outcome malformed(String problem) {
        return Outcome.refused(RefusalCode.INVALID_ARGUMENT, "The command is malformed: " + problem + ".");
    }

    private static Outcome reply(@Nullable DictEntryRow before, boolean done) {
        DictReply.Builder reply = DictReply.newBuilder().setDone(done);
        if (before != null) {
            reply.setPrevious(before.getValue());
        }
        return reply(reply);
    }

    private static Outcome reply(DictReply.Builder reply) {
        return new Outcome.Done(Reply.newBuilder().setDict(reply));
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        turn.rows()
                .insert(
                        Tables.DICTS,
                        key(object),
                        DictRow.newBuilder().setContents(turn.revision()).build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        entries(turn, object).abandon();
        turn.rows().delete(Tables.DICTS, key(object));
        return false;
    }

    /** Entries have expired. */
    @Override
    public void due(Turn turn, ObjectId object) {
        DictEntries entries = entries(turn, object);
        entries.expire();
        entries.letGo();
    }

    private static DictEntries entries(Turn turn, ObjectId object) {
        return new DictEntries(turn, object, turn.rows().require(Tables.DICTS, key(object)));
    }

    @Override
    public Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        Key all =
                Tables.DICT_ENTRIES.key(view.require(Tables.DICTS, key(object)).getContents());
        return Traced.of(view, Tables.DICT_ENTRIES, all, from, limit, row -> Values.references(row.getValue()));
    }

    @Override
    public void letGo(Turn turn, ObjectId object) {
        entries(turn, object).clear();
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        inspection.setDict(DictInspection.newBuilder()
                .setSize(sight.view().require(Tables.DICTS, key(object)).getSize()));
    }

    private static Key key(ObjectId object) {
        return Tables.DICTS.key(object.value());
    }
}
