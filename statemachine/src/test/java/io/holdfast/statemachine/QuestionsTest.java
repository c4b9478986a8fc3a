// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.NamedObject;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.value.ValueWords;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private final Script script = new Script();

    @Test
    void inspect_tellsWhatTheObjectIs() {
        script.play("""
                a open L lock 5s       | a created
                a open D dict          | a created
                a dict.put D 1 @L      | a done
                """);
        Inspection lock = script.inspect(script.object("L"));
        assertThat(lock.getName()).isEqualTo("L");
        assertThat(lock.getKind()).isEqualTo(Kind.KIND_LOCK);
        assertThat(lock.getCreated())
                .isEqualTo(lock.getObject())
                .isEqualTo(script.object("L").value());
        assertThat(lock.getParameters().getLock().getLockDelayNanos()).isEqualTo(5 * Script.SECOND);
        assertThat(byName("L").getInspection()).isEqualTo(lock);
        script.play("a delete L | a true");
        assertThat(script.inspect(script.object("L")).getName()).isEmpty();
        assertThat(byName("L").getRefused().getCode()).isEqualTo(RefusalCode.NO_SUCH_OBJECT);
    }

    @Test
    void inspect_ofNothing_isRefused() {
        script.play("a open L lock | a created\na delete L | a true");
        assertThat(byName("").getRefused().getCode()).isEqualTo(RefusalCode.NO_SUCH_OBJECT);
        assertThat(byId(script.object("L").value()).getRefused().getCode()).isEqualTo(RefusalCode.OBJECT_DELETED);
        assertThat(byId(99).getRefused().getCode()).isEqualTo(RefusalCode.NO_SUCH_OBJECT);
        assertThat(byId(-1).getRefused().getCode()).isEqualTo(RefusalCode.NO_SUCH_OBJECT);
    }

    @Test
    void answer_tellsItsRevision() {
        script.play("a open V value q 0 | a created");
        assertThat(byName("V").getRevision()).isEqualTo(script.kernel().revision());
        assertThat(byName("none").getRevision()).isEqualTo(script.kernel().revision());
    }

    @Test
    void list_pagesThroughTheNamesInTheOrderOfTheirBytes() {
        for (String name : List.of("b", "a/2", "a", "a/1", "é", "a/10", "B", "😀", "a0")) {
            script.play("a open " + name + " event | a created");
        }
        List<String> all = List.of("B", "a", "a/1", "a/10", "a/2", "a0", "b", "é", "😀");
        for (int limit : new int[] {1, 2, 4, 9, 10, Limits.PAGE_ROWS}) {
            assertThat(list("", limit)).isEqualTo(all);
            assertThat(list("a/", limit)).containsExactly("a/1", "a/10", "a/2");
            assertThat(list("é", limit)).containsExactly("é");
            assertThat(list("none", limit)).isEmpty();
        }
        script.play("a delete a/10 | a true");
        assertThat(list("a/", 1)).containsExactly("a/1", "a/2");
    }

    @Test
    void list_afterANameOutsideThePrefix_keepsToThePrefix() {
        script.play("a open a event | a created\na open b event | a created\na open c event | a created");
        assertThat(page("b", "a", 10).getNames().getObjectsList())
                .extracting(NamedObject::getName)
                .containsExactly("b");
        assertThat(page("b", "c", 10).getNames().getObjectsList()).isEmpty();
    }

    @Test
    void list_tellsIdAndKind() {
        script.play("a open D dict | a created");
        NamedObject dict = page("", "", 1).getNames().getObjects(0);
        assertThat(dict.getObject()).isEqualTo(script.object("D").value());
        assertThat(dict.getKind()).isEqualTo(Kind.KIND_DICT);
    }

    @Test
    void list_outOfBounds_isRefused() {
        for (int limit : new int[] {0, -1, Limits.PAGE_ROWS + 1}) {
            assertThat(page("", "", limit).getRefused().getCode()).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void queryWithoutQuestion_isUnsupported() {
        assertThat(script.ask(Query.newBuilder()).getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
    }

    @Test
    void onlooker_seesWhatCameBeforeAndNothingElse() {
        script.play("a open V value q 0 | a created");
        var a = script.session("a");
        var cell = script.object("V");
        LogEntry entry = LogEntry.newBuilder()
                .setTimeNanos(5)
                .addItems(script.item(a, ValueWords.addAndGet(cell, Texts.integer(1))))
                .addItems(script.item(a, ValueWords.addAndGet(cell, Texts.integer(10))))
                .build();
        List<String> seen = new ArrayList<>();
        Kernel kernel = script.kernel();
        kernel.apply(kernel.appliedIndex() + 1, 1, entry, (position, sight) -> {
            Answer answer = kernel.answer(sight, inspection("V"));
            seen.add(position + ": "
                    + Texts.tell(answer.getInspection().getValue().getValue()) + " at " + sight.now());
        });
        assertThat(seen).containsExactly("0: 0 at 5", "1: 1 at 5", "2: 11 at 5");
    }

    @Test
    void staleAnswer_isThatOfTheCommittedState() {
        script.play("a open V value q 7 | a created\ntick 5s | -");
        StaleAnswer stale = script.kernel().answerStale(inspection("V"));
        assertThat(stale.appliedIndex()).isEqualTo(script.kernel().appliedIndex());
        Answer answer = stale.answer();
        assertThat(answer.getInspection().getValue().getValue()).isEqualTo(Texts.integer(7));
        assertThat(answer.getRevision()).isEqualTo(script.kernel().revision());
    }

    private static Query inspection(String name) {
        return Query.newBuilder()
                .setInspect(InspectQuery.newBuilder().setName(name))
                .build();
    }

    private Answer byName(String name) {
        return script.ask(inspection(name).toBuilder());
    }

    private Answer byId(long id) {
        return script.ask(
                Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id)));
    }

    private List<String> list(String prefix, int limit) {
        List<String> names = new ArrayList<>();
        String after = "";
        do {
            var page = page(prefix, after, limit).getNames();
            assertThat(page.getObjectsCount()).isLessThanOrEqualTo(limit);
            page.getObjectsList().forEach(object -> names.add(object.getName()));
            after = page.getNext();
        } while (!after.isEmpty());
        return names;
    }

    private Answer page(String prefix, String after, int limit) {
        return script.ask(Query.newBuilder()
                .setNames(NamesQuery.newBuilder()
                        .setPrefix(prefix)
                        .setAfter(after)
                        .setLimit(limit)));
    }
}
