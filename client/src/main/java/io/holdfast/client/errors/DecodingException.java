// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that came from the cluster cannot be made into the Java type that was asked for. The read or command itself was
 * carried out.
 *
 * <p><b>The value is not lost.</b> {@link #raw} returns it as it is encoded; another codec may decode it:
 *
 * <pre>{@code
 * try {
 *     return jobs.remove(key);
 * } catch (DecodingException e) {
 *     return client.codec(NewJob.class).decode(e.raw().get(0));
 * }
 * }</pre>
 *
 * <p>After a read, the value is where it was. After a command that took effect ({@link #tookEffect}), {@link #raw} may hold
 * the only copy: what a queue handed out, what {@code remove} removed, what {@code put} replaced.
 */
public final class DecodingException extends HoldfastException {
    private static final long serialVersionUID = 2L;

    private final ArrayList<Value> raw;
    private final boolean tookEffect;

    /**
     * @param message what came, what was expected, and what to do about it
     */
    public DecodingException(String message) {
        this(message, null);
    }

    /**
     * @param message what came, what was expected, and what to do about it
     * @param cause what caused it; null: nothing that is known
     */
    public DecodingException(String message, @Nullable Throwable cause) {
        this(message, cause, List.of(), false);
    }

    /**
     * @param message what came, what was expected, and what to do about it
     * @param cause what caused it; null: nothing that is known
     * @param raw the values that could not be decoded
     * @param tookEffect whether a command that took effect returned them
     */
    public DecodingException(String message, @Nullable Throwable cause, List<Value> raw, boolean tookEffect) {
        super(message, cause);
        this.raw = new ArrayList<>(raw);
        this.tookEffect = tookEffect;
    }

    /**
     * Returns the values as they are encoded, in their order: one for most methods, key and value for {@code popLast}, and
     * one for each item that could not be decoded for methods that take many items of a queue. Empty only if a codec was
     * called directly.
     */
    public List<Value> raw() {
        return Collections.unmodifiableList(raw);
    }

    /** Returns whether the values come from a command that took effect; false: from a read, which changed nothing. */
    public boolean tookEffect() {
        return tookEffect;
    }
}
