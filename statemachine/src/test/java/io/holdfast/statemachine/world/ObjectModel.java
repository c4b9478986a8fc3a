// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one object must be: its state in plain Java, changed as SEMANTICS.md says. It asks no machine; what it expects to
 * be told, it compares with what was told, in the same order.
 */
public abstract class ObjectModel {
    public final long id;
    public final Kind kind;
    public final Parameters parameters;
    /** Those that wait for it, oldest first. */
    public final List<Wait> queue = new ArrayList<>();
    /** Null: deleted, but something refers to it. */
    String name;

    long references;

    protected ObjectModel(long id, Kind kind, Parameters parameters) {
        this.id = id;
        this.kind = kind;
        this.parameters = parameters;
    }

    /** Empty: it has none. */
    public String name() {
        return name == null ? "" : name;
    }

    /** Applies a command to it, and compares what it is told. */
    public abstract void apply(Realm realm, Command command);

    /** Returns whether some of those that wait for it are to be served, or told, and have not been. */
    public boolean isUnserved(Realm realm) {
        return false;
    }

    /** Serves those that are to be, as far as the kernel did. */
    public void serve(Realm realm) {
        throw new AssertionError("nobody waits for a " + kind);
    }

    /** It is gone, and so is that wait for it. */
    public void forgotten(Realm realm, Wait wait) {}

    /** It was created just now. */
    public void created(Realm realm) {}

    /** A wait for it has ended without a grant; it is out of the queue already. */
    public void waitEnded(Realm realm, Wait wait) {}

    /** The time of a wait for it is over. */
    public void timedOut(Realm realm, Wait wait) {
        realm.unpark(wait);
        realm.done(Invariant.TIMERS, wait.session(), wait.sequence(), Replied.timedOut());
        waitEnded(realm, wait);
    }

    /** Its session wants to wait for it no more; whether that is so from now on. */
    public boolean cancelled(Realm realm, Wait wait) {
        realm.unpark(wait);
        realm.refused(wait, RefusalCode.CANCELLED);
        waitEnded(realm, wait);
        return true;
    }

    /** Whether an owner waits, in this wait for it, until another certain owner releases it. */
    public boolean isCertain(Wait wait) {
        return false;
    }

    /** What that session can do about it because of what it has of it; null: nothing. */
    public Command.@Nullable Builder duty(Dice dice, long session, Realm realm) {
        return null;
    }

    /** A session that holds something of it has ended. */
    public void sessionEnds(Realm realm, long session, boolean expired) {
        throw new AssertionError("nobody holds anything of a " + kind);
    }

    /** The same, of which a part was done: of its deliveries, some are back. */
    public void sessionEndsPartly(Realm realm, long session, Predicate<Long> isBack) {}

    /** The number that its deliveries are kept under, if it is of a kind that has some. */
    public long deliveries() {
        return 0;
    }

    /** The number of elements of a list; 0 for other kinds. */
    public long elements() {
        return 0;
    }

    /** Its own alarm is due. */
    public void due(Realm realm) {
        throw new AssertionError("a " + kind + " has no alarms");
    }

    /** What it refers to; one that it refers to twice comes twice. */
    public List<Long> references() {
        return List.of();
    }

    /** Nothing reaches it, says a collection of garbage: it lets go of its contents. */
    public void letGo(Realm realm, View after) {}

    /** Nothing refers to it any more; those that wait have been told. */
    public void destroy(Realm realm) {}

    /** Its rows say the same. */
    public abstract void check(View view, Realm realm);

    /** There are no rows of its kind any more. */
    public abstract void checkGone(View view);

    /** A random question about it. */
    public abstract Query.Builder question(Dice dice);

    /** The answer is right. */
    public abstract void checkAnswer(Query query, Answer answer, Realm realm);
}
