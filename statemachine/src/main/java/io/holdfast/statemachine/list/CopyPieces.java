// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.list.ListNodes.Reader;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.values.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies elements into new contents, in the order in which a command wants them. */
final class CopyPieces extends Pieces {
    /** Places that are visited per unit of work, in addition to the units for the rows. */
    private static final int PLACES_A_UNIT = 16;

    /** Units of work to read a leaf that is not cached, in addition to those for its rows. */
    private static final int JUMP_WORK = 2;

    private final Order order;
    private final long end;
    /** Number of times that all elements are copied. */
    private final long times;

    /** Maps a place of the copy to its element. */
    private interface Order {
        /** Returns the element; null if the place is skipped. */
        @Nullable
        Value at(Reader reader, long place);
    }

    private CopyPieces(Turn turn, ListRow list, long end, long times, Order order) {
        super(turn, list);
        this.end = end;
        this.times = times;
        this.order = order;
    }

    private static CopyPieces once(Turn turn, ListRow list, Order order) {
        return new CopyPieces(turn, list, list.getSize(), 1, order);
    }

    static Pieces reversed(Turn turn, ListRow list) {
        return once(turn, list, (reader, place) -> reader.get(list.getSize() - 1 - place));
    }

    static Pieces arranged(Turn turn, ListRow list, List<Integer> indexes) {
        return once(turn, list, (reader, place) -> {
            turn.rows().spend(JUMP_WORK);
            return reader.get(indexes.get((int) place));
        });
    }

    static Pieces kept(Turn turn, ListRow list, ByteString bits) {
        return once(turn, list, (reader, place) -> {
            boolean isKept = (bits.byteAt((int) (place / 8)) >> (place % 8) & 1) == 1;
            return isKept ? reader.get(place) : null;
        });
    }

    static Pieces repeated(Turn turn, ListRow list, long times) {
        return new CopyPieces(
                turn, list, list.getSize() * times, times, (reader, place) -> reader.get(place % list.getSize()));
    }

    static Pieces without(Turn turn, ListRow list, Slice slice) {
        Selection selection = Selection.of(slice, list.getSize());
        return once(turn, list, (reader, place) -> selection.placeOf(place) < 0 ? reader.get(place) : null);
    }

    static Pieces replaced(Turn turn, ListRow list, ListSetSlice command) {
        Selection selection = Selection.of(command.getSlice(), list.getSize());
        if (selection.step() != 1) {
            return once(turn, list, (reader, place) -> {
                long selected = selection.placeOf(place);
                return selected < 0 ? reader.get(place) : command.getValues((int) selected);
            });
        }
        long first = selection.first();
        int count = command.getValuesCount();
        long more = count - selection.count();
        return new CopyPieces(turn, list, list.getSize() + more, 1, (reader, place) -> {
            boolean isNew = place >= first && place < first + count;
            return isNew ? command.getValues((int) (place - first)) : reader.get(place < first ? place : place - more);
        });
    }

    @Override
    boolean step() {
        if (work.getTarget() == 0) {
            beginTarget();
        }
        // What is repeated is counted with the first round.
        long stop = times > 1 && work.getPosition() < list.getSize() ? list.getSize() : end;
        Reader reader = nodes.new Reader();
        Batch batch = new Batch(stepSize());
        for (long place = work.getPosition(); place < stop && !batch.isFull(); place++) {
            Value value = order.at(reader, place);
            if (value == null) {
                batch.pass();
            } else {
                batch.add(value);
            }
        }
        turn.rows().spend(1 + batch.seen() / PLACES_A_UNIT);
        append(batch.values());
        work.setPosition(work.getPosition() + batch.seen());
        return work.getPosition() == end || refusal() != null;
    }

    @Override
    @Nullable
    Outcome refusal() {
        boolean isCounted = times > 1 && work.getPosition() == list.getSize();
        return isCounted ? Rearranging.tooManyReferences(work.getReferences(), times) : null;
    }
}
