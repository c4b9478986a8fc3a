// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The works of one entry: what goes into the log, and who looks on at which place. */
final class WorkBatch implements Batch.Audience {
    private static final Logger LOG = LoggerFactory.getLogger(WorkBatch.class);

    private final Gateway gateway;
    private final Serving serving;
    private final LogEntry.Builder entry = LogEntry.newBuilder();
    private final List<Work.Confirmation> confirmations = new ArrayList<>();
    private final List<CompletableFuture<Applied.Collected>> collections = new ArrayList<>();
    private final List<Work.CursorWanted> wanted = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>();
    private int seated;

    /** Someone who looks on before the item at that position is applied. */
    private record Seat(int position, Work work) {}

    WorkBatch(Gateway gateway, Serving serving) {
        this.gateway = gateway;
        this.serving = serving;
    }

    void add(Work work) {
        if (work instanceof Work.Logged logged) {
            entry.addItems(logged.item());
        } else if (work instanceof Work.Opening opening) {
            if (gateway.greetings().opening(opening)) {
                entry.addItems(opening.item());
            }
        } else if (work instanceof Work.Collecting collecting) {
            entry.addItems(collecting.item());
            collections.add(collecting.result());
        } else if (work instanceof Work.CursorWanted cursor) {
            wanted.add(cursor);
        } else if (work instanceof Work.Confirmation confirmation) {
            confirmations.add(confirmation);
        } else {
            seats.add(new Seat(entry.getItemsCount(), work));
        }
    }

    /** The batch as it goes into the log, with the time and the budget of now. */
    Batch toBatch() {
        entry.setTimeNanos(serving.clock().now()).setWork(serving.pace().units());
        return new Batch(entry.build(), this);
    }

    @Override
    public void committed() {
        for (Work.Confirmation confirmation : confirmations) {
            contained(confirmation, () -> confirmation.confirmed().run());
        }
        serving.pace().begin();
    }

    /** Runs a part whose fault must not prevent the entry from being applied. */
    private void contained(Work work, Runnable part) {
        try {
            part.run();
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("{} could not be done; its client has to ask again", work, e);
            refuse(work);
        }
    }

    @Override
    public void see(int position, Sight sight) {
        if (isNextSeat(position)) {
            serving.pace().pause();
            while (isNextSeat(position)) {
                Work work = seats.get(seated++).work();
                contained(work, () -> show(work, sight));
            }
            serving.pace().resume();
        }
    }

    private boolean isNextSeat(int position) {
        return seated < seats.size() && seats.get(seated).position() == position;
    }

    private void show(Work work, Sight sight) {
        if (work instanceof Work.Asked asked && asked.stream().isClosed()) {
            return; // nobody is there to read the answer, which may be large
        }
        if (work instanceof Work.Asked asked) {
            gateway.delivery()
                    .answered(
                            asked.stream(),
                            asked.query().getId(),
                            serving.kernel().answer(sight, asked.query()));
        } else if (work instanceof Work.Look look) {
            look.look().accept(sight);
        }
    }

    private void refuse(Work work) {
        if (work instanceof Work.Asked asked) {
            Answer fault = Questions.refused(
                            RefusalCode.INTERNAL, "The server met a fault in this query: see the leader's log.")
                    .build();
            gateway.delivery().answered(asked.stream(), asked.query().getId(), fault);
        }
    }

    @Override
    public void applied(Applied applied) {
        serving.pace().end(applied.work());
        try {
            gateway.operators().began(collections);
            boolean isAsAsked = applied.backlog() == 0; // else the state at their place has not been reached yet
            wanted.forEach(cursor -> gateway.delivery().openCursor(serving, cursor, isAsAsked));
            gateway.applied(serving, applied);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) { // the entry is applied; who was not told asks again
            LOG.error("the sessions could not be told of the entry {}", applied.index(), e);
            gateway.deliveryFailed();
        }
    }
}
