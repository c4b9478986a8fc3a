// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.QueueCommand.OperationCase;
import io.holdfast.protocol.v1.QueueConsumer;
import io.holdfast.protocol.v1.QueueFind;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueuePage;
import io.holdfast.protocol.v1.QueueQuery;
import io.holdfast.protocol.v1.QueueSize;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import java.util.List;
import java.util.TreeMap;

/** Questions about a queue, and what must be answered. */
final class QueueAsked {
    private QueueAsked() {}

    static Query.Builder question(Dice dice, long queue) {
        QueueQuery.Builder query = QueueQuery.newBuilder().setObject(queue);
        switch (dice.below(4)) {
            case 0 -> query.setSize(QueueSize.getDefaultInstance());
            case 1 -> query.setFind(QueueFind.newBuilder().setValue(Texts.integer(dice.below(3))));
            case 2 ->
                query.setPage(
                        QueuePage.newBuilder().setLimit(dice.between(1, 4)).setAfter(dice.below(20)));
            default -> {
                return Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(queue));
            }
        }
        return Query.newBuilder().setQueue(query);
    }

    static boolean isRight(QueueModel model, Query query, Answer answer, Realm realm) {
        QueueQuery asked = query.getQueue();
        return switch (asked.getQuestionCase()) {
            case SIZE -> answer.getQueue().getSize() == model.items.size();
            case FIND ->
                answer.getQueue().getFound().getId()
                                == model.find(asked.getFind().getValue())
                        && answer.getQueue().getFound().getNext() == 0;
            case PAGE -> page(model, asked.getPage(), answer);
            case QUESTION_NOT_SET -> answer.getInspection().getQueue().equals(inspection(model, realm));
        };
    }

    private static boolean page(QueueModel model, QueuePage page, Answer answer) {
        List<QueueItem> right = model.items.tailMap(page.getAfter(), false).entrySet().stream()
                .limit(page.getLimit())
                .map(item -> QueueState.told(item.getKey(), item.getValue()))
                .toList();
        long next = answer.getQueue().getItems().getNext();
        return answer.getQueue().getItems().getItemsList().equals(right)
                && (right.size() < page.getLimit()
                        ? next == 0
                        : next == right.get(right.size() - 1).getId());
    }

    private static QueueInspection inspection(QueueModel model, Realm realm) {
        QueueInspection.Builder right = QueueInspection.newBuilder()
                .setState(model.state)
                .setSize(model.items.size())
                .setDelivered(model.delivered.values().stream()
                        .mapToInt(TreeMap::size)
                        .sum())
                .setUnfinished(model.unfinished)
                .setConsumersTotal(model.delivered.size())
                .setGetters(Queues.inspection(model.waiting(OperationCase.GET), realm))
                .setPutters(Queues.inspection(model.waiting(OperationCase.PUT), realm))
                .setJoiners(Queues.inspection(model.waiting(OperationCase.JOIN), realm));
        model.delivered.forEach((session, own) -> right.addConsumers(
                QueueConsumer.newBuilder().setOwner(Queues.owner(session, 0)).setDeliveries(own.size())));
        return right.build();
    }
}
