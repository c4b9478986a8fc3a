// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.dict.DictWords;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A graph of dicts that is rewired while garbage is collected a row or two an entry: what can be reached stays as it is,
 * and what could not be when a collection began is gone when it ends.
 */
public final class GarbageWorld {
    private static final int KEYS = 4;
    private static final int ROOTS = 3;

    private final Dice dice;
    private final Script script = new Script();
    private final SessionId session = script.open("a");
    private final Set<Long> roots = new TreeSet<>();
    /** What each dict refers to, by key. */
    private final Map<Long, Map<Integer, Long>> dicts = new TreeMap<>();
    /** What nothing reached when the collection began. */
    private final Set<Long> unreached = new TreeSet<>();

    private boolean collecting;

    public GarbageWorld(long seed) {
        dice = new Dice(seed);
        for (int i = 0; i < ROOTS; i++) {
            long root =
                    script.openObject(session, "root" + i, DictWords.PARAMETERS).value();
            roots.add(root);
            dicts.put(root, new TreeMap<>());
        }
    }

    /** Lives for so many steps; what is wrong is thrown. */
    public void run(int steps) {
        for (int step = 0; step < steps; step++) {
            act();
            if (!collecting && dice.oneIn(15)) {
                begin();
            }
            if (dice.oneIn(100)) {
                script.restart();
            }
        }
        for (int i = 0; i < 2; i++) { // the one that is on its way, and one for what it has missed
            finish();
            begin();
            finish();
        }
        dicts.keySet().retainAll(reached());
        unless(
                script.view()
                                .scan(Tables.OBJECTS, Tables.OBJECTS.key(), Integer.MAX_VALUE)
                                .size()
                        == dicts.size(),
                Invariant.GARBAGE,
                "more is left than %s",
                dicts);
    }

    /** The name of the invariant that is violated within so many steps; empty: none. */
    public static String violated(long seed, int steps) {
        try {
            new GarbageWorld(seed).run(steps);
            return "";
        } catch (Violation violation) {
            return violation.invariant().name();
        }
    }

    private void act() {
        List<Long> reached = List.copyOf(reached());
        long from = dice.pick(reached);
        int key = dice.below(KEYS);
        switch (dice.below(10)) {
            case 0, 1, 2 -> create(from, key);
            case 3, 4 -> put(from, key, dice.pick(reached));
            case 5, 6 -> remove(from, key);
            case 7 -> put(from, key, dice.pick(List.copyOf(dicts.keySet()))); // by a client that remembers it
            default -> move(from, key, dice.pick(reached));
        }
        check();
    }

    private void create(long in, int key) {
        Outcome created =
                call(Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(DictWords.PARAMETERS)));
        long object = created.getDone().getOpened().getObject();
        dicts.put(object, new TreeMap<>());
        put(in, key, object);
        call(Command.newBuilder().setDrop(DropHandle.newBuilder().setObject(object)));
    }

    private void put(long in, int key, long object) {
        Outcome outcome =
                call(DictWords.put(new ObjectId(in), Texts.integer(key), Texts.reference(new ObjectId(object))));
        if (outcome.hasDone()) {
            dicts.get(in).put(key, object);
            unreached.removeAll(closure(Set.of(object)));
        } else {
            unless(
                    outcome.getRefused().getCode() == RefusalCode.OBJECT_DELETED
                            && !reached().contains(object),
                    Invariant.GARBAGE,
                    "%s can be reached, and is told as %s",
                    object,
                    outcome);
        }
    }

    private void remove(long from, int key) {
        call(DictWords.remove(new ObjectId(from), Texts.integer(key)));
        dicts.get(from).remove(key);
    }

    private void move(long from, int key, long to) {
        Long object = dicts.get(from).get(key);
        if (object != null) {
            put(to, dice.below(KEYS), object);
            if (reached().contains(from)) {
                remove(from, key);
            }
        }
    }

    private Outcome call(Command.Builder command) {
        Outcome outcome = script.call(session, command);
        unless(outcome.getRefused().getCode() != RefusalCode.INTERNAL, Invariant.NO_FAULT, "%s met a fault", command);
        noteEnd();
        return outcome;
    }

    private void begin() {
        collecting = true;
        dicts.keySet().removeIf(object -> script.view().get(Tables.OBJECTS, Tables.OBJECTS.key(object)) == null);
        unreached.addAll(dicts.keySet());
        unreached.removeAll(reached());
        script.collect(dice.between(1, 3));
    }

    private void finish() {
        for (int steps = 0; collecting; steps++) {
            unless(steps < 10_000, Invariant.GARBAGE, "a collection does not end");
            script.tick(0);
            noteEnd();
        }
        check();
    }

    private void noteEnd() {
        if (script.applied().collected() != null) {
            unless(collecting && !script.applied().collected().failed(), Invariant.GARBAGE, "a collection failed");
            collecting = false;
            for (long object : unreached) {
                unless(
                        script.view().get(Tables.OBJECTS, Tables.OBJECTS.key(object)) == null,
                        Invariant.GARBAGE,
                        "%s is left",
                        object);
            }
            unreached.clear();
        }
    }

    /** All that can be reached is as it was made. */
    private void check() {
        for (long object : reached()) {
            DictRow row = script.view().get(Tables.DICTS, Tables.DICTS.key(object));
            unless(
                    row != null && row.getSize() == dicts.get(object).size(),
                    Invariant.GARBAGE,
                    "dict %s is %s, not %s",
                    object,
                    row,
                    dicts.get(object));
        }
    }

    private Set<Long> reached() {
        return closure(roots);
    }

    private Set<Long> closure(Set<Long> from) {
        Set<Long> reached = new TreeSet<>(from);
        Deque<Long> toFollow = new ArrayDeque<>(from);
        while (!toFollow.isEmpty()) {
            for (long reference : dicts.get(toFollow.remove()).values()) {
                if (reached.add(reference)) {
                    toFollow.add(reference);
                }
            }
        }
        return reached;
    }
}
