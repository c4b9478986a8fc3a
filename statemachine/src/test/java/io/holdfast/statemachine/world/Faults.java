// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.statemachine.Turn;
import org.slf4j.LoggerFactory;

/** Faults that an entry has met and undone: nobody is told of them but the log of the node. */
final class Faults implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Turn.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    Faults() {
        events.start();
        logger.addAppender(events);
    }

    /** Throws if there was one. */
    void check() {
        for (ILoggingEvent event : events.list) {
            if (event.getLevel() == Level.ERROR) {
                throw new Violation(Invariant.NO_FAULT, event.getFormattedMessage());
            }
        }
    }

    @Override
    public void close() {
        logger.detachAppender(events);
    }
}
