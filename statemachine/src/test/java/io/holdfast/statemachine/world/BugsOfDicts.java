// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of dicts: keys, references, the order of insertion and expiry. */
final class BugsOfDicts {
    private BugsOfDicts() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "a dict takes maps with other orders for other keys",
                        Invariant.SEMANTICS,
                        "values/Values.java",
                        "return canonical(key).toByteArray();",
                        "return key.toByteArray();"),
                SeededBug.of(
                        "removing an entry of a dict does not look at what was expected",
                        Invariant.SEMANTICS,
                        "dict/DictMachine.java",
                        """
                        (command.hasExpected() && !Values.equal(before.getValue(), command.getExpected()))) {
                            return reply(before, false);
                        }
                        entries.remove(
                        """,
                        "false) { return reply(before, false); } entries.remove("),
                SeededBug.of(
                        "a reference is counted twice",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "dict/DictEntries.java",
                        "Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));",
                        """
                        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
                        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
                        """),
                SeededBug.of(
                        "a reference is not released when its entry is overwritten",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "leave(before); }",
                        "}"),
                SeededBug.of(
                        "popitem forgets the order",
                        Invariant.SEMANTICS,
                        "dict/DictEntries.java",
                        "turn.rows().last(Tables.DICT_ORDER, from, to);",
                        "turn.rows().scan(Tables.DICT_ORDER, from, to, 1).get(0);"),
                SeededBug.of(
                        "popitem looks no further than to the entry that came last of all",
                        Set.of(Invariant.NO_FAULT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "Key from = Tables.DICT_ORDER.key(dict.getContents()); Key to",
                        "Key from = Tables.DICT_ORDER.key(dict.getContents(), dict.getLastOrder()); Key to"),
                SeededBug.of(
                        "the time to live of an entry outlives the value that it was for",
                        Set.of(Invariant.NO_FAULT, Invariant.SEMANTICS),
                        "dict/DictEntries.java",
                        "expiresNoMore(before); leave(before); }",
                        "leave(before); }"),
                SeededBug.of(
                        "what an expired entry referred to is not released",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictMachine.java",
                        "entries.expire(); entries.letGo();",
                        "entries.expire();"),
                SeededBug.of(
                        "the timer of a dict is not armed for what expires later",
                        Invariant.TIMERS,
                        "dict/DictEntries.java",
                        "arm(Math.max(deadline, turn.now() + 1));",
                        ""),
                SeededBug.of(
                        "a cleared dict is woken for what it held",
                        Set.of(Invariant.TIMERS, Invariant.NO_FAULT),
                        "dict/DictEntries.java",
                        "turn.objects().sweeps().add(turn, Contents.DICT, dict.getContents()); arm(0);",
                        "turn.objects().sweeps().add(turn, Contents.DICT, dict.getContents());"),
                SeededBug.of(
                        "an update that is refused half-way leaves the first half",
                        Invariant.SEMANTICS,
                        "dict/DictMachine.java",
                        """
                            return refusal;
                            }
                        }
                        for (MapEntry entry : command.getEntriesList()) {
                        """,
                        "return refusal; }"),
                SeededBug.of(
                        "the contents of a deleted dict are not swept",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                        "dict/DictMachine.java",
                        "entries(turn, object).abandon();",
                        ""));
    }
}
