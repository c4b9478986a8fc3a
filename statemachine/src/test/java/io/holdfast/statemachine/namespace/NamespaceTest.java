// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.NamespaceAttribute;
import io.holdfast.protocol.v1.NamespaceAttributes;
import io.holdfast.protocol.v1.NamespaceCommand;
import io.holdfast.protocol.v1.NamespaceContains;
import io.holdfast.protocol.v1.NamespaceGet;
import io.holdfast.protocol.v1.NamespacePage;
import io.holdfast.protocol.v1.NamespaceQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespaceTest {
    private final Script script = new Script();

    @BeforeEach
    void openNamespace() {
        script.play("a open N namespace | a created");
    }

    @Test
    void attributes_areSetReadAndDeleted() {
        script.play("""
                a namespace.set N x 1          | a ok
                a namespace.set N x 'two'      | a ok
                a namespace.set N n null       | a ok
                a namespace.delete N y         | a false
                """);
        assertThat(get("x")).isEqualTo("'two'");
        assertThat(get("n")).isEqualTo("null");
        assertThat(get("y")).isEqualTo("-");
        assertThat(contains("n").getNamespace().getContains()).isTrue();
        assertThat(contains("y").getNamespace().getContains()).isFalse();
        assertThat(script.inspect(script.object("N")).getNamespace().getSize()).isEqualTo(2);
        script.play("""
                a namespace.delete N x         | a true
                a namespace.delete N x         | a false
                """);
        assertThat(get("x")).isEqualTo("-");
        assertThat(script.inspect(script.object("N")).getNamespace().getSize()).isEqualTo(1);
    }

    @Test
    void names_thatAreNone_areRefusedEverywhere() {
        SessionId a = script.session("a");
        ObjectId namespace = script.object("N");
        for (String name : List.of("", "_", "_x", "x".repeat(Limits.NAME_BYTES + 1), "\u00e9".repeat(257))) {
            RefusalCode code = name.length() > 2 ? RefusalCode.TOO_LARGE : RefusalCode.INVALID_ARGUMENT;
            for (Command.Builder command : List.of(
                    NamespaceWords.set(namespace, name, Texts.integer(1)), NamespaceWords.delete(namespace, name))) {
                assertThat(script.call(a, command).getRefused().getCode()).isEqualTo(code);
            }
            assertThat(ask(NamespaceQuery.newBuilder()
                                    .setGet(NamespaceGet.newBuilder().setName(name)))
                            .getRefused()
                            .getCode())
                    .isEqualTo(code);
            assertThat(contains(name).getRefused().getCode()).isEqualTo(code);
        }
        for (String name : List.of("x", "x_", "x".repeat(Limits.NAME_BYTES), "a b", "class", "~", "\u00e9")) {
            assertThat(script.call(a, NamespaceWords.set(namespace, name, Texts.integer(1)))
                            .hasDone())
                    .isTrue();
        }
    }

    @Test
    void values_thatAreMalformed_areRefused() {
        for (String value : List.of("?", "[?]", "{nan:1}", "big0x01", "!x")) {
            script.play("a namespace.set N x " + value + " | a INVALID_ARGUMENT");
        }
        script.play("a namespace.set N x @99999 | a NO_SUCH_OBJECT");
        assertThat(names(Limits.PAGE_ROWS)).isEmpty();
    }

    @Test
    void attributes_areReferencesToo() {
        script.play("""
                a open L lock                  | a created
                a namespace.set N both [@L,@L] | a ok
                a namespace.set N one @L       | a ok
                a delete L                     | a true
                a namespace.set N both @L      | a ok
                a namespace.delete N one       | a true
                a lock.acquire L               | a granted #1
                a namespace.set N both 1       | a ok
                a lock.release L               | a OBJECT_DELETED
                """);
    }

    @Test
    void deletedNamespace_letsGoOfAll() {
        script.play("""
                a open L lock                  | a created
                a namespace.set N lock @L      | a ok
                a namespace.set N myself @N    | a ok
                a delete L                     | a true
                a delete N                     | a true
                // it refers to itself
                a namespace.set N x 1          | a ok
                a namespace.delete N myself    | a true
                a namespace.set N x 1          | a OBJECT_DELETED
                a lock.acquire L               | a OBJECT_DELETED
                """);
        assertThat(script.view().scan(Tables.NAMESPACE_ATTRIBUTES, Tables.NAMESPACE_ATTRIBUTES.key(), 1))
                .isEmpty();
    }

    @Test
    void pages_walkInTheOrderOfTheNames() {
        SessionId a = script.session("a");
        for (String name : List.of("b", "a", "\ud83d\ude00", "aa", "B", "\u00e9", "\uffee")) {
            script.call(a, NamespaceWords.set(script.object("N"), name, Texts.text(name)));
        }
        for (int limit : new int[] {1, 2, 6, 7, 8, Limits.PAGE_ROWS}) {
            assertThat(names(limit)).containsExactly("B", "a", "aa", "b", "\u00e9", "\uffee", "\ud83d\ude00");
        }
        NamespaceAttributes page = page("aa", 1, false);
        assertThat(page.getAttributes(0).getName()).isEqualTo("b");
        assertThat(page.getAttributes(0).getValue()).isEqualTo(Texts.text("b"));
        assertThat(page("aa", 1, true).getAttributes(0).hasValue()).isFalse();
    }

    @Test
    void pages_ofManyAttributes_missNone() {
        SessionId a = script.session("a");
        for (int i = 100; i < 350; i++) {
            script.call(a, NamespaceWords.set(script.object("N"), "x" + i, Texts.integer(i)));
        }
        for (int limit : new int[] {7, 100, 249, 250, 251}) {
            assertThat(names(limit)).hasSize(250).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void page_endsWhereItIsLarge_andNamesAloneAreNot() {
        SessionId a = script.session("a");
        Value large = Value.newBuilder()
                .setBinary(ByteString.copyFrom(new byte[Limits.PAGE_BYTES / 2]))
                .build();
        for (String name : List.of("a", "b", "c")) {
            script.call(a, NamespaceWords.set(script.object("N"), name, large));
        }
        assertThat(page("", 10, false).getAttributesCount()).isEqualTo(2);
        assertThat(page("", 10, false).getNext()).isEqualTo("b");
        assertThat(page("b", 10, false).getAttributesCount()).isEqualTo(1);
        assertThat(page("b", 10, false).getNext()).isEmpty();
        assertThat(page("", 10, true).getAttributesCount()).isEqualTo(3);
    }

    @Test
    void page_outOfBounds_isRefused() {
        for (int limit : new int[] {0, Limits.PAGE_ROWS + 1, -1}) {
            assertThat(ask(NamespaceQuery.newBuilder()
                                    .setPage(NamespacePage.newBuilder().setLimit(limit)))
                            .getRefused()
                            .getCode())
                    .isEqualTo(RefusalCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void whatIsUnknown_orElsewhere_isRefused() {
        ObjectId namespace = script.object("N");
        assertThat(script.call(
                                script.session("a"),
                                Command.newBuilder()
                                        .setNamespace(
                                                NamespaceCommand.newBuilder().setObject(namespace.value())))
                        .getRefused()
                        .getCode())
                .isEqualTo(RefusalCode.UNSUPPORTED);
        assertThat(ask(NamespaceQuery.newBuilder()).getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
        script.play("""
                a open D dict                  | a created
                a open D namespace             | a OBJECT_MISMATCH
                a open N namespace             | a opened
                a namespace.set D x 1          | a OBJECT_MISMATCH
                a namespace.set 99999 x 1      | a NO_SUCH_OBJECT
                a delete N                     | a true
                a namespace.delete N x         | a OBJECT_DELETED
                """);
        assertThat(contains("x").getRefused().getCode()).isEqualTo(RefusalCode.OBJECT_DELETED);
    }

    private List<String> names(int limit) {
        List<String> names = new ArrayList<>();
        String after = "";
        do {
            NamespaceAttributes page = page(after, limit, true);
            assertThat(page.getAttributesCount()).isLessThanOrEqualTo(limit);
            page.getAttributesList().stream().map(NamespaceAttribute::getName).forEach(names::add);
            after = page.getNext();
        } while (!after.isEmpty());
        return names;
    }

    private NamespaceAttributes page(String after, int limit, boolean namesOnly) {
        return ask(NamespaceQuery.newBuilder()
                        .setPage(NamespacePage.newBuilder()
                                .setAfter(after)
                                .setLimit(limit)
                                .setNamesOnly(namesOnly)))
                .getNamespace()
                .getAttributes();
    }

    private String get(String name) {
        var found = ask(NamespaceQuery.newBuilder()
                        .setGet(NamespaceGet.newBuilder().setName(name)))
                .getNamespace()
                .getFound();
        return found.hasValue() ? Texts.tell(found.getValue()) : "-";
    }

    private Answer contains(String name) {
        return ask(NamespaceQuery.newBuilder()
                .setContains(NamespaceContains.newBuilder().setName(name)));
    }

    private Answer ask(NamespaceQuery.Builder query) {
        return script.ask(Query.newBuilder()
                .setNamespace(query.setObject(script.object("N").value())));
    }
}
