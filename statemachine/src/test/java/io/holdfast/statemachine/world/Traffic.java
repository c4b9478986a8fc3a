// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.Cancel;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DeleteObject;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.CollectGarbage;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.MarkState;
import io.holdfast.statemachine.log.OpenSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The clients of a world, their network, and the leader that makes entries of what comes through. */
final class Traffic {
    private static final int CLIENTS = 5;
    private static final int UNANSWERED = 7;
    private static final int NAMES_A_KIND = 3;
    private static final int MOST_AT_ONCE = 60;
    private static final List<Kind> AWAITED = List.of(
            Kind.KIND_EVENT,
            Kind.KIND_SEMAPHORE,
            Kind.KIND_BARRIER,
            Kind.KIND_QUEUE,
            Kind.KIND_QUEUE,
            Kind.KIND_LOCK,
            Kind.KIND_CONDITION);
    private static final List<Integer> WORK = List.of(0, 1, 1, 40, 120, 400);

    private final Dice dice;
    private final Realm realm;
    private final List<Client> clients = new ArrayList<>();
    /** True if some entries of this world limit their work. */
    private final boolean limitsWork;
    /** True if clients of this world send many commands of one kind at once. */
    private final boolean crowded;

    private long clock;
    private int opening;
    /** A session that closes with the next entry; 0: none. */
    private long closing;

    /** The most that entries of now say; 0: they do not say. */
    private int mostWork;

    Traffic(Dice dice, Realm realm) {
        this.dice = dice;
        this.realm = realm;
        this.limitsWork = dice.oneIn(2);
        this.crowded = limitsWork && !dice.oneIn(3);
    }

    /** Returns whether the entries of this world limit their work, so that some of it is left for later ones. */
    boolean limitsWork() {
        return limitsWork;
    }

    /** Returns the work that the next entry may do; 0 if it is not limited. */
    int work() {
        if (limitsWork && dice.oneIn(30)) {
            mostWork = dice.pick(WORK);
        }
        return mostWork == 0 ? 0 : dice.between(1, mostWork);
    }

    /** Clients do something, and the leader makes the next entry. */
    LogEntry next() {
        for (int i = dice.below(4); i > 0 && !clients.isEmpty(); i--) {
            act(dice.pick(clients));
        }
        // Now and then a leader's clock is behind: log time does not go back.
        clock += dice.oneIn(3) ? 0 : dice.oneIn(15) ? dice.below(40) : dice.below(4);
        LogEntry.Builder entry = LogEntry.newBuilder()
                .setTimeNanos(dice.oneIn(30) ? Math.max(0, clock - dice.below(20)) : clock)
                .setWork(work());
        if (dice.oneIn(200)) {
            realm.term++;
            clients.forEach(client -> client.reconnect(dice));
        }
        sessions(entry);
        int items = dice.oneIn(6) ? dice.below(8) : dice.below(4);
        for (int i = 0; i < items && !clients.isEmpty(); i++) {
            LogItem item = dice.pick(clients).pipe.poll();
            if (item != null) {
                entry.addItems(item);
            }
        }
        if (crowded && dice.oneIn(4) && !clients.isEmpty()) {
            Client client = dice.pick(clients);
            for (int i = dice.below(MOST_AT_ONCE); i > 0 && !client.pipe.isEmpty(); i--) {
                entry.addItems(client.pipe.remove());
            }
        }
        sessions(entry);
        if (dice.oneIn(100)) {
            entry.addItems(LogItem.newBuilder().setMark(MarkState.getDefaultInstance()));
        }
        if (dice.oneIn(40)) {
            entry.addItems(collect(dice));
        }
        return entry.build();
    }

    private void sessions(LogEntry.Builder entry) {
        if (clients.size() + opening < CLIENTS && dice.oneIn(4)) {
            opening++;
            entry.addItems(open());
        }
        if (dice.oneIn(120) && !clients.isEmpty()) {
            entry.addItems(close(dice.pick(clients).session));
        }
        if (closing != 0) {
            entry.addItems(close(closing));
            closing = 0;
        }
        if (dice.oneIn(25)) {
            expire(entry);
        }
    }

    /** The session that waits for most. */
    private long busiest() {
        return Collections.max(
                        realm.sessions.values(),
                        Comparator.comparingInt((ModelSession session) -> session.waits.size()))
                .id;
    }

    static LogItem open() {
        return LogItem.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setClientName("client")
                        .setHost("host")
                        .setTtlNanos(100)
                        .setSecret(ByteString.copyFromUtf8("secret")))
                .build();
    }

    static LogItem close(long session) {
        return LogItem.newBuilder()
                .setClose(CloseSession.newBuilder().setSession(session))
                .build();
    }

    static LogItem collect(Dice dice) {
        return LogItem.newBuilder()
                .setCollect(CollectGarbage.newBuilder().setRowsAnEntry(dice.between(0, 6)))
                .build();
    }

    /** The crashed, and now and then one that only was silent; sometimes too late, from a term that is over. */
    private void expire(LogEntry.Builder entry) {
        ExpireSessions.Builder expire =
                ExpireSessions.newBuilder().setTerm(dice.oneIn(6) ? realm.term - 1 : realm.term);
        clients.stream().filter(client -> client.crashed).forEach(client -> expire.addSessions(client.session));
        if (dice.oneIn(3) && !clients.isEmpty()) {
            expire.addSessions(dice.pick(clients).session);
        }
        entry.addItems(LogItem.newBuilder().setExpire(expire));
    }

    private void act(Client client) {
        if (client.crashed) {
            return;
        }
        if (crowded && dice.oneIn(25)) {
            crowd(client);
        } else if (crowded && dice.oneIn(15) && !realm.objects.isEmpty()) {
            stir(client);
        }
        switch (dice.below(60)) {
            case 0, 1, 2 -> client.reconnect(dice);
            case 3, 4 -> client.repeat(dice);
            case 5 -> client.lose();
            case 6 -> client.crashed = dice.oneIn(3);
            default -> {
                if (client.unanswered.size() < UNANSWERED || (crowded && dice.oneIn(4))) {
                    client.send(dice, command(client));
                } else if (dice.oneIn(4)) {
                    client.reconnect(dice);
                }
            }
        }
    }

    /** Many commands that wait for one object, or take something of it; or many objects without a name. */
    private void crowd(Client client) {
        if (client.unanswered.size() >= MOST_AT_ONCE) {
            return;
        }
        if (dice.oneIn(8)) {
            Collections.nCopies(dice.between(10, MOST_AT_ONCE), creating()).forEach(each -> send(client, each));
        } else {
            Kind kind = dice.pick(AWAITED);
            long object = anyObject(kind);
            Rooms.of(kind).crowd(dice, object, MOST_AT_ONCE, realm).forEach(each -> send(client, each));
            if (dice.oneIn(5) && realm.object(object) != null) {
                client.send(dice, Script.deleting(realm.object(object).name()));
            }
        }
    }

    private void send(Client client, Command.Builder command) {
        client.send(dice, command.clone());
    }

    /** Something happens to the object that most wait for: many of them may go on, or it is deleted. */
    private void stir(Client client) {
        ObjectModel object = Collections.max(
                realm.objects.values(), Comparator.comparingInt((ObjectModel each) -> each.queue.size()));
        if (dice.oneIn(5)) {
            client.send(
                    dice,
                    Command.newBuilder().setDelete(DeleteObject.newBuilder().setName(object.name())));
        } else {
            Rooms.of(object.kind).stir(dice, object.id, realm).forEach(each -> send(client, each));
        }
        if (dice.oneIn(2)) {
            closing = busiest();
        }
    }

    private Command.Builder command(Client client) {
        Command.Builder command = operation(client);
        if (dice.oneIn(8)) {
            Guard guard = realm.anyToken(dice);
            if (guard != null) {
                command.addGuards(guard);
            }
        }
        return command;
    }

    private Command.Builder operation(Client client) {
        int throwOf = dice.below(100);
        if (throwOf < 6 || realm.objects.size() < 4) {
            return opening(dice.pick(Rooms.WEIGHTED));
        }
        if (throwOf < 7) {
            return creating();
        }
        if (throwOf < 9) {
            return Command.newBuilder().setDelete(DeleteObject.newBuilder().setName(name(dice.pick(Rooms.WEIGHTED))));
        }
        if (throwOf < 10) {
            return dropping(client.session);
        }
        if (throwOf < 15) {
            return Command.newBuilder()
                    .setCancel(
                            Cancel.newBuilder().setSequence(dice.oneIn(5) ? dice.below(30) : anyWait(client.session)));
        }
        if (throwOf < 16) {
            return dice.oneIn(2)
                    ? Command.newBuilder()
                    : Command.newBuilder().setRefused(Refusal.newBuilder().setCode(RefusalCode.TOO_LARGE));
        }
        Command.Builder duty = dice.oneIn(3) ? duty(client.session) : null;
        if (duty != null) {
            return duty;
        }
        Kind kind = dice.pick(Rooms.WEIGHTED);
        if (!dice.oneIn(5) && realm.objects().stream().noneMatch(object -> object.kind == kind)) {
            return opening(kind);
        }
        long object = anyObject(kind);
        Command.Builder taking =
                client.greedy && !dice.oneIn(3) ? Rooms.of(kind).taking(dice, object) : null;
        return taking != null ? taking : Rooms.of(kind).command(dice, object, client.session, realm);
    }

    /** Something that the session can do because of what it has; null: it has nothing. */
    private Command.@Nullable Builder duty(long session) {
        List<Command.Builder> duties = realm.objects().stream()
                .map(object -> object.duty(dice, session, realm))
                .filter(Objects::nonNull)
                .toList();
        return duties.isEmpty() ? null : dice.pick(duties);
    }

    /** An object of that kind, more often than not. */
    private long anyObject(Kind kind) {
        if (dice.oneIn(40)) {
            return Realm.NEVER_AN_ID + dice.below(3);
        }
        int dead = realm.lives.dead.size();
        if (dead > 0 && dice.oneIn(25)) {
            return realm.lives.dead.get(dead - 1 - dice.below(Math.min(5, dead)));
        }
        if (dice.oneIn(40)) {
            return realm.liveObject(dice);
        }
        List<Long> fitting = realm.objects.values().stream()
                .filter(object -> object.kind == kind)
                .map(object -> object.id)
                .toList();
        return fitting.isEmpty() ? Realm.NEVER_AN_ID : dice.pick(fitting);
    }

    /** A command of that session that waits; 0: none does. */
    private long anyWait(long session) {
        ModelSession own = realm.sessions.get(session);
        return own == null || own.waits.isEmpty() ? 0 : dice.pick(List.copyOf(own.waits.keySet()));
    }

    private Command.Builder opening(Kind kind) {
        String name =
                dice.oneIn(50) ? dice.oneIn(2) ? "" : "~1" : name(dice.oneIn(15) ? dice.pick(Rooms.WEIGHTED) : kind);
        return Command.newBuilder()
                .setOpen(OpenObject.newBuilder()
                        .setName(name)
                        .setParameters(Rooms.of(kind).parameters(dice, realm)));
    }

    private Command.Builder creating() {
        Room room = Rooms.of(dice.pick(Rooms.WEIGHTED));
        return Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(room.parameters(dice, realm)));
    }

    /** An object that the session has a handle to, more often than not. */
    private Command.Builder dropping(long session) {
        ModelSession own = realm.sessions.get(session);
        boolean any = own == null || own.handles.isEmpty() || dice.oneIn(5);
        return Command.newBuilder()
                .setDrop(DropHandle.newBuilder()
                        .setObject(any ? realm.liveObject(dice) : dice.pick(List.copyOf(own.handles))));
    }

    private String name(Kind kind) {
        return kind + "/" + dice.below(NAMES_A_KIND);
    }

    /** What the entry told reaches those who are still there, or gets lost on its way. */
    void deliver(Applied applied) {
        applied.opened().forEach(session -> clients.add(new Client(session.value(), dice.oneIn(2))));
        opening -= applied.opened().size();
        applied.ended()
                .forEach(ended -> clients.removeIf(
                        client -> client.session == ended.session().value()));
        for (Client client : clients) {
            if (client.crashed) {
                continue;
            }
            boolean lost = dice.oneIn(12);
            for (Applied.Completion told : applied.completions()) {
                if (!lost && told.session().value() == client.session) {
                    client.receive(told);
                }
            }
            boolean broken = applied.violations().stream()
                    .anyMatch(violation -> violation.session().value() == client.session);
            if (lost || broken) {
                client.reconnect(dice);
            }
        }
    }
}
