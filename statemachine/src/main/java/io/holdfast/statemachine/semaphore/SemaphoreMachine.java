// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.semaphore;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.SemaphoreAcquire;
import io.holdfast.protocol.v1.SemaphoreCommand;
import io.holdfast.protocol.v1.SemaphoreDrained;
import io.holdfast.protocol.v1.SemaphoreHolder;
import io.holdfast.protocol.v1.SemaphoreInspection;
import io.holdfast.protocol.v1.SemaphoreParameters;
import io.holdfast.protocol.v1.SemaphoreRelease;
import io.holdfast.protocol.v1.SemaphoreReply;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.SemaphoreHolderRow;
import io.holdfast.statemachine.rows.SemaphoreRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Guards;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Permits. Whoever cannot have all that it asks for waits, first come first served: nobody overtakes one who waits for
 * many. The first that waits cannot be served from what is available.
 */
public final class SemaphoreMachine implements Machine {
    /** Applies a command to the semaphore that it names. */
    public Outcome apply(Turn turn, SemaphoreCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        SemaphoreRow semaphore = turn.rows().get(Tables.SEMAPHORES, key(object));
        if (semaphore == null) {
            return Objects.missing(turn, object, Kind.KIND_SEMAPHORE);
        }
        return switch (command.getOperationCase()) {
            case ACQUIRE -> acquire(turn, object, semaphore, command.getAcquire());
            case RELEASE -> release(turn, object, semaphore, command.getRelease());
            case DRAIN -> drain(turn, object, semaphore);
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome acquire(Turn turn, ObjectId object, SemaphoreRow semaphore, SemaphoreAcquire command) {
        long permits = command.getPermits();
        if (!isPermits(permits)) {
            return notPermits(permits);
        }
        if (semaphore.getWaiters().getLength() == 0 && permits <= semaphore.getAvailable()) {
            Outcome tooMany = isOwned(semaphore) ? Sessions.holdRefusal(turn, object) : null;
            if (tooMany != null) {
                return tooMany;
            }
            write(turn, object, take(turn, object, semaphore, turn.session(), permits));
            return Outcome.acknowledged();
        }
        if (command.hasTimeoutNanos() && command.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        if (semaphore.getBounded() && permits > semaphore.getInitial()) {
            return Outcome.refused(
                    RefusalCode.INVALID_ARGUMENT,
                    permits + " permits were asked for, but this bounded semaphore never has more than "
                            + semaphore.getInitial() + ".");
        }
        Outcome refusal = turn.waiters().refusal(turn, semaphore.getWaiters());
        if (refusal != null) {
            return refusal;
        }
        Long timeout = command.hasTimeoutNanos() ? (Long) command.getTimeoutNanos() : null;
        WaiterRow.Builder waiter =
                WaiterRow.newBuilder().setTag(command.getOwnerTag()).setPermits(permits);
        write(
                turn,
                object,
                semaphore.toBuilder()
                        .setWaiters(turn.waiters().park(turn, object, semaphore.getWaiters(), waiter, timeout))
                        .build());
        return Outcome.parked();
    }

    private static Outcome release(Turn turn, ObjectId object, SemaphoreRow semaphore, SemaphoreRelease command) {
        long permits = command.getPermits();
        if (!isPermits(permits)) {
            return notPermits(permits);
        }
        long most = semaphore.getBounded() ? semaphore.getInitial() : Integer.MAX_VALUE;
        if (semaphore.getAvailable() + permits > most) {
            return Outcome.refused(
                    RefusalCode.OVER_RELEASE,
                    "There are " + semaphore.getAvailable() + " permits; with " + permits
                            + " more there would be more than " + most + ". None was returned.");
        }
        SemaphoreRow after = giveBack(turn, object, semaphore, turn.session(), permits);
        write(
                turn,
                object,
                serve(
                        turn,
                        object,
                        after.toBuilder()
                                .setAvailable(after.getAvailable() + permits)
                                .build()));
        return Outcome.acknowledged();
    }

    private static Outcome drain(Turn turn, ObjectId object, SemaphoreRow semaphore) {
        long permits = semaphore.getWaiters().getLength() == 0 ? semaphore.getAvailable() : 0;
        if (permits > 0) {
            write(turn, object, take(turn, object, semaphore, turn.session(), permits));
        }
        return new Outcome.Done(Reply.newBuilder()
                .setSemaphore(SemaphoreReply.newBuilder()
                        .setDrained(SemaphoreDrained.newBuilder().setPermits(permits))));
    }

    /** Grants what is available to those that wait, in their order. */
    private static SemaphoreRow serve(Turn turn, ObjectId object, SemaphoreRow semaphore) {
        SemaphoreRow now = semaphore;
        Waiter first = turn.waiters().first(turn.rows(), object, now.getWaiters());
        while (first != null && first.row().getPermits() <= now.getAvailable()) {
            now = serve(turn, object, now, first);
            first = turn.waiters().first(turn.rows(), object, now.getWaiters());
            if (first != null && !turn.mayGoOn()) {
                turn.serveLater(object);
                return now;
            }
        }
        return now;
    }

    private static SemaphoreRow serve(Turn turn, ObjectId object, SemaphoreRow semaphore, Waiter first) {
        Outcome stale = Guards.refusal(turn, first.row().getGuardsList());
        if (stale == null && !turn.waiters().isGone(turn, first)) {
            return grant(turn, object, semaphore, first);
        }
        WaitQueue rest = stale == null
                ? turn.waiters().end(turn, semaphore.getWaiters(), first, Waiter.End.SESSION_ENDED)
                : turn.waiters().end(turn, semaphore.getWaiters(), first, stale);
        return semaphore.toBuilder().setWaiters(rest).build();
    }

    private static SemaphoreRow grant(Turn turn, ObjectId object, SemaphoreRow semaphore, Waiter first) {
        turn.nextRevision();
        SemaphoreRow taken =
                take(turn, object, semaphore, first.session(), first.row().getPermits());
        return taken.toBuilder()
                .setWaiters(turn.waiters().grant(turn, taken.getWaiters(), first, Outcome.acknowledged()))
                .build();
    }

    private static SemaphoreRow take(
            Turn turn, ObjectId object, SemaphoreRow semaphore, SessionId session, long permits) {
        SemaphoreRow.Builder after = semaphore.toBuilder().setAvailable(semaphore.getAvailable() - permits);
        if (isOwned(semaphore)) {
            SemaphoreHolderRow held = turn.rows().get(Tables.SEMAPHORE_HOLDERS, holderKey(object, session));
            if (held == null) {
                Sessions.hold(turn, session, object);
                after.setHolders(semaphore.getHolders() + 1);
            }
            long before = held == null ? 0 : held.getPermits();
            turn.rows()
                    .upsert(
                            Tables.SEMAPHORE_HOLDERS,
                            holderKey(object, session),
                            SemaphoreHolderRow.newBuilder()
                                    .setPermits(before + permits)
                                    .build());
        }
        return after.build();
    }

    /** The session holds so many permits less, if it holds any. */
    private static SemaphoreRow giveBack(
            Turn turn, ObjectId object, SemaphoreRow semaphore, SessionId session, long permits) {
        Key key = holderKey(object, session);
        SemaphoreHolderRow held = turn.rows().get(Tables.SEMAPHORE_HOLDERS, key);
        if (held == null) {
            return semaphore;
        }
        if (held.getPermits() > permits) {
            turn.rows()
                    .update(
                            Tables.SEMAPHORE_HOLDERS,
                            key,
                            held.toBuilder()
                                    .setPermits(held.getPermits() - permits)
                                    .build());
            return semaphore;
        }
        turn.rows().delete(Tables.SEMAPHORE_HOLDERS, key);
        Sessions.drop(turn, session, object);
        return semaphore.toBuilder().setHolders(semaphore.getHolders() - 1).build();
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        write(turn, object, serve(turn, object, turn.rows().require(Tables.SEMAPHORES, key(object))));
    }

    @Override
    public boolean sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        SemaphoreRow semaphore = turn.rows().require(Tables.SEMAPHORES, key(object));
        SemaphoreHolderRow held = turn.rows().require(Tables.SEMAPHORE_HOLDERS, holderKey(object, session));
        turn.rows().delete(Tables.SEMAPHORE_HOLDERS, holderKey(object, session));
        // Others may have released what this session held: then there are enough already.
        long most = semaphore.getBounded() ? semaphore.getInitial() : Integer.MAX_VALUE;
        SemaphoreRow after = semaphore.toBuilder()
                .setHolders(semaphore.getHolders() - 1)
                .setAvailable(Math.min(most, semaphore.getAvailable() + held.getPermits()))
                .build();
        write(turn, object, serve(turn, object, after));
        return true;
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        ObjectId object = waiter.object();
        SemaphoreRow semaphore = turn.rows().require(Tables.SEMAPHORES, key(object));
        SemaphoreRow after = semaphore.toBuilder()
                .setWaiters(turn.waiters().end(turn, semaphore.getWaiters(), waiter, end))
                .build();
        // It may have been the one that all behind it waited for.
        write(turn, object, serve(turn, object, after));
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        SemaphoreParameters semaphore = parameters.getSemaphore();
        if (semaphore.getPermits() < 0
                || semaphore.getPermits() > Integer.MAX_VALUE
                || semaphore.getOwnership() == Ownership.UNRECOGNIZED) {
            return Refusal.newBuilder()
                    .setCode(RefusalCode.INVALID_ARGUMENT)
                    .setDetail("A semaphore begins with 0 to " + Integer.MAX_VALUE
                            + " permits, and its ownership is SESSION or NONE.")
                    .build();
        }
        turn.rows()
                .insert(
                        Tables.SEMAPHORES,
                        key(object),
                        SemaphoreRow.newBuilder()
                                .setInitial(semaphore.getPermits())
                                .setBounded(semaphore.getBounded())
                                .setOwnership(semaphore.getOwnership())
                                .setAvailable(semaphore.getPermits())
                                .build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        SemaphoreRow semaphore = turn.rows().require(Tables.SEMAPHORES, key(object));
        if (semaphore.getHolders() > 0) {
            turn.objects().sweeps().add(turn, Contents.SEMAPHORE_HOLDERS, object.value());
        }
        turn.rows().delete(Tables.SEMAPHORES, key(object));
        return semaphore.getWaiters().getLength() > 0;
    }

    /** Removes the permits that sessions held of a deleted semaphore. */
    public static Swept sweep(Turn turn, long object, @Nullable Key from, int limit) {
        return Sweeps.removeKeys(
                turn,
                Tables.SEMAPHORE_HOLDERS,
                object,
                from,
                limit,
                key -> Sessions.drop(turn, new SessionId(key.number(1)), new ObjectId(object)));
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        SemaphoreRow semaphore = sight.view().require(Tables.SEMAPHORES, key(object));
        SemaphoreInspection.Builder told = SemaphoreInspection.newBuilder()
                .setAvailable(semaphore.getAvailable())
                .setHoldersTotal(semaphore.getHolders())
                .setWaiters(Waiters.inspect(sight, object, semaphore.getWaiters()));
        for (View.Row<SemaphoreHolderRow> holder : holders(sight.view(), object, Limits.INSPECTED_WAITERS)) {
            told.addHolders(SemaphoreHolder.newBuilder()
                    .setOwner(Sessions.owner(
                            sight.view(), new SessionId(holder.key().number(1)), 0))
                    .setPermits(holder.row().getPermits()));
        }
        inspection.setSemaphore(told);
    }

    private static List<View.Row<SemaphoreHolderRow>> holders(View view, ObjectId object, int limit) {
        return view.scan(Tables.SEMAPHORE_HOLDERS, Tables.SEMAPHORE_HOLDERS.key(object.value()), limit);
    }

    private static boolean isPermits(long permits) {
        return permits >= 1 && permits <= Integer.MAX_VALUE;
    }

    private static Outcome notPermits(long permits) {
        return Outcome.refused(
                RefusalCode.INVALID_ARGUMENT,
                "1 to " + Integer.MAX_VALUE + " permits can be acquired or released at once, not "
                        + Long.toUnsignedString(permits) + ".");
    }

    private static boolean isOwned(SemaphoreRow semaphore) {
        return semaphore.getOwnership() == Ownership.OWNERSHIP_SESSION;
    }

    private static void write(Turn turn, ObjectId object, SemaphoreRow semaphore) {
        turn.rows().update(Tables.SEMAPHORES, key(object), semaphore);
    }

    private static Key key(ObjectId object) {
        return Tables.SEMAPHORES.key(object.value());
    }

    private static Key holderKey(ObjectId object, SessionId session) {
        return Tables.SEMAPHORE_HOLDERS.key(object.value(), session.value());
    }
}
