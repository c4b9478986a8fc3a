// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A collection of garbage that takes many entries, and lists whose elements move meanwhile. */
class ListGarbageTest {
    private final Script script = new Script();
    private final SessionId session = script.session("a");

    @BeforeEach
    void openList() {
        script.play("a open L list | a created");
    }

    @Test
    void reversed_duringACollection_losesNothing() {
        extend(Collections.nCopies(1_000, Texts.integer(1)));
        ObjectId last = anonymous();
        script.collect(1);
        for (int i = 0; i < 6; i++) {
            script.tick(0);
        }
        call(ListWords.reverse());
        finish();
        assertThat(isAlive(last)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void changedAtRandom_duringCollections_losesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Value> model = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            model.addAll(Collections.nCopies(20, Texts.integer(i)));
            model.add(Texts.reference(created()));
        }
        extend(model);
        model.stream().filter(Value::hasReference).forEach(this::drop);
        for (int round = 0; round < 4; round++) {
            script.collect(random.nextInt(1, 4));
            do {
                change(random, model);
            } while (script.kernel().earliestTimer() == 0 && random.nextInt(300) > 0);
            finish();
        }
        assertThat(model.stream().filter(Value::hasReference).map(ListGarbageTest::object))
                .allMatch(this::isAlive);
        script.play("a list.clear L | a done");
        finish();
        assertThat(script.view().scan(Tables.OBJECTS, Tables.OBJECTS.key(), 10)).hasSize(1);
    }

    private void change(SplittableRandom random, List<Value> model) {
        int size = model.size();
        int throwOf = random.nextInt(60);
        if (throwOf == 0) {
            Collections.reverse(model);
            call(ListWords.reverse());
        } else if (throwOf < 30) {
            int at = random.nextInt(size);
            int end = Math.min(size, at + random.nextInt(30));
            List<Value> kept =
                    model.subList(at, end).stream().filter(Value::hasReference).toList();
            call(ListWords.put(ListWords.slice(at + ":" + end), kept));
            model.subList(at, end).clear();
            model.addAll(at, kept);
        } else {
            int at = random.nextInt(size + 1);
            List<Value> more = Collections.nCopies(random.nextInt(1, 20), Texts.integer(at));
            call(ListWords.insert(at, more, true));
            model.addAll(at, more);
        }
    }

    @Test
    void circleOfLists_isCollected() {
        ObjectId first = created();
        ObjectId second = created();
        call(first, ListWords.extend(List.of(Texts.reference(second), Texts.integer(1))));
        call(second, ListWords.extend(List.of(Texts.reference(first))));
        drop(Texts.reference(first));
        drop(Texts.reference(second));
        assertThat(isAlive(first)).isTrue();
        script.collect(1);
        finish();
        assertThat(isAlive(first)).isFalse();
        assertThat(isAlive(second)).isFalse();
        assertThat(script.view().scan(Tables.LIST_NODES, Tables.LIST_NODES.key(), 1))
                .isEmpty();
    }

    /** An object that only the list refers to, as its last element. */
    private ObjectId anonymous() {
        ObjectId object = created();
        extend(List.of(Texts.reference(object)));
        drop(Texts.reference(object));
        return object;
    }

    private ObjectId created() {
        Outcome outcome = script.call(
                session,
                Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(ListWords.PARAMETERS)));
        return new ObjectId(outcome.getDone().getOpened().getObject());
    }

    private void drop(Value reference) {
        script.call(
                session,
                Command.newBuilder()
                        .setDrop(DropHandle.newBuilder()
                                .setObject(reference.getReference().getObject())));
    }

    private static ObjectId object(Value reference) {
        return new ObjectId(reference.getReference().getObject());
    }

    private void extend(List<Value> values) {
        call(ListWords.extend(values));
    }

    private void call(ListCommand.Builder command) {
        call(script.object("L"), command);
    }

    private void call(ObjectId list, ListCommand.Builder command) {
        assertThat(script.call(session, ListWords.of(list, command)).hasDone()).isTrue();
    }

    private void finish() {
        while (script.kernel().earliestTimer() == 0) {
            script.tick(0);
        }
    }

    private boolean isAlive(ObjectId object) {
        return script.view().get(Tables.OBJECTS, Tables.OBJECTS.key(object.value())) != null;
    }
}
