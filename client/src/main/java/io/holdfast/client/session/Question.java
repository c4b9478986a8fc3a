// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Query;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A query, and how its answer is read. A new one for every call: the query is completed in place when
 * it is sent.
 *
 * @param query with its question set, and nothing else
 * @param reader runs on the thread that gets the result, never on the transport's
 */
public record Question<T extends @Nullable Object>(Query.Builder query, Function<Answer, T> reader) {}
