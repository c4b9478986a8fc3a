// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.namespace.NamespaceWords;
import io.holdfast.statemachine.queue.QueueWords;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.value.ValueWords;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However large values are, what an entry has on the heap is bounded. */
class LargeValuesTest {
    private static final int MEBI = 1 << 20;
    /** What is removed with one entry, at the most. */
    private static final int SHARE = 3;
    /** Work to read fewer than so many rows of one MiB. */
    private static final int FEW_MEBI = (SHARE - 1) << 10;

    private final Script script = new Script();
    private final SessionId a = script.session("a");
    private final Value large = Value.newBuilder()
            .setBinary(ByteString.copyFrom(new byte[MEBI - 100]))
            .build();

    private int rows(Table<?> table) {
        return script.view().scan(table, table.key(), Integer.MAX_VALUE).size();
    }

    /** Each entry, which may read only a few MiB, removes at least one row, and only a few. */
    private void requireGoneLittleByLittle(Table<?> table, int left) {
        assertThat(rows(table)).isBetween(left - SHARE, left);
        for (int before = rows(table); before > 0; before = rows(table)) {
            script.tick(0);
            assertThat(rows(table)).isBetween(before - SHARE, before - 1);
        }
        script.finish();
        assertThat(rows(Tables.SWEEPS)).isZero();
    }

    @Test
    void clearedQueue_isSweptAFewLargeItemsAnEntry() {
        script.play("a open Q queue | a created");
        ObjectId queue = script.object("Q");
        for (int i = 0; i < 12; i++) {
            script.call(a, QueueWords.put(queue, List.of(large), null));
        }
        script.work(FEW_MEBI);
        script.call(a, QueueWords.clear(queue));
        requireGoneLittleByLittle(Tables.QUEUE_ITEMS, 12);
    }

    @Test
    void deletedNamespace_isSweptAFewLargeAttributesAnEntry() {
        script.play("a open N namespace | a created");
        ObjectId namespace = script.object("N");
        for (int i = 0; i < 12; i++) {
            script.call(a, NamespaceWords.set(namespace, "n" + i, large));
        }
        script.work(FEW_MEBI);
        script.play("a delete N | a true");
        requireGoneLittleByLittle(Tables.NAMESPACE_ATTRIBUTES, 12);
    }

    @Test
    void smallRows_areSweptManyAnEntry() {
        script.play("a open Q queue | a created");
        ObjectId queue = script.object("Q");
        script.call(a, QueueWords.put(queue, Collections.nCopies(150, Texts.integer(1)), null));
        script.call(a, QueueWords.clear(queue));
        assertThat(rows(Tables.QUEUE_ITEMS)).isZero();
        assertThat(rows(Tables.SWEEPS)).isZero();
    }

    @Test
    void deliveriesOfASession_haveABoundInBytes_andComeBackAFewWithEachEntry() {
        script.play("a open Q queue | a created");
        ObjectId queue = script.object("Q");
        SessionId consumer = script.session("b");
        long most = Limits.DELIVERY_BYTES_PER_SESSION / MEBI + 1;
        for (int i = 0; i < most + 2; i++) {
            script.call(a, QueueWords.put(queue, List.of(large), null));
        }
        for (int i = 1; i <= most; i++) {
            assertThat(script.call(consumer, QueueWords.receive(queue, 1, 0L)).hasDone())
                    .isTrue();
        }
        Refusal refusal =
                script.call(consumer, QueueWords.receive(queue, 1, 0L)).getRefused();
        assertThat(refusal.getBound()).isEqualTo("deliveries-per-session");
        script.call(consumer, QueueWords.acknowledge(queue, List.of(1L)));
        assertThat(script.call(consumer, QueueWords.receive(queue, 1, 0L)).hasDone())
                .isTrue();
        long before = script.inspect(queue).getQueue().getSize();
        script.close(consumer);
        for (; script.applied().ended().isEmpty(); script.tick(0)) {
            long size = script.inspect(queue).getQueue().getSize();
            assertThat(size).isBetween(before + 1, before + most / 3);
            before = size;
        }
        assertThat(script.inspect(queue).getQueue().getSize()).isEqualTo(most + 1);
        assertThat(rows(Tables.QUEUE_DELIVERIES)).isZero();
    }

    @Test
    void integerThatIsTooLarge_isNotToldInFull() {
        script.play("a open V value q 0 | a created");
        Value number = Value.newBuilder()
                .setBigInteger(ByteString.copyFrom(new byte[] {1}).concat(ByteString.copyFrom(new byte[100_000])))
                .build();
        Refusal refusal =
                script.call(a, ValueWords.set(script.object("V"), number)).getRefused();
        assertThat(refusal.getDetail()).contains("of 800001 bits").hasSizeLessThan(200);
    }
}
