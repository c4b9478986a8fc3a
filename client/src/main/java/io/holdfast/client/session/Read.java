// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A read that one question settles when it is short, and that takes more of them when it is long. Of one instant either
 * way. A new one for every call, as its question is.
 *
 * @param first the question that may do
 * @param isAll whether its answer is all
 * @param reader reads an answer that is all
 * @param further reads everything, the first answer included, through a cursor; it may be called several times
 */
public record Read<A, T extends @Nullable Object>(
        Question<A> first, Predicate<A> isAll, Function<A, T> reader, Function<Cursor, T> further) {}
