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
 * A command to a list that is done in pieces, over as many entries as necessary. Nobody changes the list meanwhile. The
 * command builds new contents, which replace those of the list with the last piece. The references in the new contents
 * are counted too, so that either contents can be left to be swept like any others.
 */
abstract class Pieces {
    /** Maximum elements per step; between steps, the work that is left is checked. */
    private static final int STEP = 512;
    /** Minimum elements per step, however little work is left: most of its cost is in the tree above them. */
    private static final int LEAST_STEP = 8;

    final Turn turn;
    final ListRow list;
    /** Current contents of the list. */
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

    /** Does one more step, and returns whether the command is complete. */
    abstract boolean step();

    /** Returns why the complete command is refused; null if it takes effect. */
    @Nullable
    Outcome refusal() {
        return null;
    }

    /** Lets the complete command take effect, unless it is refused. */
    Outcome end(ListElements elements) {
        elements.become(work.build());
        return elements.reply(true);
    }

    /** Returns the progress, to be stored in the row of the list. */
    ListWork progress() {
        return work.build();
    }

    /** Returns the maximum number of elements that the next step visits. */
    int stepSize() {
        return Math.max(LEAST_STEP, turn.share(1, STEP));
    }

    /** Begins new contents. */
    void beginTarget() {
        work.setTarget(turn.nextRevision()).clearSize().clearBytes().clearLastNode();
    }

    /** Adds elements to the target, and counts their references. */
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
