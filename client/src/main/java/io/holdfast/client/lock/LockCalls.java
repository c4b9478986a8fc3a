// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Session;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockAcquired;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForceRelease;
import io.holdfast.protocol.v1.LockRelease;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The commands of a Lock or an RLock, and what this client holds of it: what their facades share. */
final class LockCalls {
    /** As a token: whatever grant is current. */
    static final long ANY_GRANT = 0;

    private final ObjectRef object;
    private final boolean owned;
    private final boolean reentrant;
    private final LongSupplier owner;
    private final Caller caller;
    private final Grants grants;

    private LockCalls(
            ObjectRef object, boolean owned, boolean reentrant, LongSupplier owner, Caller caller, Grants grants) {
        this.object = object;
        this.owned = owned;
        this.reentrant = reentrant;
        this.owner = owner;
        this.caller = caller;
        this.grants = grants;
    }

    static LockCalls ofLock(ObjectRef object, boolean owned, Caller caller, Grants grants) {
        return new LockCalls(object, owned, false, LockCalls::thread, caller, grants);
    }

    static LockCalls ofRLock(ObjectRef object, Caller caller, Grants grants) {
        return new LockCalls(object, true, true, LockCalls::thread, caller, grants);
    }

    LockCalls ownedBy(LongSupplier tag) {
        return new LockCalls(object, owned, reentrant, tag, caller, grants);
    }

    private static long thread() {
        return Thread.currentThread().getId();
    }

    ObjectRef object() {
        return object;
    }

    Grants grants() {
        return grants;
    }

    Caller caller() {
        return caller;
    }

    /** The tag of who calls now. */
    long owner() {
        return owner.getAsLong();
    }

    /** What the one who calls now works under: its own holding; of a Lock, any of this client's otherwise. */
    @Nullable
    Holding current() {
        Holding own = grants.of(object.id(), owner());
        return own != null || reentrant ? own : grants.newest(object.id());
    }

    /** How many holds the one who calls now has, as far as this client knows. */
    int holds() {
        Holding own = grants.of(object.id(), owner());
        return own != null && own.isHeld() ? own.holds() : 0;
    }

    // ---- commands ---------------------------------------------------------------------------------

    Wait<@Nullable LockHandle> acquire(SharedMutex facade, long timeoutNanos) {
        long tag = owner();
        LockAcquire.Builder acquire = LockAcquire.newBuilder().setOwnerTag(tag);
        if (timeoutNanos != Wait.ENDLESS) {
            acquire.setTimeoutNanos(timeoutNanos);
        }
        return new Wait<>(
                command(LockCommand.newBuilder().setAcquire(acquire)),
                timeoutNanos,
                null,
                (reply, session) -> {
                    LockAcquired acquired = reply.getLock().getAcquired();
                    return held(tag, acquired.getToken(), session).handleFor(facade, acquired.getTicket(), this);
                },
                granted -> {
                    if (granted != null) {
                        granted.giveBack();
                    }
                });
    }

    /** Notes a grant; it has no handle yet. One that nobody owns may be released by anybody: it is not kept in mind. */
    Holding held(long tag, long token, Session session) {
        Holding granted = new Holding(object.id(), tag, owned, token, session);
        return owned ? grants.join(granted) : granted;
    }

    void unlock() {
        Holding held = current();
        LockHandle handle = held == null ? null : held.newest();
        if (handle != null) {
            handle.release();
        } else {
            caller.call(releaseOperation(owner(), ANY_GRANT));
        }
    }

    void release(Holding held) {
        callerFor(held).call(releaseOperation(held.owner(), held.token()));
    }

    CompletableFuture<@Nullable Void> releaseAsync(Holding held) {
        return callerFor(held).callAsync(releaseOperation(held.owner(), held.token()));
    }

    /** Whatever becomes of it, nobody is told. */
    void releaseUnheard(Holding held) {
        long token = held.token();
        callerFor(held).callUnheard(() -> releaseOperation(held.owner(), token));
    }

    boolean forceRelease() {
        return caller.call(new Operation<>(
                command(LockCommand.newBuilder().setForceRelease(LockForceRelease.getDefaultInstance())),
                reply -> reply.getLock().getForced().getWasHeld()));
    }

    LockInspection inspect() {
        return (LockInspection) caller.ask(Inspections.byId(object.id()));
    }

    /** What a session owns, only that session gives back; what nobody owns, any does. */
    private Caller callerFor(Holding held) {
        return owned ? caller.boundTo(held.session()) : caller;
    }

    private Operation<@Nullable Void> releaseOperation(long tag, long token) {
        return new Operation<>(
                command(LockCommand.newBuilder()
                        .setRelease(LockRelease.newBuilder().setToken(token).setOwnerTag(tag))),
                reply -> null);
    }

    private Command.Builder command(LockCommand.Builder lock) {
        return Command.newBuilder().setLock(lock.setObject(object.id()));
    }

    LeaseLostException lost(long token, @Nullable String why) {
        return new LeaseLostException("Lock " + object + " with token " + token + " is not held any more: " + why
                + ". Another owner may have held it since; what was guarded by the token changed nothing since.");
    }

    static LockHandle granted(@Nullable LockHandle handle) {
        if (handle == null) {
            throw new IllegalStateException("a wait without end was told that its time is over");
        }
        return handle;
    }
}
