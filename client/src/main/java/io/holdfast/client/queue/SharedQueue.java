// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.errors.QueueShutDownException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Session;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue that all clients share: a {@link BlockingQueue}, first in, first out, for items and for those who wait on either
 * side.
 *
 * <pre>{@code
 * SharedQueue<Job> jobs = client.queue("jobs", Job.class);
 * jobs.put(new Job("render", 3));
 *
 * try (Delivery<Job> delivery = jobs.receive()) {
 *     run(delivery.value());
 *     delivery.ack(); // else it goes back, also when this process dies
 * }
 * }</pre>
 *
 * <p><b>Taking or receiving.</b> {@code take} and {@code poll} hand an item over for good: at most once, lost with a
 * consumer that dies. {@code receive} makes it a {@link Delivery}, which goes back to its place unless it is
 * acknowledged: at least once. How often, and what then, {@link QueueOptions#maxDeliveries} says.
 *
 * <p><b>Waiting.</b> A method that may wait tells the truth: after an {@link InterruptedException} nothing was put or
 * taken, and what was taken is returned, with the interrupt status set. So it may last as long as the cluster cannot
 * be asked, its timeout notwithstanding, until the session is lost. The same holds for futures: to cancel one asks the
 * cluster to end the wait, and the future is completed with what the cluster says; {@code cancel} itself answers false.
 *
 * <p><b>Nulls</b> are refused with {@link NullPointerException}, as {@link BlockingQueue} demands. The wire allows them:
 * one that a program in another language has put is null here, which {@code poll} cannot tell from 'none'; {@link
 * #poll(int, Duration)}, {@code take()}, {@code remove()} and {@code receive} can.
 *
 * <p><b>Items</b> are equal when their encoded forms are. An anonymous object that an item refers to is the taker's, to
 * be {@linkplain io.holdfast.client.HoldfastClient#drop dropped}, if nothing else refers to it; in a delivery it is still
 * the queue's. If others had it, and it is gone when the item is read, it reads as null, or as the handle of it that this
 * client had.
 *
 * <p><b>Items that cannot be decoded</b> are not lost. {@code take}, {@code poll} and {@code remove} throw a {@link
 * io.holdfast.client.errors.DecodingException} that carries the encoded item. Methods that take many deliver all others:
 * {@code drainTo} adds them to its target, and then throws; {@link #poll(int, Duration)} returns them, and the next method that
 * takes through this facade throws, before it takes anything. After {@code receive}, only {@link Delivery#value} throws.
 * Methods that only look throw, too, and change nothing; iterators go on behind the item, and {@code remove} removes it.
 *
 * <p>Iterators page through the queue and are weakly consistent: they see every item that is there from beginning to
 * end exactly once, others at most once. {@code toArray}, {@code toString} and {@code contains} see the queue as it is at
 * one instant. Facades of one queue are equal.
 *
 * <p>After {@link #shutdown}, methods that put, and, once nothing is left, those that take throw {@link
 * QueueShutDownException}. Any may throw {@link io.holdfast.client.errors.SessionLostException}: what was put may or may
 * not be there then; what was taken may be lost; what was received is back.
 *
 * <p>Memory consistency effects: actions in a thread before it puts an item <i>happen-before</i> actions after it was
 * taken in another one, as far as they go through this cluster; between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedQueue<E> extends QueueCollection<E> implements BlockingQueue<E>, SharedObject {

    /** For {@link io.holdfast.client.HoldfastClient#queue(String)}. */
    public SharedQueue(ObjectRef object, QueueOptions options, Codec<E> codec, Caller caller) {
        super(options, ContentCodec.of(codec), new QueueCalls(object, caller), new UndecodedItems(object));
    }

    private SharedQueue(SharedQueue<E> other, Caller caller) {
        super(other.options, other.codec, other.calls.with(caller), other.undecoded);
    }

    @Override
    public long id() {
        return calls.object().id();
    }

    @Override
    public String name() {
        return calls.object().name();
    }

    /** The parameters it was created with. */
    public QueueOptions options() {
        return options;
    }

    // ---- putting ----------------------------------------------------------------------------------

    /** @throws InterruptedException if interrupted before or meanwhile; it was not put then */
    @Override
    public void put(E item) throws InterruptedException {
        await(calls.put(bulk.single(item), Wait.ENDLESS));
    }

    /** As {@link #put}, without blocking. */
    public CompletableFuture<Boolean> putAsync(E item) {
        return calls.caller().awaitOutcomeAsync(calls.put(bulk.single(item), Wait.ENDLESS));
    }

    /** @throws InterruptedException if interrupted before or meanwhile; it was not put then */
    @Override
    public boolean offer(E item, long time, TimeUnit unit) throws InterruptedException {
        return await(calls.put(bulk.single(item), Math.max(0, unit.toNanos(time))));
    }

    /** As {@link #offer(Object, long, TimeUnit)}, without blocking. */
    public CompletableFuture<Boolean> offerAsync(E item, Duration timeout) {
        return calls.caller().awaitOutcomeAsync(calls.put(bulk.single(item), Timeouts.nanos(timeout)));
    }

    /**
     * Puts all of them with one command, in their order, waiting until there is room for all.
     *
     * @throws IllegalArgumentException if they are more than 10,000, or more bytes than a command may have (the cluster's
     *     frame, 3 MiB by default), or more than the queue's maxsize, or the items of this queue itself; none was put
     * @throws InterruptedException if interrupted before or meanwhile; none was put then
     */
    public void putAll(Collection<? extends E> items) throws InterruptedException {
        requireOther(items, "added");
        if (!items.isEmpty()) {
            await(calls.put(bulk.forOne(items), Wait.ENDLESS));
        }
    }

    /** As {@link #putAll}, without blocking. */
    public CompletableFuture<Boolean> putAllAsync(Collection<? extends E> items) {
        requireOther(items, "added");
        return items.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : calls.caller().awaitOutcomeAsync(calls.put(bulk.forOne(items), Wait.ENDLESS));
    }

    /** How much room there is for items now; {@link Integer#MAX_VALUE}: that much, or there is no bound. */
    @Override
    public int remainingCapacity() {
        return options.maxsize() == 0
                ? Integer.MAX_VALUE
                : (int) Math.max(0, Math.min(Integer.MAX_VALUE, options.maxsize() - sizeAsLong()));
    }

    // ---- taking -----------------------------------------------------------------------------------

    /** @throws InterruptedException if interrupted before or meanwhile; nothing was taken then */
    @Override
    @SuppressWarnings("NullAway") // only a null that was put is null: see the class
    public E take() throws InterruptedException {
        return take(first(Wait.ENDLESS));
    }

    /** As {@link #take}, without blocking. */
    public CompletableFuture<@Nullable E> takeAsync() {
        return takeAsync(first(Wait.ENDLESS));
    }

    /** @throws InterruptedException if interrupted before or meanwhile; nothing was taken then */
    @Override
    public @Nullable E poll(long time, TimeUnit unit) throws InterruptedException {
        return take(first(Math.max(0, unit.toNanos(time))));
    }

    /** As {@link #poll(long, TimeUnit)}, without blocking. */
    public CompletableFuture<@Nullable E> pollAsync(Duration timeout) {
        return takeAsync(first(Timeouts.nanos(timeout)));
    }

    /**
     * Takes the first items with one command, waiting at most that long while there is none.
     *
     * @param max the most items to take, 1 to 10,000; fewer come when they are large
     * @return empty: the time was over first
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws io.holdfast.client.errors.DecodingException if none of the items could be decoded. If some could, they are
     *     returned, and the next method that takes through this facade throws the exception with the encoded others
     */
    public List<E> poll(int max, Duration timeout) throws InterruptedException {
        return take(all(max, Timeouts.nanos(timeout)));
    }

    /** As {@link #poll(int, Duration)}, without blocking. */
    public CompletableFuture<List<E>> pollAsync(int max, Duration timeout) {
        return takeAsync(all(max, Timeouts.nanos(timeout)));
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    /**
     * Takes the items that are there and adds them to the target, with one command for up to 10,000 of them. Takes what a
     * shut-down queue has left, too.
     *
     * <p>Stops at the first command whose items cannot all be delivered; what is behind them stays in the queue. From a target
     * that is a {@link BlockingQueue}, no more is taken for than it has room.
     *
     * @param max the most items to take; zero or less: none
     * @return the number of items that were added
     * @throws IllegalArgumentException if the target is this queue, through whichever facade
     * @throws io.holdfast.client.errors.DecodingException if items could not be decoded. It carries them, encoded; all others
     *     that were taken are in the target
     * @throws IllegalStateException if the target is a full BlockingQueue, and this one is not empty
     * @throws UnsupportedOperationException if the target takes no elements. This and any other exception of the target
     *     carries, {@linkplain Throwable#getSuppressed suppressed}, an {@link
     *     io.holdfast.client.errors.UndeliveredItemsException} with the items that were taken and not added
     */
    @Override
    public int drainTo(Collection<? super E> target, int max) {
        requireOther(Objects.requireNonNull(target, "target"), "drained");
        return new Draining<>(this, target).run(max);
    }

    // ---- receiving --------------------------------------------------------------------------------

    /**
     * Receives the first item, waiting as long as it takes.
     *
     * @throws InterruptedException if interrupted before or meanwhile; nothing was received then
     * @throws io.holdfast.client.errors.ResourceExhaustedException if this client has 10,000 deliveries of this queue
     */
    @SuppressWarnings("NullAway") // it is null only when the time is over
    public Delivery<E> receive() throws InterruptedException {
        return await(delivery(Wait.ENDLESS));
    }

    /** As {@link #receive()}, without blocking. */
    @SuppressWarnings("NullAway") // it is null only when the time is over
    public CompletableFuture<Delivery<E>> receiveAsync() {
        return calls.caller().awaitOutcomeAsync(delivery(Wait.ENDLESS));
    }

    /** As {@link #receive()}, at most that long; null: the time was over first. */
    public @Nullable Delivery<E> receive(Duration timeout) throws InterruptedException {
        return await(delivery(Timeouts.nanos(timeout)));
    }

    /** As {@link #receive(Duration)}, without blocking. */
    public CompletableFuture<@Nullable Delivery<E>> receiveAsync(Duration timeout) {
        return calls.caller().awaitOutcomeAsync(delivery(Timeouts.nanos(timeout)));
    }

    /**
     * Receives the first items with one command, waiting at most that long while there is none.
     *
     * @param max the most items to receive, 1 to 10,000; fewer come when they are large, or when this client has
     *     10,000 deliveries of this queue then
     * @return empty: the time was over first
     * @throws InterruptedException if interrupted before or meanwhile; nothing was received then
     */
    public List<Delivery<E>> receive(int max, Duration timeout) throws InterruptedException {
        return await(deliveries(max, Timeouts.nanos(timeout)));
    }

    /** As {@link #receive(int, Duration)}, without blocking. */
    public CompletableFuture<List<Delivery<E>>> receiveAsync(int max, Duration timeout) {
        return calls.caller().awaitOutcomeAsync(deliveries(max, Timeouts.nanos(timeout)));
    }

    private Wait<@Nullable Delivery<E>> delivery(long timeoutNanos) {
        return calls.get(
                1, true, timeoutNanos, null, (items, session) -> new Delivery<>(items.get(0), codec, calls, session));
    }

    private Wait<List<Delivery<E>>> deliveries(int max, long timeoutNanos) {
        return calls.get(
                max,
                true,
                timeoutNanos,
                List.of(),
                (items, session) -> items.stream()
                        .map(item -> new Delivery<>(item, codec, calls, session))
                        .toList());
    }

    /**
     * Acknowledges deliveries of this queue, with one command for each session that they were received in. What throws
     * for one of them, as {@link Delivery#ack} says, is thrown for all of that session; those stay as they were.
     */
    public void ackAll(Collection<Delivery<E>> deliveries) {
        Map<Session, List<Delivery<E>>> bySession = new LinkedHashMap<>();
        deliveries.forEach(delivery -> bySession
                .computeIfAbsent(delivery.session(), first -> new ArrayList<>())
                .add(delivery));
        bySession.forEach((session, all) -> Deliveries.acknowledge(calls, session, all));
    }

    /** As {@link #ackAll}, on the client's callback executor. */
    public CompletableFuture<@Nullable Void> ackAllAsync(Collection<Delivery<E>> deliveries) {
        List<Delivery<E>> all = List.copyOf(deliveries);
        return calls.caller().runAsync(() -> ackAll(all));
    }

    // ---- what is done with ------------------------------------------------------------------------

    /** As {@link #taskDone(long)}, one item. */
    public void taskDone() {
        taskDone(1);
    }

    /**
     * So many items that were taken are done with: {@link #join} waits for that. Of deliveries, {@link Delivery#ack} says
     * it.
     *
     * @throws IllegalStateException if they are more than were put and are not done with yet; none was counted
     */
    public void taskDone(long items) {
        calls.caller().call(calls.taskDone(items));
    }

    /** As {@link #taskDone(long)}, without blocking. */
    public CompletableFuture<@Nullable Void> taskDoneAsync(long items) {
        return calls.caller().callAsync(calls.taskDone(items));
    }

    /** Waits until every item that was put is done with. */
    public void join() throws InterruptedException {
        calls.caller().await(calls.join(Wait.ENDLESS));
    }

    /** As {@link #join()}, at most that long; false: the time was over first. */
    public boolean join(Duration timeout) throws InterruptedException {
        return calls.caller().await(calls.join(Timeouts.nanos(timeout)));
    }

    /** As {@link #join()}, without blocking; the future's value is true. */
    public CompletableFuture<Boolean> joinAsync() {
        return calls.caller().awaitAsync(calls.join(Wait.ENDLESS));
    }

    /** As {@link #join(Duration)}, without blocking. */
    public CompletableFuture<Boolean> joinAsync(Duration timeout) {
        return calls.caller().awaitAsync(calls.join(Timeouts.nanos(timeout)));
    }

    // ---- the end ----------------------------------------------------------------------------------

    /**
     * Refuses all puts from now on, those that wait too. What is in the queue, or comes back to it, can be taken still.
     * Does nothing if it is shut down already.
     */
    public void shutdown() {
        calls.caller().call(calls.shutdown(false));
    }

    /** As {@link #shutdown}, without blocking. */
    public CompletableFuture<@Nullable Void> shutdownAsync() {
        return calls.caller().callAsync(calls.shutdown(false));
    }

    /** As {@link #shutdown}, and drops all items, now and when they come back: they are done with. */
    public void shutdownNow() {
        calls.caller().call(calls.shutdown(true));
    }

    /** As {@link #shutdownNow}, without blocking. */
    public CompletableFuture<@Nullable Void> shutdownNowAsync() {
        return calls.caller().callAsync(calls.shutdown(true));
    }

    /** As {@link #clear}, without blocking. */
    public CompletableFuture<@Nullable Void> clearAsync() {
        return calls.caller().callAsync(calls.clear());
    }

    /**
     * This queue, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait. Reads are not guarded.
     */
    public SharedQueue<E> guardedBy(LockHandle held) {
        return new SharedQueue<>(this, held.guarding(calls.caller()));
    }

    /** This queue, with all commands guarded by a grant that any client holds. */
    public SharedQueue<E> guardedBy(Guard guard) {
        return new SharedQueue<>(this, calls.caller().guarded(guard));
    }
}
