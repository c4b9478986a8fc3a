// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the size of one stream's results from those of before: of queries, of commands that may return values, and of
 * all others, whose results are small.
 *
 * <p>An estimate follows larger results fast, since too small an estimate lets in too much, and smaller ones slowly. It begins
 * high, so that a stream begins with a few requests and goes on with many once their results prove small.
 *
 * <p>Safe for any thread. Where two threads learn at once, one result may have no effect.
 */
final class ResultSizes {
    private static final long FIRST_BYTES = 512 << 10;
    private static final long SMALL_BYTES = 512;

    private volatile long ofQueries = FIRST_BYTES;
    private volatile long ofCommands = FIRST_BYTES;

    /** Returns the estimated bytes of the request's result; null: the client wants to end its session. */
    long estimate(@Nullable Request request) {
        if (request == null) {
            return SMALL_BYTES;
        }
        return switch (request.getRequestCase()) {
            case QUERY -> ofQueries;
            case COMMAND -> mayReturnValues(request.getCommand()) ? ofCommands : SMALL_BYTES;
            case RECALL -> ofCommands;
            case REQUEST_NOT_SET -> SMALL_BYTES;
        };
    }

    private static boolean mayReturnValues(Command command) {
        return switch (command.getOperationCase()) {
            case VALUE, DICT, QUEUE, LIST, ARRAY -> true;
            case OPEN,
                    CREATE,
                    DELETE,
                    DROP,
                    CANCEL,
                    REFUSED,
                    LOCK,
                    EVENT,
                    SEMAPHORE,
                    CONDITION,
                    BARRIER,
                    NAMESPACE,
                    OPERATION_NOT_SET -> false;
        };
    }

    void learn(Result result, int bytes) {
        switch (result.getResultCase()) {
            case ANSWER -> ofQueries = next(ofQueries, bytes);
            case OUTCOME -> ofCommands = next(ofCommands, bytes);
            case PARKED, RESULT_NOT_SET -> {
                // Nothing that a request was made for.
            }
        }
    }

    private static long next(long before, int bytes) {
        return before + (bytes - before) / (bytes > before ? 2 : 8);
    }
}
