// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.holdfast.statemachine.Turn;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Faults that an entry has met and undone, which appear only in the log of the node. Worlds that run side by side share
 * the logger, so each of them sees the events of its own thread only.
 */
final class Faults implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Turn.class);
    private final FirstError error = new FirstError();

    Faults() {
        error.start();
        logger.addAppender(error);
    }

    /** Throws if there was one. */
    void check() {
        if (error.message != null) {
            throw new Violation(Invariant.NO_FAULT, error.message);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(error);
    }

    /** The first error that the thread which made this appender logs. */
    private static final class FirstError extends AppenderBase<ILoggingEvent> {
        private final Thread owner = Thread.currentThread();
        private @Nullable String message;

        @Override
        protected void append(ILoggingEvent event) {
            if (Thread.currentThread() == owner && message == null && event.getLevel() == Level.ERROR) {
                message = event.getFormattedMessage();
            }
        }
    }
}
