// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventSet;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListPage;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that touch more elements than a piece: they take several entries, and what others see is whole. */
class ListPiecesTest {
    private static final int SIZE = 12_000;
    /** Work of an entry: a small part of such a command. */
    private static final int WORK = 600;

    private final Script script = new Script();
    private final SessionId a = script.session("a");
    private final SessionId b = script.session("b");
    private final PythonList model = new PythonList();
    private ObjectId list;

    @BeforeEach
    void fill() {
        script.play("""
                a open L list  | a created
                b open K lock  | b created
                b open E event | b created
                """);
        list = script.object("L");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < SIZE / Limits.LIST_PIECE; i++) {
            extend(random.ints(Limits.LIST_PIECE, -SIZE / 4, SIZE / 4)
                    .mapToObj(Texts::integer)
                    .toList());
        }
        script.work(WORK);
    }

    private void extend(List<Value> values) {
        ListCommand.Builder command = ListWords.extend(values);
        assertThat(script.call(a, ListWords.of(list, command)).hasDone()).isTrue();
        model.apply(command.build());
    }

    /** Commands that touch all elements, or most of them. */
    enum Large {
        SORT(ListWords.sort(false)),
        SORT_DESCENDING(ListWords.sort(true)),
        REVERSE(ListWords.reverse()),
        ARRANGE(ListWords.arrange(shuffled())),
        KEEP(ListWords.keep(everyThird())),
        KEEP_NONE(ListWords.keep(Collections.nCopies(SIZE, 0))),
        REPEAT(ListWords.repeat(3)),
        DELETE(ListWords.delete(ListWords.slice("5:-700"))),
        DELETE_EXTENDED(ListWords.delete(ListWords.slice("-1:0:-2"))),
        PUT_FEWER(ListWords.put(ListWords.slice("900:-900"), numbers(7))),
        PUT_MORE(ListWords.put(ListWords.slice("1500:11600"), numbers(10_000))),
        PUT_EXTENDED(ListWords.put(ListWords.slice("11990:0:-3"), numbers(3_997))),
        REMOVE_THE_LAST(ListWords.remove(Texts.integer(SIZE))),
        REMOVE_THE_FIRST_OF_A_LEAF(ListWords.remove(Texts.integer(SIZE))),
        REMOVE_NOTHING(ListWords.remove(Texts.integer(SIZE)));

        private final ListCommand command;

        Large(ListCommand.Builder command) {
            this.command = command.build();
        }

        private static List<Integer> shuffled() {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, SIZE).boxed().toList());
            Collections.shuffle(order, new Random(3));
            return order;
        }

        private static List<Integer> everyThird() {
            return IntStream.range(0, SIZE).map(i -> i % 3 == 0 ? 1 : 0).boxed().toList();
        }

        private static List<Value> numbers(int count) {
            return IntStream.range(0, count).mapToObj(i -> Texts.integer(-i)).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void commandThatTouchesMuch_takesSeveralEntries_andIsSeenWhenItIsDone(Large large) {
        if (large == Large.REMOVE_THE_LAST) {
            set(SIZE - 1, Texts.integer(SIZE));
        }
        if (large == Large.REMOVE_THE_FIRST_OF_A_LEAF) {
            set(100 * ListTree.MOST, Texts.integer(SIZE));
        }
        List<Value> before = List.copyOf(model.all);
        PythonList.Done right = (PythonList.Done) model.apply(large.command);
        long sequence = send(a, large.command.toBuilder());
        int entries = 0;
        for (; isWaiting(a, sequence); entries++) {
            assertThat(entries).isLessThan(1_000);
            assertThat(stored()).isEqualTo(before);
            script.restart();
            long others = script.send(b, eventSet());
            assertThat(script.outcome(b, others).getDone().hasAcknowledged()).isTrue();
        }
        assertThat(entries).isGreaterThan(2);
        assertThat(script.outcome(a, sequence).getDone().getList().getDone()).isEqualTo(right.done());
        assertThat(script.outcome(a, sequence).getDone().getList().getSize()).isEqualTo(model.all.size());
        assertThat(script.outcome(a, sequence).getDone().getList().getVersion()).isEqualTo(row().getVersion());
        script.finish();
        checkWhole();
    }

    private Command.Builder eventSet() {
        return Command.newBuilder()
                .setEvent(EventCommand.newBuilder()
                        .setObject(script.object("E").value())
                        .setSet(EventSet.getDefaultInstance()));
    }

    private boolean isWaiting(SessionId session, long sequence) {
        return script.view().get(Tables.PARKED, Tables.PARKED.key(session.value(), sequence)) != null;
    }

    private void set(int place, Value value) {
        script.call(a, ListWords.of(list, ListWords.set(place, List.of(value))));
        model.all.set(place, value);
    }

    /** Sends a command that is not done with its entry. */
    private long send(SessionId session, ListCommand.Builder command) {
        return send(session, ListWords.of(list, command));
    }

    private long send(SessionId session, Command.Builder command) {
        long sequence = script.send(session, command);
        assertThat(script.told()).isEqualTo("-");
        return sequence;
    }

    private ListRow row() {
        return script.view().require(Tables.LISTS, Tables.LISTS.key(list.value()));
    }

    private List<Value> stored() {
        List<Value> all = new ArrayList<>();
        int before = -1;
        while (all.size() > before) {
            before = all.size();
            ListPage.Builder page = ListPage.newBuilder().setSkip(before).setLimit(Limits.PAGE_ROWS);
            Query.Builder query = Query.newBuilder()
                    .setList(ListQuery.newBuilder().setObject(list.value()).setPage(page));
            all.addAll(script.ask(query).getList().getElements().getElementsList());
        }
        return all;
    }

    /** The list is what the model is, and there is nothing beside it. */
    private void checkWhole() {
        assertThat(stored()).isEqualTo(model.all);
        assertThat(row().getSize()).isEqualTo(model.all.size());
        assertThat(row().getBytes())
                .isEqualTo(
                        model.all.stream().mapToLong(Value::getSerializedSize).sum());
        assertThat(row().hasWork()).isFalse();
        checkNodes(row().getContents());
        assertThat(rows(Tables.WAITERS) + rows(Tables.PARKED)).isZero();
    }

    /** No contents have rows but these, and nothing is left to do. */
    private void checkNodes(long contents) {
        assertThat(script.view().scan(Tables.LIST_NODES, Tables.LIST_NODES.key(), Integer.MAX_VALUE))
                .allMatch(node -> node.key().number(0) == contents);
        assertThat(rows(Tables.SWEEPS) + rows(Tables.SERVED)).isZero();
    }

    private int rows(Table<?> table) {
        return script.view().scan(table, table.key(), Integer.MAX_VALUE).size();
    }

    @Test
    void commandsBehindIt_areDoneInTheirOrder_whoeverSendsThem() {
        List<Value> more = List.of(Texts.integer(7), Texts.text("x"));
        long version = row().getVersion();
        long sorted = send(a, ListWords.sort(false).setIfVersion(version));
        long popped = send(b, ListWords.pop(null, List.of()));
        long appended = send(a, ListWords.extend(more));
        long late = send(b, ListWords.clear().setIfVersion(version));
        long refused = send(b, ListWords.pop(1_000_000L, List.of()));
        long mixed = send(a, ListWords.sort(false));
        long reversed = send(b, ListWords.reverse());
        List<Completion> told = finish();
        model.apply(ListWords.sort(false).build());
        PythonList.Done pop =
                (PythonList.Done) model.apply(ListWords.pop(null, List.of()).build());
        model.apply(ListWords.extend(more).build());
        model.apply(ListWords.reverse().build());
        checkWhole();
        assertThat(told.stream().map(Completion::sequence))
                .containsExactly(sorted, popped, appended, late, refused, mixed, reversed);
        assertThat(told.get(1).outcome().getDone().getList().getValue()).isEqualTo(pop.value());
        assertThat(told.get(3).outcome().getDone().getList().getDone()).isFalse();
        assertThat(told.get(4).outcome().getRefused().getCode()).isEqualTo(RefusalCode.OUT_OF_BOUNDS);
        assertThat(told.get(5).outcome().getRefused().getCode()).isEqualTo(RefusalCode.WRONG_TYPE);
        assertThat(told.stream()
                        .filter(completion -> completion.outcome().hasDone())
                        .map(completion -> completion.outcome().getDone().getRevision()))
                .isSortedAccordingTo(Comparator.naturalOrder())
                .doesNotHaveDuplicates();
    }

    /** Applies entries until nothing is left to do, and returns the outcomes that they told. */
    private List<Completion> finish() {
        return script.finish().stream()
                .flatMap(applied -> applied.completions().stream())
                .toList();
    }

    /** Some pieces are done, and not all. */
    private void someEntries() {
        script.tick(0);
        script.tick(0);
        assertThat(row().getWork().getTarget()).isPositive();
        assertThat(row().getWork().getSize()).isPositive();
    }

    @Test
    void commandBehindIt_thatIsMalformed_isRefusedAtOnce() {
        send(a, ListWords.sort(false));
        script.play("b list.extend L ? | b INVALID_ARGUMENT");
        script.play("b list.extend L @99999 | b NO_SUCH_OBJECT");
    }

    @Test
    void sort_keepsEqualElementsInOrder_alsoFromTheGreatest() {
        // NaNs are equal to each other, whatever their bits are.
        List<Value> nans = IntStream.range(0, 9_000)
                .mapToObj(i -> Value.newBuilder()
                        .setReal(Double.longBitsToDouble(0x7ff8000000000000L + i))
                        .build())
                .toList();
        script.work(0);
        script.play("a open R list | a created");
        list = script.object("R");
        script.call(a, ListWords.of(list, ListWords.extend(nans)));
        script.work(WORK);
        for (boolean descending : new boolean[] {true, false}) {
            send(a, ListWords.sort(descending));
            finish();
            assertThat(stored().stream().map(value -> Double.doubleToRawLongBits(value.getReal())))
                    .isEqualTo(nans.stream()
                            .map(value -> Double.doubleToRawLongBits(value.getReal()))
                            .toList());
        }
    }

    @Test
    void mixedTypes_areFoundWhereverTheyStand_andNothingIsMoved() {
        for (int place : new int[] {0, SIZE / 2, SIZE - 1}) {
            Value before = model.all.get(place);
            set(place, Texts.text("t"));
            long sequence = send(a, ListWords.sort(false));
            assertThat(finish())
                    .singleElement()
                    .matches(told -> told.sequence() == sequence
                            && told.outcome().getRefused().getCode() == RefusalCode.WRONG_TYPE);
            checkWhole();
            set(place, before);
        }
    }

    @Test
    void runsOfDifferentTypes_areAMixture() {
        script.work(0);
        script.play("a open R list | a created");
        list = script.object("R");
        List<Value> half = Collections.nCopies(2 * Limits.LIST_PIECE, Texts.integer(1));
        List<Value> otherHalf = Collections.nCopies(2 * Limits.LIST_PIECE, Texts.text("1"));
        script.call(a, ListWords.of(list, ListWords.extend(half)));
        script.call(a, ListWords.of(list, ListWords.extend(otherHalf)));
        send(a, ListWords.sort(false));
        assertThat(finish())
                .singleElement()
                .matches(told -> told.outcome().getRefused().getCode() == RefusalCode.WRONG_TYPE);
    }

    @Test
    void cancelled_inTheMiddle_leavesTheListAsItWas_andTheNextIsDone() {
        long sorted = send(a, ListWords.sort(false));
        long cancelledBehind = send(a, ListWords.clear());
        long reversed = send(b, ListWords.reverse());
        someEntries();
        script.send(a, Script.cancelling(cancelledBehind));
        assertThat(script.outcome(a, cancelledBehind).getRefused().getCode()).isEqualTo(RefusalCode.CANCELLED);
        script.send(a, Script.cancelling(sorted));
        assertThat(script.outcome(a, sorted).getRefused().getCode()).isEqualTo(RefusalCode.CANCELLED);
        assertThat(finish()).anyMatch(told -> told.sequence() == reversed);
        model.apply(ListWords.reverse().build());
        checkWhole();
    }

    @Test
    void sessionThatEnds_inTheMiddle_takesItsCommandsWithIt() {
        send(b, ListWords.sort(false));
        long reversed = send(a, ListWords.reverse());
        send(b, ListWords.clear());
        someEntries();
        script.close(b);
        assertThat(finish()).singleElement().matches(told -> told.sequence() == reversed);
        model.apply(ListWords.reverse().build());
        checkWhole();
    }

    @Test
    void listThatIsDeleted_inTheMiddle_leavesNothing_andThoseThatWaitAreTold() {
        long sorted = send(a, ListWords.sort(false));
        long appended = send(b, ListWords.extend(List.of(Texts.integer(1))));
        someEntries();
        script.send(b, Script.deleting("L"));
        assertThat(finish().stream()
                        .filter(told -> told.outcome().getRefused().getCode() == RefusalCode.OBJECT_DELETED)
                        .map(Completion::sequence))
                .containsExactly(sorted, appended);
        assertThat(rows(Tables.LIST_NODES) + rows(Tables.WAITERS) + rows(Tables.LISTS))
                .isZero();
        checkNodes(0);
    }

    @Test
    void guard_isLookedAtWhenTheCommandTakesEffect() {
        script.play("b lock.acquire K | b granted #1");
        Guard guard = Guard.newBuilder()
                .setLock(script.object("K").value())
                .setToken(script.token("#1"))
                .build();
        long guarded = send(b, ListWords.of(list, ListWords.sort(false)).addGuards(guard));
        someEntries();
        script.play("b lock.release K #1 | b ok");
        assertThat(finish())
                .anyMatch(told -> told.sequence() == guarded
                        && told.outcome().getRefused().getCode() == RefusalCode.STALE_TOKEN);
        checkWhole();
    }

    @Test
    void commandThatIsNotDone_countsAsAWaitOfItsSession() {
        send(a, ListWords.sort(false));
        send(a, ListWords.pop(null, List.of()));
        assertThat(waiting(a)).isEqualTo(2);
        finish();
        assertThat(waiting(a)).isZero();
    }

    private int waiting(SessionId session) {
        return script.view()
                .require(Tables.SESSIONS, Tables.SESSIONS.key(session.value()))
                .getWaiting();
    }

    @Test
    void sortOfManyShortRuns_mergesThemInSeveralPasses() {
        script.work(40);
        long sorted = send(a, ListWords.sort(true));
        for (int i = 0; i < 50; i++) {
            script.tick(0);
        }
        assertThat(row().getWork().getTargetEndsCount()).isGreaterThan(40);
        script.work(WORK);
        assertThat(finish()).singleElement().matches(told -> told.sequence() == sorted);
        model.apply(ListWords.sort(true).build());
        checkWhole();
    }

    @Test
    void fault_inAPiece_endsThatCommandAlone() {
        long reversed = send(a, ListWords.reverse());
        long cleared = send(b, ListWords.clear());
        someEntries();
        // The first leaf of the list is lost, which is the last to be read.
        long leaf = script.view()
                .require(Tables.LIST_NODES, Tables.LIST_NODES.key(row().getContents(), 0))
                .getChildren(0)
                .getNode();
        script.inTurn(turn -> turn.rows().delete(Tables.LIST_NODES, Tables.LIST_NODES.key(row().getContents(), leaf)));
        List<Completion> told = new ArrayList<>();
        for (int entries = 0; told.size() < 2; entries++) {
            assertThat(entries).isLessThan(1_000);
            told.addAll(script.tick(0).completions());
        }
        assertThat(told.get(0).sequence()).isEqualTo(reversed);
        assertThat(told.get(0).outcome().getRefused().getCode()).isEqualTo(RefusalCode.INTERNAL);
        assertThat(told.get(1).sequence()).isEqualTo(cleared);
        assertThat(told.get(1).outcome().hasDone()).isTrue();
        assertThat(row().getSize()).isZero();
        assertThat(row().hasWork()).isFalse();
    }

    // References.

    private ObjectId create(String name) {
        script.play("a create " + name + " lock | a created");
        return script.object(name);
    }

    private long references(ObjectId object) {
        return script.view()
                .require(Tables.OBJECTS, Tables.OBJECTS.key(object.value()))
                .getReferences();
    }

    private boolean isAlive(ObjectId object) {
        return script.view().get(Tables.OBJECTS, Tables.OBJECTS.key(object.value())) != null;
    }

    @Test
    void references_countAsOftenAsTheListHasThem_whateverTheCommand() {
        ObjectId twice = create("X");
        ObjectId once = create("Y");
        set(100, Texts.reference(twice));
        set(9_000, Texts.reference(twice));
        set(11_999, Texts.reference(once));
        script.play("a drop X | a true");
        script.play("a drop Y | a true");
        for (ListCommand.Builder command :
                List.of(ListWords.reverse(), ListWords.repeat(2), ListWords.delete(ListWords.slice("0:12000")))) {
            send(a, command);
            model.apply(command.build());
            finish();
            checkWhole();
            assertThat(references(twice)).isEqualTo(count(twice)).isPositive();
            assertThat(references(once)).isEqualTo(count(once)).isPositive();
        }
        send(a, ListWords.sort(false));
        finish();
        assertThat(references(twice)).isEqualTo(2);
        send(a, ListWords.keep(Collections.nCopies(SIZE, 0)));
        finish();
        assertThat(isAlive(twice) || isAlive(once)).isFalse();
    }

    private long count(ObjectId object) {
        return model.all.stream().filter(Texts.reference(object)::equals).count();
    }

    @Test
    void valuesOfACommandThatWaits_areHeld_untilItIsDoneOrEnds() {
        ObjectId stays = create("X");
        ObjectId goes = create("Y");
        send(a, ListWords.sort(false));
        send(a, ListWords.extend(List.of(Texts.reference(stays))));
        long cancelled = send(a, ListWords.put(ListWords.slice("0:9000"), List.of(Texts.reference(goes))));
        script.play("a drop X | a true");
        script.play("a drop Y | a true");
        assertThat(references(goes)).isEqualTo(1);
        script.send(a, Script.cancelling(cancelled));
        assertThat(isAlive(goes)).isFalse();
        finish();
        assertThat(references(stays)).isEqualTo(1);
        assertThat(stored()).hasSize(SIZE + 1).endsWith(Texts.reference(stays));
    }

    @Test
    void listThatIsDeleted_letsGoOfWhatItsCommandsHold() {
        ObjectId object = create("X");
        send(a, ListWords.put(ListWords.slice("0:11000"), Collections.nCopies(50, Texts.reference(object))));
        send(a, ListWords.insert(0, List.of(Texts.reference(object)), true));
        script.play("a drop X | a true");
        script.send(b, Script.deleting("L"));
        finish();
        assertThat(isAlive(object)).isFalse();
    }

    @Test
    void sessionThatEnds_whileItsSliceIsPut_letsGoOfWhatWasCopied() {
        ObjectId object = create("X");
        send(a, ListWords.put(ListWords.slice("0:11000"), Collections.nCopies(50, Texts.reference(object))));
        script.work(100);
        for (int entries = 0; references(object) == 51; entries++) {
            assertThat(entries).isLessThan(100);
            script.tick(0);
        }
        assertThat(row().hasWork()).isTrue();
        script.close(a);
        finish();
        assertThat(isAlive(object)).isFalse();
        checkWhole();
    }

    @Test
    void collectionOfGarbage_inTheMiddle_takesNothingThatIsReached() {
        ObjectId inList = create("X");
        script.play("""
                a create Y list           | a created
                a list.extend Y 1 2 3     | a done
                """);
        ObjectId inCommand = script.object("Y");
        set(SIZE - 1, Texts.reference(inList));
        // So many that the collection has marked all that it reaches before the slice is put.
        for (int i = 0; i < 9; i++) {
            send(a, ListWords.reverse());
        }
        long put = send(a, ListWords.put(ListWords.slice("1:11000"), List.of(Texts.reference(inCommand))));
        script.send(a, dropping(inList));
        script.send(a, dropping(inCommand));
        script.collect(1_000);
        List<Completion> told = finish();
        assertThat(told)
                .anyMatch(completion ->
                        completion.sequence() == put && completion.outcome().hasDone());
        assertThat(references(inList)).isEqualTo(1);
        assertThat(references(inCommand)).isEqualTo(1);
        list = inCommand;
        assertThat(stored()).hasSize(3);
    }

    private static Command.Builder dropping(ObjectId object) {
        return Command.newBuilder().setDrop(DropHandle.newBuilder().setObject(object.value()));
    }

    @Test
    void listThatNothingReaches_isCollectedWithWhatWaitsForIt() {
        script.work(0);
        script.play("a create M list | a created");
        ObjectId circle = script.object("M");
        for (int i = 0; i < 5; i++) {
            script.call(a, ListWords.of(circle, ListWords.extend(model.all.subList(0, Limits.LIST_PIECE))));
        }
        script.call(a, ListWords.of(circle, ListWords.extend(List.of(Texts.reference(circle)))));
        script.work(60);
        long reversed = send(a, ListWords.of(circle, ListWords.reverse()));
        long appended = send(a, ListWords.of(circle, ListWords.extend(List.of(Texts.reference(circle)))));
        script.play("a drop M | a true");
        script.collect(1_000);
        List<Completion> told = finish();
        assertThat(told.stream()
                        .filter(completion -> completion.outcome().getRefused().getCode() == RefusalCode.OBJECT_DELETED)
                        .map(Completion::sequence))
                .containsExactly(reversed, appended);
        assertThat(isAlive(circle)).isFalse();
        checkWhole();
    }
}
