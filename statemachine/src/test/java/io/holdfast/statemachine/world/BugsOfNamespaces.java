// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of namespaces and their attributes. */
final class BugsOfNamespaces {
    private BugsOfNamespaces() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "an attribute that was deleted is counted on",
                        Invariant.SEMANTICS,
                        "namespace/Attributes.java",
                        "resize(-1);",
                        ""),
                SeededBug.of(
                        "an attribute that is set again lets go of nothing",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "namespace/Attributes.java",
                        "} else { release(turn, before); }",
                        "}"),
                SeededBug.of(
                        "the attributes of a deleted namespace are not swept",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "namespace/NamespaceMachine.java",
                        "attributes(turn, object).abandon();",
                        ""),
                SeededBug.of(
                        "a collection of garbage does not look into namespaces",
                        Set.of(Invariant.NOTHING_LEFT, Invariant.SEMANTICS, Invariant.GARBAGE),
                        "namespace/NamespaceMachine.java",
                        "return Traced.of(view, Tables.NAMESPACE_ATTRIBUTES, all, from, limit, row -> Values.references(row.getValue()));",
                        "return Traced.NOTHING;"),
                SeededBug.of(
                        "an attribute may have a name that is a client's own",
                        Invariant.SEMANTICS,
                        "namespace/AttributeNames.java",
                        "if (name.startsWith(\"_\")) {",
                        "if (false) {"));
    }
}
