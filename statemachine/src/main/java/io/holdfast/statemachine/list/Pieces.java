// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.rows.ListWork;
import io.holdfast.statemachine.values.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command to a list that is done in pieces, over as many entries as it takes. Nobody changes the list meanwhile. What
 * the command comes to is built as contents of their own, which become the list's with the last piece; each element in
 * them has its references counted, so that both contents can be left to be swept like any others.
 */
abstract class Pieces {
    /** The elements of the largest step; then it is seen whether the entry has work left. */
    private static final int STEP = 512;
    /** However little work is left, a step is of so many elements: its cost is in the rows of the tree above them. */
    private static final int LEAST_STEP = 8;

    final Turn turn;
    final ListRow list;
    /** The contents that the list has now. */
    final ListNodes nodes;

    final ListWork.Builder work;

    Pieces(Turn turn, ListRow list) {
        this.turn = turn;
        this.list = list;
        this.nodes = new ListNodes(turn.rows(), list.getContents());
        this.work = list.getWork().toBuilder();
    }

    /** Returns the rest of a command, from the progress in the row of its list. */
    static Pieces of(Turn turn, ListRow list, ListCommand command) {
        return switch (command.getOperationCase()) {
            case REMOVE -> new RemovePieces(turn, list, command.getRemove().getValue());
            case SORT -> new SortPieces(turn, list, command.getSort().getDescending());
            case REVERSE -> CopyPieces.reversed(turn, list);
            case ARRANGE -> CopyPieces.arranged(turn, list, command.getArrange().getOrderList());
            case KEEP -> CopyPieces.kept(turn, list, command.getKeep().getKept());
            case REPEAT -> CopyPieces.repeated(turn, list, command.getRepeat().getTimes());
            case SET_SLICE -> CopyPieces.replaced(turn, list, command.getSetSlice());
            case DELETE_SLICE ->
                CopyPieces.without(turn, list, command.getDeleteSlice().getSlice());
            case SET, INSERT, EXTEND, POP, CLEAR, OPERATION_NOT_SET ->
                throw new IllegalStateException("not done in pieces: " + command.getOperationCase());
        };
    }

    /** Does some more; whether all is done. */
    abstract boolean step();

    /** Not null, once all is done: why it comes to nothing. */
    @Nullable
    Outcome refusal() {
        return null;
    }

    /** Has the command take effect, once all is done, unless it is refused. */
    Outcome end(ListElements elements) {
        elements.become(work.build());
        return elements.reply(true);
    }

    /** Returns the progress, to be stored in the row of the list. */
    ListWork progress() {
        return work.build();
    }

    /** The most elements that the next step looks at. */
    int stepSize() {
        return Math.max(LEAST_STEP, turn.share(1, STEP));
    }

    /** Begins contents of their own. */
    void beginTarget() {
        work.setTarget(turn.nextRevision()).clearSize().clearBytes().clearLastNode();
    }

    /** Adds elements to the target, and counts what they refer to. */
    void append(List<Value> values) {
        if (values.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (Value value : values) {
            bytes += ListNodes.bytes(value);
            List<ObjectId> references = Values.references(value);
            references.forEach(reference -> turn.objects().retain(turn, reference));
            work.setReferences(work.getReferences() + references.size());
        }
        ListTree tree = new ListTree(turn.rows(), new ListNodes(turn.rows(), work.getTarget()), work.getLastNode());
        tree.splice(work.getSize(), work.getSize(), values);
        work.setSize(work.getSize() + values.size())
                .setBytes(work.getBytes() + bytes)
                .setLastNode(tree.lastNode());
    }
}
