// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.Value.KindCase;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.list.ListNodes.Reader;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.rows.ListRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A merge sort. The first pass sorts runs of elements that fit a piece; each further pass merges neighbouring runs, up to
 * 32 at once, until one run is left. Elements that have an order refer to nothing.
 */
final class SortPieces extends Pieces {
    /** Maximum runs that are merged at once. */
    private static final int MOST_MERGED = 32;
    /** Approximate limit of the total size, in bytes, of one element of each run that is merged at once. */
    private static final long HEADS_BYTES = 2 << 20;
    /** Number of runs that may be short because an entry has little work left. */
    private static final int SHORT_RUNS = 64;
    /** Elements that are sorted per unit of work, in addition to the units for their rows. */
    private static final int ELEMENTS_A_UNIT = 8;

    private final boolean descending;
    private @Nullable PriorityQueue<Head> heads;

    /** The next element of a run that is being merged. */
    private record Head(int run, Reader reader, long index, Value value) {}

    SortPieces(Turn turn, ListRow list, boolean descending) {
        super(turn, list);
        this.descending = descending;
    }

    @Override
    boolean step() {
        if (work.getTarget() == 0) {
            beginTarget();
        }
        return work.getSource() == 0 ? sortRun() : merge();
    }

    /** Sorts the next run. */
    private boolean sortRun() {
        List<Value> run = nextRun();
        KindCase type = NaturalOrder.type(run);
        boolean isFirst = work.getTargetEndsCount() == 0;
        Comparator<Value> order = NaturalOrder.of(type, descending);
        if (type == null || order == null || (!isFirst && type.getNumber() != work.getType())) {
            work.clearType();
            return true;
        }
        run.sort(order);
        turn.rows().spend(run.size() / ELEMENTS_A_UNIT);
        append(run);
        work.setType(type.getNumber())
                .setPosition(work.getPosition() + run.size())
                .addTargetEnds(work.getSize());
        return work.getPosition() == list.getSize() && endPass();
    }

    private List<Value> nextRun() {
        int most = work.getTargetEndsCount() < SHORT_RUNS
                ? Math.max(stepSize(), turn.share(1, Limits.LIST_PIECE))
                : Limits.LIST_PIECE;
        List<Value> run = new ArrayList<>();
        Reader reader = nodes.new Reader();
        long bytes = 0;
        for (long at = work.getPosition(); at < list.getSize(); at++) {
            Value value = reader.get(at);
            if (!run.isEmpty() && (run.size() == most || bytes + ListNodes.bytes(value) > Limits.LIST_PIECE_BYTES)) {
                break;
            }
            bytes += ListNodes.bytes(value);
            run.add(value);
        }
        return run;
    }

    /** Ends a pass, and returns whether it was the last: only one run is left. */
    private boolean endPass() {
        if (work.getSource() != 0) {
            turn.objects().sweeps().add(turn, Contents.LIST, work.getSource());
        }
        if (work.getTargetEndsCount() == 1) {
            work.clearSource().clearSourceEnds();
            return true;
        }
        work.setSource(work.getTarget())
                .clearSourceEnds()
                .addAllSourceEnds(work.getTargetEndsList())
                .clearTargetEnds()
                .clearMerged()
                .clearPlaces();
        beginTarget();
        return false;
    }

    /** Adds the least remaining elements of the runs that are being merged. */
    private boolean merge() {
        PriorityQueue<Head> queue = heads();
        Batch batch = new Batch(stepSize());
        for (Head head = queue.poll(); head != null; head = batch.isFull() ? null : queue.poll()) {
            batch.add(head.value());
            work.setPlaces(head.run() - work.getMerged(), head.index() + 1);
            addHead(queue, head.run(), head.reader(), head.index() + 1);
        }
        turn.rows().spend(batch.seen() / ELEMENTS_A_UNIT);
        append(batch.values());
        if (!queue.isEmpty()) {
            return false;
        }
        heads = null;
        work.setMerged(work.getMerged() + work.getPlacesCount()).clearPlaces().addTargetEnds(work.getSize());
        return work.getMerged() == work.getSourceEndsCount() && endPass();
    }

    private PriorityQueue<Head> heads() {
        if (heads != null) {
            return heads;
        }
        if (work.getPlacesCount() == 0) {
            int end = Math.min(work.getSourceEndsCount(), work.getMerged() + mostMerged());
            for (int run = work.getMerged(); run < end; run++) {
                work.addPlaces(run == 0 ? 0 : work.getSourceEnds(run - 1));
            }
        }
        Comparator<Value> order = NaturalOrder.of(KindCase.forNumber(work.getType()), descending);
        ListNodes source = new ListNodes(turn.rows(), work.getSource());
        PriorityQueue<Head> queue =
                new PriorityQueue<>(Comparator.comparing(Head::value, order).thenComparingInt(Head::run));
        for (int i = 0; i < work.getPlacesCount(); i++) {
            addHead(queue, work.getMerged() + i, source.new Reader(), work.getPlaces(i));
        }
        heads = queue;
        return queue;
    }

    private void addHead(PriorityQueue<Head> queue, int run, Reader reader, long index) {
        if (index < work.getSourceEnds(run)) {
            queue.add(new Head(run, reader, index, reader.get(index)));
        }
    }

    private int mostMerged() {
        long average = list.getBytes() / list.getSize();
        return (int) Math.max(2, Math.min(MOST_MERGED, HEADS_BYTES / Math.max(1, average)));
    }

    @Override
    @Nullable
    Outcome refusal() {
        return work.getType() == 0 ? Rearranging.unordered() : null;
    }
}
