// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Reply;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command, and how its reply is read. A new one for every call: the command is completed in place
 * when it is sent.
 *
 * @param command with its operation set, and nothing else
 * @param reader runs on the thread that gets the result, never on the transport's
 */
public record Operation<T extends @Nullable Object>(Command.Builder command, Function<Reply, T> reader) {}
