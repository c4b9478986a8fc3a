// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Cancel;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DeleteObject;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.CollectGarbage;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.SnapshotView;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A kernel over a store on the heap, driven by hand: one entry of the log a verb. Its verbs are methods, and also lines
 * of text, {@code what happens | what is told to whom, in order}:
 *
 * <pre>
 * a open L lock          | a created
 * a lock.acquire L       | a granted #1
 * b lock.acquire L 5s    | -
 * a lock.release L #1    | b granted #2, a ok
 * </pre>
 *
 * Sessions open with their first command. {@code #1} is the first token that the script has seen. Other lines:
 * {@code tick 5s}, {@code close a}, {@code expire a b}, {@code restart}; {@code if L#1} behind a command is a guard,
 * {@code ack 1,2} acknowledges. {@code a create X lock} makes an anonymous object, which the script calls X, and
 * {@code a drop X} lets go of it.
 */
public final class Script {
    public static final long SECOND = 1_000_000_000L;

    private final Map<String, SessionId> sessions = new LinkedHashMap<>();
    private final Map<SessionId, Long> sequences = new LinkedHashMap<>();
    private final Map<String, ObjectId> objects = new LinkedHashMap<>();
    /** What the script calls objects without a name, by the commands that created them. */
    private final Map<SessionCommand, String> anonymous = new LinkedHashMap<>();

    private final List<Long> tokens = new ArrayList<>();
    private final List<SessionCommand> sent = new ArrayList<>();
    private MemoryStore store = new MemoryStore();
    private Kernel kernel = new Kernel(store);
    private long term = 1;
    private long time;
    private int work;
    private Applied applied = new Applied(0);

    public Kernel kernel() {
        return kernel;
    }

    public MemoryStore store() {
        return store;
    }

    /** The committed rows. */
    public View view() {
        return new SnapshotView(store);
    }

    /** What the last entry had to tell. */
    public Applied applied() {
        return applied;
    }

    // Entries of the log.

    public Applied apply(LogItem... items) {
        return apply(time, items);
    }

    public Applied apply(long timeNanos, LogItem... items) {
        LogEntry entry = LogEntry.newBuilder()
                .setTimeNanos(timeNanos)
                .setWork(work)
                .addAllItems(List.of(items))
                .build();
        applied = kernel.apply(kernel.appliedIndex() + 1, term, entry, Onlooker.NONE);
        return applied;
    }

    /** Sets how much work each of the next entries may do; 0: as much as entries do that name none. */
    public void work(int units) {
        work = units;
    }

    /** Applies the items with one entry, and what it leaves with empty ones, and returns all completions. */
    public List<Completion> applyAll(LogItem... items) {
        List<Completion> all = new ArrayList<>(apply(items).completions());
        while (applied.backlog() > 0) {
            all.addAll(apply().completions());
        }
        return all;
    }

    /** Applies empty entries until nothing is left to do, and returns their completions and those of the last entry. */
    public List<Applied> finish() {
        List<Applied> all = new ArrayList<>(List.of(applied));
        while (applied.isUnfinished()) {
            assertThat(all).as("entries without an end").hasSizeLessThan(100_000);
            all.add(apply());
        }
        return all;
    }

    /** Begins a collection of garbage, or joins. */
    public Applied collect(int rowsAnEntry) {
        return apply(LogItem.newBuilder()
                .setCollect(CollectGarbage.newBuilder().setRowsAnEntry(rowsAnEntry))
                .build());
    }

    /** Does something to the rows that no command does, or not alone; then goes on with a kernel that has not read them. */
    public void inTurn(Consumer<Turn> deed) {
        MetaRow meta = view().require(Tables.META, Tables.META.key());
        Turn turn = new Turn(
                kernel, new Rows(store), meta, kernel.appliedIndex() + 1, term, kernel.logTime(), new WorkBudget(0));
        deed.accept(turn);
        turn.commit();
        restart();
    }

    /** Lets so much time pass. */
    public Applied tick(long nanos) {
        time += nanos;
        return apply();
    }

    /** A newer leader leads. */
    public void newTerm() {
        term++;
    }

    public SessionId open(String name) {
        OpenSession open = OpenSession.newBuilder()
                .setClientName(name)
                .setHost("host-of-" + name)
                .setTtlNanos(10 * SECOND)
                .setSecret(ByteString.copyFromUtf8("secret of " + name))
                .build();
        SessionId session =
                apply(LogItem.newBuilder().setOpen(open).build()).opened().get(0);
        sessions.put(name, session);
        sequences.put(session, 0L);
        return session;
    }

    /** The session of that name, opened now if need be. */
    public SessionId session(String name) {
        SessionId known = sessions.get(name);
        return known != null ? known : open(name);
    }

    public Applied close(SessionId session) {
        return apply(LogItem.newBuilder()
                .setClose(CloseSession.newBuilder().setSession(session.value()))
                .build());
    }

    public Applied expire(SessionId... expired) {
        return expire(term, expired);
    }

    public Applied expire(long ofTerm, SessionId... expired) {
        ExpireSessions.Builder expire = ExpireSessions.newBuilder().setTerm(ofTerm);
        for (SessionId session : expired) {
            expire.addSessions(session.value());
        }
        return apply(LogItem.newBuilder().setExpire(expire).build());
    }

    /** The command as the next of that session. */
    public LogItem item(SessionId session, Command.Builder command) {
        long sequence = sequences.merge(session, 1L, Long::sum);
        SessionCommand item = SessionCommand.newBuilder()
                .setSession(session.value())
                .setCommand(command.setSequence(sequence))
                .build();
        sent.add(item);
        return LogItem.newBuilder().setCommand(item).build();
    }

    /** Sends the next command of the session; its sequence. */
    public long send(SessionId session, Command.Builder command) {
        LogItem item = item(session, command);
        apply(item);
        return item.getCommand().getCommand().getSequence();
    }

    /** Sends a command again, as it was. */
    public Applied resend(SessionId session, long sequence) {
        return apply(
                LogItem.newBuilder().setCommand(original(session, sequence)).build());
    }

    private SessionCommand original(SessionId session, long sequence) {
        return sent.stream()
                .filter(item -> item.getSession() == session.value()
                        && item.getCommand().getSequence() == sequence)
                .findFirst()
                .orElseThrow();
    }

    /** Sends the next command of the session, which must be answered at once. */
    public Outcome call(SessionId session, Command.Builder command) {
        return outcome(session, send(session, command));
    }

    /** What the last entry told of that command; it must have been told. */
    public Outcome outcome(SessionId session, long sequence) {
        return applied.completions().stream()
                .filter(told -> told.session().equals(session) && told.sequence() == sequence)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was told of " + sequence + " of " + session))
                .outcome();
    }

    /** Opens an object, which must succeed. */
    public ObjectId openObject(SessionId session, String name, Parameters parameters) {
        Outcome outcome = call(session, opening(name, parameters));
        assertThat(outcome.getDone().hasOpened()).as("%s", outcome).isTrue();
        ObjectId object = new ObjectId(outcome.getDone().getOpened().getObject());
        objects.put(name, object);
        return object;
    }

    public static Command.Builder opening(String name, Parameters parameters) {
        return Command.newBuilder()
                .setOpen(OpenObject.newBuilder().setName(name).setParameters(parameters));
    }

    public static Command.Builder deleting(String name) {
        return Command.newBuilder().setDelete(DeleteObject.newBuilder().setName(name));
    }

    public static Command.Builder cancelling(long sequence) {
        return Command.newBuilder().setCancel(Cancel.newBuilder().setSequence(sequence));
    }

    /** Goes on with a new kernel, over a copy of the store. */
    public void restart() {
        store = store.copy();
        kernel = new Kernel(store);
    }

    // Queries.

    public Answer ask(Query.Builder query) {
        return kernel.answer(new Sight(kernel.view(), kernel.logTime(), kernel.revision()), query.build());
    }

    public Inspection inspect(ObjectId object) {
        return ask(Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(object.value())))
                .getInspection();
    }

    // Text.

    /** Does what the lines say, each an entry, and compares what is told. */
    public Script play(String lines) {
        lines.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .forEach(this::line);
        return this;
    }

    private void line(String line) {
        int bar = line.lastIndexOf('|');
        act(List.of(line.substring(0, bar).strip().split(" +")));
        assertThat(told()).as(line).isEqualTo(line.substring(bar + 1).strip());
    }

    private void act(List<String> words) {
        List<String> rest = words.subList(1, words.size());
        switch (words.get(0)) {
            case "tick" -> tick(nanos(rest.get(0)));
            case "close" -> close(session(rest.get(0)));
            case "expire" -> expire(rest.stream().map(this::session).toArray(SessionId[]::new));
            case "restart" -> {
                restart();
                apply();
            }
            default -> command(session(words.get(0)), rest);
        }
    }

    private void command(SessionId session, List<String> words) {
        if (words.get(0).equals("again")) {
            resend(session, Long.parseLong(words.get(1)));
            return;
        }
        long sequence = send(session, Operations.command(this, words));
        if (words.get(0).equals("create")) {
            anonymous.put(original(session, sequence), words.get(1));
        }
    }

    /** The object that was opened under that name last; {@code 123}: the one with that id. */
    public ObjectId object(String name) {
        ObjectId object = objects.get(name);
        return object != null ? object : new ObjectId(Long.parseLong(name));
    }

    /** {@code #1}: the first token that was seen; {@code 123}: that one. */
    public long token(String text) {
        return text.startsWith("#") ? tokens.get(Integer.parseInt(text.substring(1)) - 1) : Long.parseLong(text);
    }

    public String tellToken(long token) {
        if (!tokens.contains(token)) {
            tokens.add(token);
        }
        return "#" + (tokens.indexOf(token) + 1);
    }

    public Value value(String text) {
        return Texts.value(text, this::object);
    }

    public String tell(Value value) {
        return Texts.tell(value, object -> "@" + name(object));
    }

    private String name(ObjectId object) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getValue().equals(object))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(String.valueOf(object.value()));
    }

    /** {@code 0}, {@code 100ms}, {@code 5s}, or nanoseconds. */
    public static long nanos(String text) {
        if (text.endsWith("ms")) {
            return Long.parseLong(text.substring(0, text.length() - 2)) * 1_000_000L;
        }
        return text.endsWith("s")
                ? Long.parseLong(text.substring(0, text.length() - 1)) * SECOND
                : Long.parseLong(text);
    }

    /** What the last entry told, in words. */
    public String told() {
        String told = applied.completions().stream()
                .map(completion -> sessionName(completion.session()) + " "
                        + tell(completion.session(), completion.sequence(), completion.outcome()))
                .collect(Collectors.joining(", "));
        return told.isEmpty() ? "-" : told;
    }

    private String sessionName(SessionId session) {
        return sessions.entrySet().stream()
                .filter(entry -> entry.getValue().equals(session))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(session.toString());
    }

    private String tell(SessionId session, long sequence, Outcome outcome) {
        if (outcome.hasRefused()) {
            return outcome.getRefused().getCode().name();
        }
        Reply reply = outcome.getDone();
        return switch (reply.getReplyCase()) {
            case ACKNOWLEDGED -> "ok";
            case DECIDED -> reply.getDecided() ? "true" : "false";
            case TIMED_OUT -> "timed-out";
            case OPENED -> {
                SessionCommand original = original(session, sequence);
                String name = anonymous.getOrDefault(
                        original, original.getCommand().getOpen().getName());
                objects.put(name, new ObjectId(reply.getOpened().getObject()));
                yield reply.getOpened().getCreated() ? "created" : "opened";
            }
            case LOCK -> Operations.reply(this, "lock", reply);
            case VALUE -> Operations.reply(this, "value", reply);
            case DICT -> Operations.reply(this, "dict", reply);
            case SEMAPHORE -> Operations.reply(this, "semaphore", reply);
            case CONDITION -> Operations.reply(this, "condition", reply);
            case BARRIER -> Operations.reply(this, "barrier", reply);
            case QUEUE -> Operations.reply(this, "queue", reply);
            case LIST -> Operations.reply(this, "list", reply);
            case ARRAY -> Operations.reply(this, "array", reply);
            case REPLY_NOT_SET -> throw new AssertionError("a reply that says nothing");
        };
    }
}
