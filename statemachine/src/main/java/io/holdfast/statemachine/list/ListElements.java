// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ListReply;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.rows.ListWork;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one list, in one turn: keeps its tree, its row and the references in step. {@link #settle} releases the
 * references that a command removes, as the last step, because that may delete this list.
 */
final class ListElements {
    /** Approximate units of work to release a reference. */
    private static final int REFERENCE_WORK = 10;
    /** Bytes written per unit of work. */
    private static final int BYTES_A_UNIT = 64;
    /** A slice may have this many times as many elements as other commands, because an insertion has. */
    private static final int SLICE_TIMES = Limits.BULK_VALUES / Limits.LIST_PIECE;

    private final Turn turn;
    private final ObjectId object;
    private final ListNodes nodes;
    private final List<Value> left = new ArrayList<>();
    private ListRow list;

    ListElements(Turn turn, ObjectId object, ListRow list) {
        this.turn = turn;
        this.object = object;
        this.list = list;
        this.nodes = new ListNodes(turn.rows(), list.getContents());
    }

    Turn turn() {
        return turn;
    }

    long size() {
        return list.getSize();
    }

    long bytes() {
        return list.getBytes();
    }

    long version() {
        return list.getVersion();
    }

    ListNodes nodes() {
        return nodes;
    }

    /** The index counted from the front; -1: it is not there. */
    long place(long index) {
        long place = index < 0 ? index + size() : index;
        return place < 0 || place >= size() ? -1 : place;
    }

    /** Puts values in front of an element, or behind the last. */
    void insert(long index, List<Value> values) {
        replace(index, index, values, values, List.of());
    }

    /**
     * Replaces the elements from an index to another one, exclusive.
     *
     * @param added those of the values that were not in the range, or not as often
     * @param removed the elements that are not among the values, or not as often
     */
    void replace(long from, long to, List<Value> values, List<Value> added, List<Value> removed) {
        added.forEach(this::retain);
        long bytesBefore = nodes.bytes(from, to);
        ListTree tree = new ListTree(turn.rows(), nodes, list.getLastNode());
        tree.splice(from, to, values);
        long bytes = values.stream().mapToLong(ListNodes::bytes).sum();
        write(list.toBuilder()
                .setSize(list.getSize() + values.size() - (to - from))
                .setBytes(list.getBytes() + bytes - bytesBefore)
                .setLastNode(tree.lastNode()));
        if (values.size() > added.size()) {
            turn.objects().rearranged(turn, object);
        }
        left.addAll(removed);
    }

    /** Releases the references of the elements that were removed. */
    void settle() {
        left.forEach(this::release);
        left.clear();
    }

    /** Returns whether a command may touch that many elements in one entry; otherwise it is done in pieces. */
    boolean fit(long elements, long bytes) {
        return fit(elements, bytes, 1);
    }

    /** Returns whether a slice that spans that many elements may be replaced in one entry. */
    boolean fitSlice(long elements, long bytes) {
        return fit(elements, bytes, SLICE_TIMES);
    }

    private boolean fit(long elements, long bytes, int times) {
        return elements <= turn.share(1, times * Limits.LIST_PIECE)
                && bytes <= times * (long) Limits.LIST_PIECE_BYTES
                && bytes / BYTES_A_UNIT <= turn.share(1, Integer.MAX_VALUE);
    }

    /** Returns whether a command may release the references of those elements in one entry. */
    boolean mayRelease(List<Value> removed) {
        long references = removed.stream()
                .mapToLong(value -> Values.references(value).size())
                .sum();
        return references <= turn.share(REFERENCE_WORK, Limits.LIST_PIECE);
    }

    /** Replaces the contents of the list by those that were built for it, and leaves the old ones to be swept. */
    void become(ListWork built) {
        turn.objects().sweeps().add(turn, Contents.LIST, list.getContents());
        write(list.toBuilder()
                .setContents(built.getTarget())
                .setSize(built.getSize())
                .setBytes(built.getBytes())
                .setLastNode(built.getLastNode()));
    }

    /** Begins with new contents; the old ones are swept, a few with every entry of the log. */
    void clear() {
        if (size() > 0) {
            turn.objects().sweeps().add(turn, Contents.LIST, list.getContents());
            write(list.toBuilder()
                    .setContents(turn.revision())
                    .clearSize()
                    .clearBytes()
                    .clearLastNode());
        }
    }

    private void write(ListRow.Builder row) {
        list = row.setVersion(turn.revision()).build();
        turn.rows().update(Tables.LISTS, Tables.LISTS.key(object.value()), list);
    }

    private void retain(Value value) {
        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
    }

    private void release(Value value) {
        Values.references(value).forEach(reference -> turn.objects().release(turn, reference));
    }

    /** Why so much cannot be touched by one command; null: it can. */
    static @Nullable Outcome tooMuch(long elements, long bytes) {
        if (elements > Limits.LIST_REARRANGED) {
            return tooLarge(
                    "list-rearranged",
                    "One command moves or looks at " + Limits.LIST_REARRANGED + " elements at most, not " + elements
                            + ".");
        }
        if (bytes > Limits.LIST_REARRANGED_BYTES) {
            return tooLarge(
                    "list-rearranged-bytes",
                    "One command moves or looks at " + Limits.LIST_REARRANGED_BYTES + " bytes of elements at most, not "
                            + bytes + ".");
        }
        return null;
    }

    private static Outcome tooLarge(String bound, String detail) {
        return new Outcome.Refused(Refusal.newBuilder()
                .setCode(RefusalCode.TOO_LARGE)
                .setBound(bound)
                .setDetail(detail + " Do it piece by piece.")
                .build());
    }

    /** What the command is answered, once it has done all, or nothing. */
    Outcome reply(boolean done) {
        return reply(done, null);
    }

    /** The same, with the element that was there. */
    Outcome reply(boolean done, @Nullable Value before) {
        ListReply.Builder reply =
                ListReply.newBuilder().setDone(done).setSize(list.getSize()).setVersion(list.getVersion());
        if (before != null) {
            reply.setValue(before);
        }
        return new Outcome.Done(Reply.newBuilder().setList(reply));
    }
}
