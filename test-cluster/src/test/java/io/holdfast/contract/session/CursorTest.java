// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Cursor;
import io.holdfast.client.session.NettyChannels;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Opener;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.client.session.SessionKeeper;
import io.holdfast.client.session.SessionOptions;
import io.holdfast.client.session.StaleReads;
import io.holdfast.client.session.StateTeller;
import io.holdfast.contract.OtherThread;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Value;
import io.holdfast.testing.HoldfastExtension;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads of one instant, page by page, while all that is read changes, and the leader does. */
class CursorTest {
    private static final int ENTRIES = 200;
    private static final int PAGE = 20;

    @RegisterExtension
    static final HoldfastExtension holdfast = HoldfastExtension.of(
            HoldfastTestCluster.builder().nodes(3).ttl(Duration.ofMinutes(1)).grace(Duration.ofSeconds(20)));

    private final NettyChannels channels = new NettyChannels("cursors");
    private final SessionKeeper keeper = new SessionKeeper(
            new SessionOptions(
                    List.of(holdfast.cluster().connectString().split(",")),
                    "cursors",
                    "here",
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30),
                    1_000,
                    System::nanoTime),
            channels,
            new StateTeller(Runnable::run));
    private final Caller caller = new Caller(keeper, Runnable::run, new StaleReads(channels, keeper::addresses));
    private ObjectRef dict;

    @BeforeEach
    void open() throws InterruptedException {
        keeper.start();
        dict = Opener.create(caller, Parameters.newBuilder().setDict(DictParameters.getDefaultInstance()));
    }

    @AfterEach
    void close() {
        keeper.close();
        channels.close();
    }

    /** All entries get that number, in one command. */
    private void write(long number) {
        DictUpdate.Builder update = DictUpdate.newBuilder();
        for (int key = 0; key < ENTRIES; key++) {
            update.addEntries(MapEntry.newBuilder()
                    .setKey(Value.newBuilder().setInteger(key))
                    .setValue(Value.newBuilder().setInteger(number)));
        }
        caller.call(new Operation<>(
                Command.newBuilder()
                        .setDict(DictCommand.newBuilder().setObject(dict.id()).setUpdate(update)),
                reply -> reply));
    }

    private List<Long> numbers(Cursor cursor, Runnable betweenPages) {
        List<Long> numbers = new ArrayList<>();
        long after = 0;
        do {
            DictEntries page = cursor.ask(page(after));
            page.getEntriesList().forEach(entry -> numbers.add(entry.getValue().getInteger()));
            after = page.getNext();
            betweenPages.run();
        } while (after != 0);
        return numbers;
    }

    private Question<DictEntries> page(long after) {
        DictQuery.Builder query = DictQuery.newBuilder()
                .setObject(dict.id())
                .setPage(DictPage.newBuilder().setAfter(after).setLimit(PAGE));
        return new Question<>(
                Query.newBuilder().setDict(query), answer -> answer.getDict().getEntries());
    }

    @Test
    void read_ofManyPages_isOfOneInstant() throws Exception {
        write(0);
        AtomicBoolean enough = new AtomicBoolean();
        try (OtherThread<Void> writer = OtherThread.runs(() -> {
            for (long number = 1; !enough.get(); number++) {
                write(number);
            }
        })) {
            long last = 0;
            for (int i = 0; i < 50; i++) {
                List<Long> numbers = caller.inOneInstant(cursor -> numbers(cursor, () -> {}));
                assertThat(numbers).hasSize(ENTRIES).containsOnly(numbers.get(0));
                assertThat(numbers.get(0)).isGreaterThanOrEqualTo(last);
                last = numbers.get(0);
            }
            assertThat(last).as("it was written meanwhile").isPositive();
            enough.set(true);
            writer.result();
        }
    }

    @Test
    void read_inWhichTheLeaderChanges_beginsAnew() {
        write(1);
        AtomicInteger attempts = new AtomicInteger();
        List<Long> numbers = caller.inOneInstant(cursor -> {
            boolean first = attempts.incrementAndGet() == 1;
            AtomicInteger pages = new AtomicInteger();
            return numbers(cursor, () -> {
                if (first && pages.incrementAndGet() == 3) {
                    changeLeader();
                    write(2);
                }
            });
        });
        assertThat(attempts).hasValue(2);
        assertThat(numbers).hasSize(ENTRIES).containsOnly(2L);
    }

    @Test
    void read_seesWhatItsOwnSessionWroteBefore() {
        for (long number = 1; number < 20; number++) {
            write(number);
            List<Long> numbers = caller.inOneInstant(cursor -> numbers(cursor, () -> {}));
            assertThat(numbers).containsOnly(number);
        }
    }

    private static void changeLeader() {
        HoldfastTestCluster cluster = holdfast.cluster();
        int leader = cluster.leader();
        cluster.stopNode(leader);
        assertThat(cluster.leader()).isNotEqualTo(leader);
        cluster.restartNode(leader);
    }
}
