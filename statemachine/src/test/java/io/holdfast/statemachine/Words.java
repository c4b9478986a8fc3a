// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import java.util.List;

/** How scripts write the commands and replies of one kind: {@code lock.acquire L 5s}. One a kind, in the kind's room. */
public interface Words {
    /** The parameters to open an object with. */
    Parameters parameters(Script script, List<String> words);

    Command.Builder command(Script script, String verb, ObjectId object, List<String> words);

    /** The kind's own reply in words. */
    String reply(Script script, Reply reply);
}
