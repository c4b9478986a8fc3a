// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.BarrierActionDone;
import io.holdfast.protocol.v1.BarrierInspection;
import io.holdfast.protocol.v1.BarrierPassed;
import io.holdfast.protocol.v1.BarrierReply;
import io.holdfast.protocol.v1.BarrierRunAction;
import io.holdfast.protocol.v1.BarrierWait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.rows.BarrierRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a barrier must be: those of the round whose action runs, and behind them those of the rounds after it. */
final class BarrierModel extends ObjectModel {
    private final int parties;
    private long round;
    /** Those who have arrived for rounds whose action does not run yet. */
    private final Deque<Party> arrived = new ArrayDeque<>();
    /** Those who wait for the action that runs. */
    private final List<Party> passing = new ArrayList<>();
    /** Null: no action runs. */
    private @Nullable Party runner;

    private boolean broken;
    /** Null: nobody in particular broke it. */
    private @Nullable Owner culprit;

    /** Waiters that leave and are not answered yet, in the order of their answers. */
    private final Map<Wait, Leaving> leaving = new LinkedHashMap<>();

    private record Party(Wait parked, int arrival, boolean hasAction) {}

    /** Why somebody leaves: its round passes ({@code arrival} is not null), or the barrier was broken, by whom. */
    private record Leaving(
            Invariant invariant,
            @Nullable Integer arrival,
            @Nullable Owner by) {}

    BarrierModel(long id, Parameters parameters) {
        super(id, Kind.KIND_BARRIER, parameters);
        parties = parameters.getBarrier().getParties();
    }

    boolean isBroken() {
        return broken;
    }

    long round() {
        return round;
    }

    @Override
    public Command.@Nullable Builder duty(Dice dice, long session, Realm realm) {
        return isRunner(session) ? BarrierWords.done(new ObjectId(id), round, dice.oneIn(4)) : null;
    }

    private boolean isRunner(long session) {
        return runner != null && runner.parked().session() == session;
    }

    @Override
    public void apply(Realm realm, Command command) {
        switch (command.getBarrier().getOperationCase()) {
            case WAIT -> await(realm, command.getBarrier().getWait());
            case ACTION_DONE -> actionDone(realm, command.getBarrier().getActionDone());
            case RESET -> {
                breakFor(realm, Invariant.SEMANTICS, null);
                broken = false;
                realm.acknowledged();
            }
            case ABORT -> {
                if (!broken) {
                    breakFor(realm, Invariant.SEMANTICS, null);
                }
                realm.acknowledged();
            }
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void await(Realm realm, BarrierWait await) {
        if (broken) {
            realm.refused(Invariant.SEMANTICS, RefusalCode.BROKEN, names(culprit));
            return;
        }
        boolean isLast = runner == null && arrived.size() == parties - 1;
        Long timeout = await.hasTimeoutNanos()
                ? (Long) await.getTimeoutNanos()
                : parameters.getBarrier().hasTimeoutNanos()
                        ? (Long) parameters.getBarrier().getTimeoutNanos()
                        : null;
        if (!isLast && timeout != null && timeout == 0) {
            breakFilling(realm, Invariant.SEMANTICS, Queues.owner(realm.session(), await.getOwnerTag()));
            realm.timedOut();
            return;
        }
        Wait wait = realm.park(this, await.getOwnerTag(), isLast ? null : timeout);
        arrived.add(new Party(wait, arrived.size() % parties, await.getHasAction()));
        go(realm);
    }

    /** Rounds that are full go, until one has an action to be run. */
    private void go(Realm realm) {
        while (runner == null && arrived.size() >= parties) {
            for (int i = 0; i < parties; i++) {
                passing.add(arrived.removeFirst());
            }
            runner = passing.stream()
                    .filter(Party::hasAction)
                    .reduce((one, later) -> later)
                    .orElse(null);
            if (runner == null) {
                pass();
            } else {
                run(realm, runner);
            }
        }
        serve(realm);
    }

    private void run(Realm realm, Party chosen) {
        serve(realm);
        passing.remove(chosen);
        realm.unpark(chosen.parked());
        realm.hold(chosen.parked().session(), id);
        realm.done(
                Invariant.SEMANTICS,
                chosen.parked().session(),
                chosen.parked().sequence(),
                Reply.newBuilder()
                        .setBarrier(BarrierReply.newBuilder()
                                .setRunAction(BarrierRunAction.newBuilder()
                                        .setRound(round)
                                        .setArrival(chosen.arrival()))));
    }

    private void pass() {
        for (Party party : passing) {
            leaving.putIfAbsent(party.parked(), new Leaving(Invariant.NO_LOST_WAKE_UP, party.arrival(), null));
        }
        passing.clear();
        round++;
    }

    @Override
    public boolean isUnserved(Realm realm) {
        return !leaving.isEmpty();
    }

    @Override
    public void serve(Realm realm) {
        while (!leaving.isEmpty()) {
            Map.Entry<Wait, Leaving> next = leaving.entrySet().iterator().next();
            boolean passes = next.getValue().arrival() != null;
            if (!realm.isServed(next.getKey(), outcome -> outcome.hasDone() == passes)) {
                return;
            }
            tell(realm, next.getKey());
        }
    }

    private void tell(Realm realm, Wait wait) {
        Leaving why = leaving.remove(wait);
        Integer arrival = why.arrival();
        realm.unpark(wait);
        if (arrival != null) {
            realm.done(why.invariant(), wait.session(), wait.sequence(), passed(arrival));
        } else {
            realm.refused(wait, why.invariant(), RefusalCode.BROKEN, names(why.by()));
        }
    }

    private static Reply.Builder passed(int arrival) {
        return Reply.newBuilder()
                .setBarrier(BarrierReply.newBuilder()
                        .setPassed(BarrierPassed.newBuilder().setArrival(arrival)));
    }

    private void actionDone(Realm realm, BarrierActionDone done) {
        if (!isRunner(realm.session()) || done.getRound() != round) {
            realm.refused(Invariant.SEMANTICS, RefusalCode.BROKEN, names(broken ? culprit : null));
            return;
        }
        Party ran = runner;
        if (done.getFailed()) {
            breakFor(
                    realm,
                    Invariant.SEMANTICS,
                    Queues.owner(realm.session(), ran.parked().tag()));
            realm.acknowledged();
            return;
        }
        noRunner(realm);
        pass();
        go(realm);
        realm.done(passed(ran.arrival()));
    }

    private void noRunner(Realm realm) {
        if (runner != null) {
            realm.drop(runner.parked().session(), id);
        }
        runner = null;
    }

    /** All who wait are told that it is broken, and by whom. */
    private void breakFor(Realm realm, Invariant invariant, @Nullable Owner by) {
        noRunner(realm);
        queue.forEach(wait -> leaving.putIfAbsent(wait, new Leaving(invariant, null, by)));
        passing.clear();
        arrived.clear();
        round++;
        broken = true;
        culprit = by;
        serve(realm);
    }

    /** Those who wait for a round whose action does not run are told that it is broken, and by whom. */
    private void breakFilling(Realm realm, Invariant invariant, @Nullable Owner by) {
        if (runner == null) {
            breakFor(realm, invariant, by);
            return;
        }
        queue.stream()
                .filter(wait -> !isPassing(wait))
                .forEach(wait -> leaving.putIfAbsent(wait, new Leaving(invariant, null, by)));
        arrived.clear();
        broken = true;
        culprit = by;
        serve(realm);
    }

    private static Predicate<Refusal> names(@Nullable Owner by) {
        return refusal ->
                by == null ? !refusal.hasHolder() : refusal.getHolder().equals(by);
    }

    private boolean isPassing(Wait wait) {
        return passing.stream().anyMatch(party -> party.parked().equals(wait));
    }

    @Override
    public void timedOut(Realm realm, Wait wait) {
        if (leaving.containsKey(wait)) {
            tell(realm, wait);
        } else if (isPassing(wait)) {
            Wait endless = realm.waitOn(wait);
            passing.replaceAll(party ->
                    party.parked().equals(wait) ? new Party(endless, party.arrival(), party.hasAction()) : party);
        } else {
            super.timedOut(realm, wait);
        }
    }

    @Override
    public boolean cancelled(Realm realm, Wait wait) {
        if (leaving.containsKey(wait)) {
            tell(realm, wait);
            return false;
        }
        return !isPassing(wait) && super.cancelled(realm, wait);
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        if (leaving.remove(wait) != null) {
            return;
        }
        Invariant invariant = realm.isEnding() ? Invariant.ONLY_THE_LIVING : Invariant.SEMANTICS;
        Owner by = Queues.owner(wait.session(), wait.tag());
        if (isPassing(wait)) {
            breakFor(realm, invariant, by);
        } else {
            breakFilling(realm, invariant, by);
        }
    }

    @Override
    public void sessionEnds(Realm realm, long session, boolean expired) {
        breakFor(
                realm,
                Invariant.ONLY_THE_LIVING,
                Queues.owner(session, runner.parked().tag()));
    }

    @Override
    public void destroy(Realm realm) {
        noRunner(realm);
    }

    @Override
    public void check(View view, Realm realm) {
        BarrierRow row = view.require(Tables.BARRIERS, Tables.BARRIERS.key(id));
        unless(
                row.getRunner() == 0 || realm.isOpen(row.getRunner()),
                Invariant.ONLY_THE_LIVING,
                "the action of barrier %s is run by a session that ended: %s",
                id,
                row);
        unless(
                row.getArrived() + (row.getRunner() == 0 ? 0 : parties - 1) + leaving.size()
                        == row.getWaiters().getLength(),
                Invariant.ONLY_THE_LIVING,
                "barrier %s counts others than those who wait: %s",
                id,
                row);
        unless(
                row.getRound() == round
                        && row.getArrived() == arrived.size()
                        && row.hasBroken() == broken
                        && (runner == null
                                ? row.getRunner() == 0
                                : row.getRunner() == runner.parked().session()),
                Invariant.SEMANTICS,
                "barrier %s, in round %s, with %s and %s behind: %s",
                id,
                round,
                passing,
                arrived,
                row);
        Queues.check(view, this, row.getWaiters(), realm);
    }

    @Override
    public void checkGone(View view) {
        unless(view.get(Tables.BARRIERS, Tables.BARRIERS.key(id)) == null, Invariant.NOTHING_LEFT, "barrier %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id));
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        BarrierInspection told = answer.getInspection().getBarrier();
        BarrierInspection.Builder right = BarrierInspection.newBuilder()
                .setBroken(broken)
                .setCause(told.getCause()) // words for people
                .setRound(round)
                .setWaiters(Queues.inspection(this, realm));
        if (broken && culprit != null) {
            right.setCulprit(culprit);
        }
        if (runner != null) {
            right.setRunner(
                    Queues.owner(runner.parked().session(), runner.parked().tag()));
        }
        unless(
                told.equals(right.build()) && broken != told.getCause().isEmpty(),
                Invariant.SEMANTICS,
                "barrier %s is told as %s, not %s",
                id,
                answer,
                right);
    }
}
