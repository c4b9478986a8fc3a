// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Bugs of the collection of garbage, which a {@link GarbageWorld} convicts. */
final class BugsOfGarbage {
    private BugsOfGarbage() {}

    static List<SeededBug> all() {
        return Stream.of(
                        SeededBug.of(
                                "an object that begins to be referred to during a collection is not reached",
                                Set.of(Invariant.GARBAGE, Invariant.NO_FAULT),
                                "object/Objects.java",
                                "row.toBuilder().setReferences(row.getReferences() + 1).build()); garbage.reach(turn, object);",
                                "row.toBuilder().setReferences(row.getReferences() + 1).build());"),
                        SeededBug.of(
                                "an object that is made during a collection is looked at",
                                Set.of(Invariant.GARBAGE, Invariant.SEMANTICS),
                                "object/Garbage.java",
                                "object.value() <= collection.getBegan() && new Marks(turn).isWhite(object)",
                                "new Marks(turn).isWhite(object)",
                                "Tables.OBJECTS.key(collection.getBegan()).next()",
                                "Tables.OBJECTS.key().afterPrefix()"),
                        SeededBug.of(
                                "handles do not keep their objects from being collected",
                                Invariant.GARBAGE,
                                "object/Garbage.java",
                                "roots(turn, Tables.HANDLES, row -> row.key().number(1), Phase.TRACE, share)",
                                "roots(turn, Tables.HANDLES, row -> row.key().number(0), Phase.TRACE, share)"),
                        SeededBug.of(
                                "only the first page of what an object refers to is followed",
                                Invariant.GARBAGE,
                                "object/Garbage.java",
                                "if (page.next() == null) {",
                                "if (true) {"),
                        SeededBug.of(
                                "what is condemned can be referred to",
                                Set.of(Invariant.GARBAGE, Invariant.SEMANTICS),
                                "object/Objects.java",
                                "return garbage.isCondemned(turn, object) ? deleted(object) : null;",
                                "return null;"),
                        SeededBug.of(
                                "an object that is gone keeps its mark",
                                Set.of(Invariant.NOTHING_LEFT, Invariant.NO_FAULT, Invariant.GARBAGE),
                                "object/Objects.java",
                                "garbage.gone(turn, object);",
                                ""),
                        SeededBug.of(
                                "a circle is found, and does not let go",
                                Set.of(Invariant.GARBAGE, Invariant.NOTHING_LEFT, Invariant.SEMANTICS),
                                "object/Garbage.java",
                                "turn.machines().of(row.row().getKind()).letGo(turn, object);",
                                ""))
                .map(bug -> bug.in(GarbageWorld.class))
                .toList();
    }
}
