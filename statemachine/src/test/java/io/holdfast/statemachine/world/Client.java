// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Command;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** A client of one session: numbers its commands, keeps them until they are answered, and sends them again. */
final class Client {
    private static final int ACKNOWLEDGED_AT_ONCE = 30;

    final long session;
    /** It takes, more often than it gives back. */
    final boolean greedy;

    private long sequence;
    /** Sent and not answered, as far as it knows. */
    final TreeMap<Long, LogItem> unanswered = new TreeMap<>();
    /** Answered, and not acknowledged yet. */
    private final TreeSet<Long> received = new TreeSet<>();
    /** On their way into the log. */
    final Deque<LogItem> pipe = new ArrayDeque<>();
    /** It has stopped without a word. */
    boolean crashed;

    Client(long session, boolean greedy) {
        this.session = session;
        this.greedy = greedy;
    }

    void send(Dice dice, Command.Builder command) {
        command.setSequence(++sequence);
        if (!dice.oneIn(4)) {
            for (int i = 0; i < ACKNOWLEDGED_AT_ONCE && !received.isEmpty(); i++) {
                command.addAcknowledged(received.pollFirst());
            }
        }
        LogItem item = LogItem.newBuilder()
                .setCommand(SessionCommand.newBuilder().setSession(session).setCommand(command))
                .build();
        unanswered.put(sequence, item);
        pipe.add(item);
    }

    /** The outcome has reached the client. */
    void receive(Completion told) {
        if (unanswered.remove(told.sequence()) != null) {
            received.add(told.sequence());
        }
    }

    /** Its connection breaks; some of what was on its way gets through, the rest is sent again, in order. */
    void reconnect(Dice dice) {
        List<LogItem> way = new ArrayList<>(pipe);
        pipe.clear();
        pipe.addAll(way.subList(0, dice.below(way.size() + 1)));
        pipe.addAll(unanswered.values());
    }

    /** Sends one command again, for no good reason. */
    void repeat(Dice dice) {
        if (!unanswered.isEmpty()) {
            pipe.add(dice.pick(List.copyOf(unanswered.values())));
        }
    }

    /** A command gets lost in the middle: what follows comes before its time, until the client reconnects. */
    void lose() {
        pipe.poll();
    }
}
