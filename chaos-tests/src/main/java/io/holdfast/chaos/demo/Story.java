// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.demo;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.inspect.OwnerInfo;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.MemberReplaced;
import io.holdfast.protocol.v1.NodeState;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.StateHash;
import io.holdfast.server.cli.MemberView;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What happens in the demo, chapter by chapter. The state that one leaves behind is there in the next. */
final class Story {
    private static final String LOCK = "demo/lock";
    private static final String COUNTER = "demo/counter";
    private static final String DICT = "demo/planets";
    private static final List<String> PLANETS = List.of("Mercury", "Venus", "Earth", "Mars");
    private static final int ADDS = 1_000;
    private static final int KILL_AT = 300;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A killed client's connection closes at once; its session ends when the grace of two seconds is over. */
    private static final long SOONEST_MILLIS = 1_500;
    /** The grace, the leader's next look at its sessions, and cores that do everything at once; far from the time to live. */
    private static final long LATEST_MILLIS = 10_000;

    private final ProcessCluster cluster;
    private final HoldfastClient client;
    private final Narrator narrator;

    Story(ProcessCluster cluster, HoldfastClient client, Narrator narrator) {
        this.cluster = cluster;
        this.client = client;
        this.narrator = narrator;
    }

    void tell() {
        narrator.chapter("A lock, and somebody who waits for it");
        ClientProcess alice = lockClient("alice");
        long aliceToken = alice.await("acquired ", PATIENCE).number(1);
        narrator.say("alice holds '" + LOCK + "' with fencing token " + aliceToken);
        ClientProcess bob = lockClient("bob");
        bob.await("connected ", PATIENCE);
        awaitQueued("bob");
        narrator.say("bob waits for it");

        narrator.chapter("A thousand additions, and the leader is killed");
        String dead = addWhileTheLeaderDies();

        narrator.chapter("The dead node comes back");
        restart(dead);

        narrator.chapter("The holder of the lock is killed");
        long bobToken = killHolder(alice, aliceToken, bob);

        narrator.chapter("All three nodes are killed");
        killAll(bob, bobToken);

        narrator.chapter("A node loses its disk");
        replaceFollower();

        narrator.chapter("Are the three nodes the same?");
        requireEverythingThere(bob, bobToken);
        StateHash hash = cluster.requireEqualHashes();
        narrator.say("the states of all nodes at index " + hash.getIndex() + ", " + hash.getRows()
                + " rows, have the same SHA-256: "
                + HexFormat.of().formatHex(hash.getSha256().toByteArray()));
    }

    private ClientProcess lockClient(String name) {
        return ClientProcess.start(cluster, name, Demo.TTL, "lock", LOCK);
    }

    private void awaitQueued(String name) {
        Await.answer(
                PATIENCE,
                () -> lock().waiters().first().stream()
                        .filter(waiter -> waiter.owner().clientName().equals(name))
                        .findFirst(),
                () -> name + " is not among those that wait: " + lock());
    }

    private LockInspection lock() {
        return client.lock(LOCK).inspect();
    }

    private SharedValue<Long> counter() {
        return client.value(COUNTER, Typecode.INT64, 0L);
    }

    /** The node that was killed. */
    private String addWhileTheLeaderDies() {
        ClientProcess adder = ClientProcess.start(cluster, "adder", Demo.TTL, "add", COUNTER, Integer.toString(ADDS));
        adder.await("added " + KILL_AT, PATIENCE);
        String leader = cluster.leader();
        long killed = System.nanoTime();
        cluster.kill9(leader);
        int before = adds(adder).size();
        narrator.say(leader + ", the leader, is killed with -9 after " + before + " additions");
        ClientProcess.Event first = Await.answer(
                PATIENCE,
                () -> adds(adder).stream().skip(before).findFirst(),
                () -> "nothing was added since " + leader + " was killed");
        narrator.say("the next addition is acknowledged " + TimeUnit.NANOSECONDS.toMillis(first.nanos() - killed)
                + " ms later; " + cluster.leader() + " leads");
        ClientProcess.Event done = adder.await("done ", PATIENCE);
        boolean eachOnce = true;
        for (int i = 0; i < ADDS; i++) {
            eachOnce &= adds(adder).get(i).number(1) == i + 1;
        }
        narrator.claim(
                eachOnce,
                "all " + ADDS + " additions were acknowledged, with the results 1 to " + ADDS
                        + " in order; the longest pause was " + done.number(2) + " ms",
                "the results were not 1 to " + ADDS);
        narrator.claim(
                counter().get() == ADDS,
                "the counter is " + ADDS + ": none lost, none doubled",
                "the counter is " + counter().get());
        adder.close();
        return leader;
    }

    private static List<ClientProcess.Event> adds(ClientProcess adder) {
        return adder.events().stream()
                .filter(event -> event.text().startsWith("added "))
                .toList();
    }

    private void restart(String node) {
        long begin = System.nanoTime();
        cluster.restart(node);
        cluster.awaitReady(node);
        long index = cluster.awaitCaughtUp(node);
        narrator.say(node + " is ready and has caught up to index " + index + ", " + Narrator.millisSince(begin)
                + " ms after its process was started");
    }

    /** The new holder's token. */
    private long killHolder(ClientProcess alice, long aliceToken, ClientProcess bob) {
        OwnerInfo holder = lock().holder();
        narrator.claim(
                holder != null && holder.clientName().equals("alice") && lock().token() == aliceToken,
                "alice still holds the lock, with the same token " + aliceToken + "; she is killed with -9",
                "the lock is " + lock());
        long killed = System.nanoTime();
        alice.kill9();
        ClientProcess.Event acquired = bob.await("acquired ", PATIENCE);
        long token = acquired.number(1);
        long millis = TimeUnit.NANOSECONDS.toMillis(acquired.nanos() - killed);
        narrator.claim(
                millis >= SOONEST_MILLIS && millis <= LATEST_MILLIS,
                "bob holds the lock " + millis + " ms later, with token " + token,
                "it took " + millis + " ms");
        narrator.claim(token > aliceToken, "the new token is greater than the old one", "it is not");
        return token;
    }

    private void killAll(ClientProcess bob, long bobToken) {
        SharedDict<String, Long> planets = client.dict(DICT, String.class, Long.class);
        planets().forEach(planets::put);
        narrator.say("a dict '" + DICT + "' is filled: " + planets());
        cluster.kill9All();
        narrator.say("all nodes are killed with -9, at the same moment");
        long begin = System.nanoTime();
        cluster.restartAll();
        cluster.awaitAllReady();
        narrator.say(
                "they are started again; " + cluster.leader() + " leads after " + Narrator.millisSince(begin) + " ms");
        requireEverythingThere(bob, bobToken);
    }

    private static Map<String, Long> planets() {
        Map<String, Long> planets = new LinkedHashMap<>();
        for (String planet : PLANETS) {
            planets.put(planet, planets.size() + 1L);
        }
        return planets;
    }

    private void requireEverythingThere(ClientProcess bob, long bobToken) {
        Map<String, Long> read = new LinkedHashMap<>(client.dict(DICT, String.class, Long.class));
        narrator.claim(
                counter().get() == ADDS
                        && List.copyOf(read.entrySet())
                                .equals(List.copyOf(planets().entrySet())),
                "the counter is " + ADDS + ", the dict has all its entries in their order",
                "the counter is " + counter().get() + ", the dict " + read);
        LockInspection lock = lock();
        OwnerInfo holder = lock.holder();
        narrator.claim(
                holder != null && holder.clientName().equals("bob") && lock.token() == bobToken,
                "bob holds the lock, with the same token " + bobToken,
                "the lock is " + lock);
        Await.answer(
                PATIENCE,
                () -> Optional.of(bob.ask("held", PATIENCE))
                        .filter(event -> event.text().equals("held true")),
                () -> "bob does not know that he holds the lock: " + bob.events());
        boolean lost = bob.events().stream().anyMatch(event -> event.text().equals("state LOST"));
        narrator.claim(!lost, "bob knows it too: his session was never lost", "bob's session was lost");
    }

    private void replaceFollower() {
        String node = cluster.follower();
        cluster.kill9(node);
        cluster.wipe(node);
        narrator.say(node + " is killed with -9, and its data is removed");
        cluster.restart(node);
        MemberView refused = Await.answer(
                PATIENCE,
                () -> Optional.of(cluster.view(node))
                        .filter(view -> view.status()
                                .filter(status -> status.getState() == NodeState.UNADMITTED)
                                .isPresent()),
                () -> node + " did not notice that it has forgotten everything: " + cluster.view(node));
        narrator.say("started again, it does not take part: " + refused.notReady());
        String leader = cluster.leader();
        narrator.say("the leader " + leader + " takes a snapshot at index " + cluster.snapshot(leader));
        long begin = System.nanoTime();
        MemberReplaced replaced = cluster.replaceMember(node);
        cluster.awaitReady(node);
        long index = cluster.awaitCaughtUp(node);
        narrator.say(replaced.getRemovedPeer() + " is replaced by " + replaced.getAddedPeer()
                + ", which has caught up to index " + index + " after " + Narrator.millisSince(begin) + " ms");
        NodeStatus status = cluster.status(node);
        narrator.claim(
                status.getSnapshotIndex() > 0,
                "it got a snapshot of index " + status.getSnapshotIndex() + " from the leader",
                "it was sent the log: it has no snapshot");
    }
}
