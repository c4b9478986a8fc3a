// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.OnDeadlock;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/** {@code open R rlock [wait] [delay]}, and the same verbs as a Lock: {@code rlock.acquire R t1 5s}. */
public final class RLockWords implements Words {
    private final LockWords verbs = new LockWords();

    @Override
    public Parameters parameters(Script script, List<String> words) {
        RLockParameters.Builder lock = RLockParameters.newBuilder();
        for (String word : words) {
            switch (word) {
                case "refuse" -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_REFUSE);
                case "wait" -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_WAIT);
                default -> lock.setLockDelayNanos(Script.nanos(word));
            }
        }
        return Parameters.newBuilder().setRlock(lock).build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return verbs.command(script, verb, object, words);
    }

    @Override
    public String reply(Script script, Reply reply) {
        return verbs.reply(script, reply);
    }
}
