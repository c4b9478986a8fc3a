// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.statemachine.Applied.Collected;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.dict.DictWords;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.rows.GarbagePendingRow;
import io.holdfast.statemachine.rows.GarbageRow;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only refers to itself is collected, and nothing else; a few rows an entry. */
class GarbageTest {
    private static final int ALL_AT_ONCE = 1_000;

    private final Script script = new Script();

    @Test
    void circle_thatNothingReaches_isReclaimed() {
        circle("X", "Y");
        script.play("""
                a open D dict          | a created
                a dict.put D 1 @D      | a done
                a drop X               | a true
                a drop Y               | a true
                """);
        assertThat(objects()).hasSize(3);
        assertThat(collect(ALL_AT_ONCE)).isEqualTo(new Collected(3, 2, false));
        assertThat(objects()).containsExactly(script.object("D"));
        script.play("""
                a dict.put X 1 1       | a OBJECT_DELETED
                a dict.put D 1 1       | a done @D
                a delete D             | a true
                """);
        assertNothingLeft();
    }

    @Test
    void circle_thatASessionHasAHandleTo_staysUntilTheSessionEnds() {
        circle("X", "Y");
        script.play("a drop X | a true");
        assertThat(collect(ALL_AT_ONCE)).isEqualTo(new Collected(2, 0, false));
        script.play("expire a | -");
        assertThat(collect(ALL_AT_ONCE)).isEqualTo(new Collected(2, 2, false));
        assertNothingLeft();
    }

    @Test
    void circle_thatAnObjectRefersTo_stays() {
        circle("X", "Y");
        script.play("""
                a open D dict          | a created
                a dict.put D 1 [@X]    | a done
                a drop X               | a true
                a drop Y               | a true
                """);
        assertThat(collect(1).reclaimed()).isZero();
        script.play("""
                a dict.put X 2 2       | a done
                a dict.put D 1 1       | a done [@X]
                """);
        assertThat(collect(1).reclaimed()).isEqualTo(2);
    }

    @Test
    void waitersOfWhatOnlyACircleReaches_areTold() {
        circle("X", "Y");
        script.play("""
                a create L lock        | a created
                a create C condition L | a created
                a dict.put X 2 @C      | a done
                a drop L               | a true
                a drop C               | a true
                a drop X               | a true
                a drop Y               | a true
                b lock.acquire L       | b granted #1
                c lock.acquire L       | -
                """);
        begin(ALL_AT_ONCE);
        StringBuilder told = new StringBuilder();
        while (script.applied().collected() == null) {
            script.tick(0);
            told.append(script.told());
        }
        assertThat(told.toString().replace("-", "")).isEqualTo("c OBJECT_DELETED");
        script.play("b lock.release L | b OBJECT_DELETED");
    }

    @Test
    void queue_thatIsLetGoOf_hasNoConsumersAnyMore() {
        script.play("""
                a create Q queue       | a created
                a queue.put Q @Q @Q @Q | a ok
                b queue.receive Q      | b got 1:@Q*1
                c queue.receive Q      | c got 2:@Q*1
                a drop Q               | a true
                """);
        script.work(1); // little is swept with each entry
        begin(1);
        boolean isLetGo = false;
        while (script.applied().collected() == null) {
            script.tick(0);
            QueueInspection queue = script.inspect(script.object("Q")).getQueue();
            isLetGo |= queue.getState() == QueueInspection.State.CLOSED;
            assertThat(queue.getConsumersCount()).isEqualTo((int) queue.getConsumersTotal());
        }
        assertThat(isLetGo).isTrue();
    }

    @Test
    void object_thatMovesToWhereMarkingWasAlready_stays() {
        // D is followed before E; what E refers to moves to D in between.
        circle("X", "Y");
        script.play("""
                a open D dict          | a created
                a open E dict          | a created
                a dict.put E 1 @X      | a done
                a drop X               | a true
                a drop Y               | a true
                """);
        begin(1);
        awaitPhase(GarbageRow.Phase.TRACE);
        script.tick(0);
        script.play("""
                a dict.put D 1 @X      | a done
                a dict.remove E 1      | a done @X
                """);
        assertThat(goOn().reclaimed()).isZero();
        script.play("a dict.put X 2 2 | a done");
    }

    @Test
    void whatIsCondemned_cannotBeReferredTo() {
        circle("X", "Y");
        script.play("""
                a create L lock        | a created
                a open D dict          | a created
                a dict.put Y 2 @L      | a done
                a drop L               | a true
                a drop X               | a true
                a drop Y               | a true
                """);
        begin(1);
        script.play("a dict.put D 1 @Y | a done");
        assertThat(goOn().reclaimed()).as("reached again in time").isZero();
        script.play("a dict.remove D 1 | a done @Y");
        begin(1);
        awaitPhase(GarbageRow.Phase.RECLAIM);
        script.play("""
                a dict.put D 1 @Y              | a OBJECT_DELETED
                a open C condition L           | a OBJECT_DELETED
                """);
        assertThat(goOn().reclaimed()).isEqualTo(3);
    }

    @Test
    void objects_thatGoMeanwhile_leaveNoMarks() {
        script.play("""
                a open D dict          | a created
                a open E dict          | a created
                a create X dict        | a created
                a dict.put D 1 @X      | a done
                """);
        begin(1);
        awaitPhase(GarbageRow.Phase.TRACE);
        script.play("""
                a delete D             | a true
                a drop X               | a true
                a delete E             | a true
                """);
        assertThat(goOn()).isEqualTo(new Collected(0, 0, false));
        assertNothingLeft();
    }

    @Test
    void collection_thatIsOnItsWay_isJoined_andOutlivesARestart() {
        circle("X", "Y");
        script.play("""
                a drop X               | a true
                a drop Y               | a true
                """);
        begin(1);
        long began = collection().getBegan();
        script.play("a open D dict | a created");
        begin(5);
        assertThat(collection().getBegan()).isEqualTo(began);
        script.restart();
        assertThat(script.kernel().earliestTimer()).isZero();
        assertThat(goOn()).isEqualTo(new Collected(2, 2, false));
        script.tick(0);
        assertThat(script.kernel().earliestTimer()).isPositive();
    }

    @Test
    void fault_inARoom_endsTheCollection_andReclaimsNothing() {
        circle("X", "Y");
        circle("Z", "W");
        script.play("""
                a drop X               | a true
                a drop Y               | a true
                """);
        Rows rows = new Rows(script.store());
        rows.delete(Tables.DICTS, Tables.DICTS.key(script.object("W").value()));
        rows.commit();
        script.restart();
        Collected collected = collect(1);
        assertThat(collected.failed()).isTrue();
        assertThat(objects()).hasSize(4);
        assertThat(count(Tables.GC_MARKS) + count(Tables.GC_PENDING) + count(Tables.GC))
                .isZero();
    }

    @Test
    void chain_ofManyObjects_goesInBoundedSteps() {
        List<ObjectId> chain =
                new ArrayList<>(List.of(script.openObject(script.session("a"), "root", DictWords.PARAMETERS)));
        while (chain.size() <= 100_000) {
            lengthen(chain, 1_000);
        }
        script.play("a delete root | a true");
        int entries = 1;
        int gone = 0;
        for (; script.kernel().earliestTimer() == 0; entries++) {
            int before = gone;
            while (gone < chain.size() && Objects.find(script.view(), chain.get(gone)) == null) {
                gone++;
            }
            assertThat(gone - before).as("objects gone with entry %s", entries).isLessThan(10_000);
            script.tick(0);
        }
        assertThat(entries).isBetween(10, 2_000);
        assertThat(objects()).isEmpty();
    }

    /** Adds dicts, each in the one before it, which nothing else refers to. */
    private void lengthen(List<ObjectId> chain, int by) {
        SessionId a = script.session("a");
        List<Command.Builder> creating = new ArrayList<>();
        for (int i = 0; i < by; i++) {
            creating.add(
                    Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(DictWords.PARAMETERS)));
        }
        List<Command.Builder> linking = new ArrayList<>();
        for (Completion created : all(a, creating)) {
            ObjectId last = new ObjectId(created.outcome().getDone().getOpened().getObject());
            ObjectId before = chain.get(chain.size() - 1);
            linking.add(DictWords.put(before, Texts.text("next"), Texts.reference(last)));
            linking.add(Command.newBuilder().setDrop(DropHandle.newBuilder().setObject(last.value())));
            chain.add(last);
        }
        all(a, linking);
    }

    /** All commands of one entry, of which the first acknowledges what came before. */
    private List<Completion> all(SessionId session, List<Command.Builder> commands) {
        commands.get(0)
                .addAllAcknowledged(script.view().scan(Tables.REPLIES, Tables.REPLIES.key(), 10_000).stream()
                        .map(row -> row.key().number(1))
                        .toList());
        return script.applyAll(
                commands.stream().map(command -> script.item(session, command)).toArray(LogItem[]::new));
    }

    @Test
    void object_inWhichMuchMoves_isFollowedFromItsBeginning() {
        script.play("""
                a open D dict          | a created
                a dict.put D 1 1       | a done
                a dict.put D 2 2       | a done
                a dict.put D 3 3       | a done
                """);
        script.collect(1);
        awaitPhase(GarbageRow.Phase.TRACE);
        ObjectId object = script.object("D");
        script.tick(0);
        script.tick(0);
        assertThat(pending(1).getFrom().isEmpty()).isFalse();
        script.inTurn(turn -> turn.objects().rearranged(turn, object));
        assertThat(pending(1).getFrom().isEmpty()).isTrue();
        while (count(Tables.GC_PENDING) > 0) {
            script.tick(0);
        }
        script.inTurn(turn -> turn.objects().rearranged(turn, object));
        assertThat(pending(2))
                .isEqualTo(
                        GarbagePendingRow.newBuilder().setObject(object.value()).build());
        assertThat(goOn().failed()).isFalse();
    }

    private GarbagePendingRow pending(long place) {
        return script.view().require(Tables.GC_PENDING, Tables.GC_PENDING.key(place));
    }

    /** Two dicts that refer to each other, with a handle of a to each. */
    private void circle(String one, String other) {
        script.play("""
                a create %1$s dict       | a created
                a create %2$s dict       | a created
                a dict.put %1$s 1 @%2$s  | a done
                a dict.put %2$s 1 @%1$s  | a done
                """.formatted(one, other));
    }

    private void begin(int rowsAnEntry) {
        script.collect(rowsAnEntry);
    }

    private Collected collect(int rowsAnEntry) {
        begin(rowsAnEntry);
        return goOn();
    }

    private Collected goOn() {
        while (script.applied().collected() == null) {
            script.tick(0);
        }
        return script.applied().collected();
    }

    private void awaitPhase(GarbageRow.Phase phase) {
        while (collection().getPhase() != phase) {
            script.tick(0);
        }
    }

    private GarbageRow collection() {
        return script.view().require(Tables.GC, Tables.GC.key());
    }

    private List<ObjectId> objects() {
        return script.view().scan(Tables.OBJECTS, Tables.OBJECTS.key(), 100).stream()
                .map(row -> new ObjectId(row.key().number(0)))
                .toList();
    }

    private int count(Table<?> table) {
        return script.view().scan(table, table.key(), 100).size();
    }

    private void assertNothingLeft() {
        for (Table<?> table : Tables.all()) {
            if (table != Tables.META && table != Tables.SESSIONS && table != Tables.REPLIES) {
                assertThat(script.view().scan(table, table.key(), 10))
                        .as("%s", table)
                        .isEmpty();
            }
        }
    }
}
