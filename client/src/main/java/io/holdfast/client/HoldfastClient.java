// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.NamedObject;
import io.holdfast.client.inspect.ObjectInspection;
import io.holdfast.client.lock.Grants;
import io.holdfast.client.semaphore.HeldPermits;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.NettyChannels;
import io.holdfast.client.session.Opener;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.SessionKeeper;
import io.holdfast.client.session.SessionOptions;
import io.holdfast.client.session.StaleReads;
import io.holdfast.client.session.StateTeller;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DeleteObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Holdfast cluster: locks, semaphores, barriers, events, values and dicts that survive the loss of nodes, shared
 * with all other clients.
 *
 * <pre>{@code
 * try (HoldfastClient client = HoldfastClient.connect("h1:4500,h2:4500,h3:4500")) {
 *     SharedDict<String, Long> stock = client.dict("stock");
 *     try (LockHandle held = client.lock("stock/lock").acquire()) {
 *         stock.guardedBy(held).merge("apples", 1L, Long::sum);
 *     }
 * }
 * }</pre>
 *
 * <p>One client is one session: what its locks hold is freed when it is closed, when its process dies
 * (two seconds later, by default), or when it is cut off for the session's time to live. One client
 * for a process is usual; it is made for many threads, virtual ones too.
 *
 * <p><b>Failures.</b> A call that is under way when a node or a connection fails is sent again to the next
 * leader, under the same number, and takes effect once. So a call ends in its result, in the
 * exception of a refusal, or in {@link io.holdfast.client.errors.SessionLostException}: this one leaves open whether it
 * took effect, as does {@link io.holdfast.client.errors.ClientClosedException} when this client is closed meanwhile, and
 * a {@link io.holdfast.client.errors.ServerFaultException} that says so. A call waits for the cluster as long as its session lives, and for a new
 * session as long as the connect timeout, counted from the call ({@link ClusterUnavailableException}: it was not sent).
 *
 * <p><b>Order.</b> Calls of one thread take effect in their order, also asynchronous ones; but later ones may pass a call
 * that waits (an acquire, say) when very many wait in this client, a guarded one while the lease is in doubt, an
 * asynchronous one that runs on the callback executor, and a read that is asked again after a lost connection.
 *
 * <p>Objects are opened by name, and created if they are not there, in one step. An object of another
 * kind, or with other parameters, is {@link io.holdfast.client.errors.ObjectMismatchException}. Names
 * have 1 to 512 bytes, and do not begin with {@code ~}; levels are separated by {@code /}, by habit only.
 *
 * <p>Memory consistency effects: actions before a call <i>happen-before</i> those after another call, of
 * any thread, that has seen its effect.
 */
public final class HoldfastClient extends ObjectFactory implements AutoCloseable {
    private final NettyChannels channels;
    private final SessionKeeper keeper;
    private final StaleReads staleReads;
    private final StateTeller teller;
    private final @Nullable ExecutorService ownCallbacks;
    private final Caller caller;
    private final Grants grants = new Grants();
    private final HeldPermits permits = new HeldPermits();
    private final StandardCodec codec;

    private HoldfastClient(
            SessionOptions options,
            Executor callbacks,
            @Nullable ExecutorService ownCallbacks,
            StandardCodec standard,
            List<ConnectionListener> listeners) {
        this.channels = new NettyChannels("holdfast-io-" + options.clientName());
        this.ownCallbacks = ownCallbacks;
        this.teller = new StateTeller(callbacks);
        listeners.forEach(teller::add);
        this.keeper = new SessionKeeper(options, channels, teller);
        this.staleReads = new StaleReads(channels, keeper::addresses);
        this.caller = new Caller(keeper, callbacks, staleReads);
        Handles handles = new Handles(caller, grants, permits);
        this.codec = standard.boundTo(new HandleCache(id -> handles.of(id, codec())));
    }

    static HoldfastClient start(
            SessionOptions options,
            @Nullable Executor callbackExecutor,
            StandardCodec codec,
            List<ConnectionListener> listeners) {
        HoldfastClient client;
        if (callbackExecutor == null) {
            ExecutorService own = Callbacks.pool(options.clientName());
            client = new HoldfastClient(options, own, own, codec, listeners);
        } else {
            client = new HoldfastClient(options, callbackExecutor, null, codec, listeners);
        }
        boolean started = false;
        try {
            client.keeper.start();
            started = true;
            return client;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterUnavailableException("Interrupted while connecting. Nothing was sent.");
        } finally {
            if (!started) {
                client.close();
            }
        }
    }

    /**
     * Connects with defaults, and waits until a session is open.
     *
     * @param addresses {@code host:port} of some or all nodes, separated by commas
     * @throws IllegalArgumentException if an address is not of that form, or there is none
     * @throws ClusterUnavailableException if that takes longer than 30 s, the cluster refuses it, or the thread is
     *     interrupted meanwhile. The message says what was seen at each address
     */
    public static HoldfastClient connect(String addresses) {
        return builder().addresses(addresses).connect();
    }

    /** A client that is not as the defaults. */
    public static HoldfastClientBuilder builder() {
        return new HoldfastClientBuilder(LocalHostName.ofThisProcess());
    }

    // ---- objects: the ObjectFactory's ---------------------------------------------------------------

    @Override
    Maker named(String name) {
        return new Maker(caller, grants, permits, parameters -> Opener.open(caller, name, parameters));
    }

    @Override
    Maker anonymous() {
        return new Maker(caller, grants, permits, parameters -> Opener.create(caller, parameters));
    }

    /**
     * Gives up this client's handle to an anonymous object that it has created.
     *
     * <p>An anonymous object ({@code newLock()} and its like) lives while a client has a handle to it, or another object
     * refers to it: a dict that it was put into, or a condition that is its own. The client that created it has one, and
     * whoever takes the last reference to it from a queue, until it drops it, or its session ends. Of what is gone, every
     * use is {@link io.holdfast.client.errors.ObjectDeletedException}.
     *
     * @return false if this client's session has no handle to it: it has a name, was created by another session, or was
     *     dropped already
     */
    public boolean drop(SharedObject object) {
        return Opener.drop(caller, object.id());
    }

    // ---- all objects ------------------------------------------------------------------------------

    /**
     * Unbinds a name, as unlink does to a file. The object is gone when nothing refers to it any more;
     * those that wait for it get {@link io.holdfast.client.errors.ObjectDeletedException}.
     *
     * @return false if there was no such name
     */
    public boolean delete(String name) {
        DeleteObject.Builder delete = DeleteObject.newBuilder().setName(Opener.checked(name));
        return caller.call(new Operation<>(Command.newBuilder().setDelete(delete), reply -> reply.getDecided()));
    }

    /**
     * What an object is, who has it and who waits for it.
     *
     * @throws io.holdfast.client.errors.NoSuchObjectException if no object has the name
     */
    public ObjectInspection inspect(String name) {
        return caller.ask(Inspections.byName(Opener.checked(name)));
    }

    /**
     * The objects whose names begin with the prefix, in order of the names' bytes. Pages through them:
     * those that come or go meanwhile may or may not be in it.
     *
     * @param prefix empty: all
     */
    public List<NamedObject> objects(String prefix) {
        List<NamedObject> all = new ArrayList<>();
        String after = "";
        do {
            Inspections.Page page = caller.ask(Inspections.page(Opener.checked(prefix), after));
            all.addAll(page.objects());
            after = page.next();
        } while (!after.isEmpty());
        return all;
    }

    @Override
    public StandardCodec codec() {
        return codec;
    }

    @Override
    public <T> Codec<T> codec(Class<T> type) {
        return codec.typed(type);
    }

    // ---- the connection -------------------------------------------------------------------------

    /** What may be taken for granted now, by this client's own clock. */
    public ConnectionState state() {
        return keeper.state();
    }

    /** The number of the current session, as {@code inspect} shows it; 0 while a new one is opened. */
    public long sessionId() {
        return keeper.session().id();
    }

    /** Adds a listener; it hears of changes from now on. */
    public void addListener(ConnectionListener listener) {
        teller.add(listener);
    }

    /** Removes a listener. */
    public void removeListener(ConnectionListener listener) {
        teller.remove(listener);
    }

    /**
     * Ends the session: what it owns is free at once. Calls that are under way end with {@link
     * io.holdfast.client.errors.ClientClosedException}. Waits for the cluster's answer for a moment; without
     * it, the session ends by its grace. Idempotent.
     */
    @Override
    public void close() {
        keeper.close();
        staleReads.close();
        channels.close();
        if (ownCallbacks != null) {
            ownCallbacks.shutdown();
        }
    }

    @Override
    public String toString() {
        return "HoldfastClient[session " + sessionId() + ", " + state() + "]";
    }
}
