// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.QueueAnswer;
import io.holdfast.protocol.v1.QueueConsumer;
import io.holdfast.protocol.v1.QueueFind;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.protocol.v1.QueuePage;
import io.holdfast.protocol.v1.QueueQuery;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.rows.QueueConsumerRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiters;

/** What can be asked of a queue. */
public final class QueueQuestions {
    /** Answers a question about the queue that it names. */
    public Answer.Builder answer(Sight sight, QueueQuery query) {
        QueueRow queue = sight.view().get(Tables.QUEUES, Tables.QUEUES.key(query.getObject()));
        if (queue == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_QUEUE);
        }
        return switch (query.getQuestionCase()) {
            case SIZE -> answer(QueueAnswer.newBuilder().setSize(queue.getSize()));
            case PAGE -> page(sight.view(), queue, query.getPage());
            case FIND -> find(sight.view(), queue, query.getFind());
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    private static Answer.Builder page(View view, QueueRow queue, QueuePage page) {
        if (page.getLimit() < 1 || page.getLimit() > Limits.PAGE_ROWS || page.getAfter() < 0) {
            return malformed("a page has 1 to " + Limits.PAGE_ROWS + " items, not " + page.getLimit()
                    + ", behind the 'next' of another one");
        }
        return answer(
                QueueAnswer.newBuilder().setItems(QueueContents.page(view, queue, page.getAfter(), page.getLimit())));
    }

    private static Answer.Builder find(View view, QueueRow queue, QueueFind find) {
        String problem = QueueMachine.problem(find.getValue(), find.getAfter());
        return problem != null
                ? malformed(problem)
                : answer(QueueAnswer.newBuilder()
                        .setFound(QueueContents.find(view, queue, find.getValue(), find.getAfter())));
    }

    /** All that is told of a queue. */
    static QueueInspection inspect(Sight sight, ObjectId object) {
        QueueRow queue = sight.view().require(Tables.QUEUES, Queue.key(object));
        QueueInspection.Builder told = QueueInspection.newBuilder()
                .setState(queue.getState())
                .setSize(queue.getSize())
                .setDelivered(queue.getDelivered())
                .setUnfinished(queue.getUnfinished())
                .setConsumersTotal(queue.getConsumers())
                .setGetters(Waiters.inspect(sight, object, queue.getGetters()))
                .setPutters(Waiters.inspect(sight, object, queue.getPutters()))
                .setJoiners(Waiters.inspect(sight, object, queue.getJoiners()));
        Key consumers = Tables.QUEUE_CONSUMERS.key(object.value());
        // Rows of a queue that was let go of are swept little by little; it has no consumers any more.
        int listed = queue.getCondemned() ? 0 : Limits.INSPECTED_WAITERS;
        for (View.Row<QueueConsumerRow> consumer : sight.view().scan(Tables.QUEUE_CONSUMERS, consumers, listed)) {
            SessionId session = new SessionId(consumer.key().number(1));
            told.addConsumers(QueueConsumer.newBuilder()
                    .setOwner(Sessions.owner(sight.view(), session, 0))
                    .setDeliveries(consumer.row().getCount()));
        }
        return told.build();
    }

    private static Answer.Builder malformed(String problem) {
        return Questions.refused(RefusalCode.INVALID_ARGUMENT, "The query is malformed: " + problem + ".");
    }

    private static Answer.Builder answer(QueueAnswer.Builder answer) {
        return Answer.newBuilder().setQueue(answer);
    }
}
