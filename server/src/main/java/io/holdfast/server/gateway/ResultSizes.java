// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the size of one stream's results from those of before: for each operation on each object, since a dict's puts may
 * return nothing and its removes large values. Some share an estimate, so that a stream takes about a kilobyte for all.
 *
 * <p>An estimate follows larger results fast, since too small an estimate lets in too much, and smaller ones slowly. It begins
 * high, so that a stream begins with a few requests and goes on with many once their results prove small.
 *
 * <p>Safe for any thread. Where two threads learn at once, one result may have no effect; estimates need not be exact.
 */
final class ResultSizes {
    private static final int FIRST_BYTES = 512 << 10;
    private static final int SMALL_BYTES = 512;

    /** How many estimates there are. A power of two. */
    private static final int ESTIMATES = 64;
    /** How many of the last requests are remembered, with their estimates. A power of two. */
    private static final int REMEMBERED = 256;

    /** Requests whose results are always small. */
    private static final int SMALL = -1;

    private static final int RECALL = 0;

    private final AtomicIntegerArray estimates;
    /** Which estimate a command's result belongs to, by its sequence; and a query's, by its id. */
    private final byte[] ofCommands = new byte[REMEMBERED];

    private final byte[] ofQueries = new byte[REMEMBERED];

    ResultSizes() {
        int[] first = new int[ESTIMATES];
        Arrays.fill(first, FIRST_BYTES);
        estimates = new AtomicIntegerArray(first);
    }

    /** Returns the estimated bytes of the request's result; null: the client wants to end its session. */
    int estimate(@Nullable Request request) {
        int which = request == null ? SMALL : which(request);
        return which == SMALL ? SMALL_BYTES : estimates.get(which);
    }

    /** Notes that the request is forwarded, so that its result can be told from others. */
    void forwarded(@Nullable Request request) {
        if (request != null) {
            byte which = (byte) which(request);
            switch (request.getRequestCase()) {
                case COMMAND -> ofCommands[slot(request.getCommand().getSequence())] = which;
                case RECALL -> ofCommands[slot(request.getRecall().getSequence())] = which;
                case QUERY -> ofQueries[slot(request.getQuery().getId())] = which;
                case REQUEST_NOT_SET -> {
                    // It is refused.
                }
            }
        }
    }

    void learn(Result result, int bytes) {
        byte[] of = result.hasAnswer() ? ofQueries : ofCommands;
        int which = of[slot(result.getId())];
        if (which != SMALL) {
            int before = estimates.get(which);
            estimates.set(which, before + (bytes - before) / (bytes > before ? 2 : 8));
        }
    }

    private static int slot(long number) {
        return (int) number & (REMEMBERED - 1);
    }

    private static int which(Request request) {
        return switch (request.getRequestCase()) {
            case COMMAND -> which(request.getCommand());
            case QUERY -> which(request.getQuery());
            case RECALL -> RECALL;
            case REQUEST_NOT_SET -> SMALL;
        };
    }

    /** Commands that may return values; the results of all others are small. */
    private static int which(Command command) {
        int kind = command.getOperationCase().getNumber();
        return switch (command.getOperationCase()) {
            case VALUE ->
                which(
                        kind,
                        command.getValue().getOperationCase().getNumber(),
                        command.getValue().getObject());
            case DICT ->
                which(
                        kind,
                        command.getDict().getOperationCase().getNumber(),
                        command.getDict().getObject());
            case QUEUE ->
                which(
                        kind,
                        command.getQueue().getOperationCase().getNumber(),
                        command.getQueue().getObject());
            case LIST ->
                which(
                        kind,
                        command.getList().getOperationCase().getNumber(),
                        command.getList().getObject());
            case ARRAY ->
                which(
                        kind,
                        command.getArray().getOperationCase().getNumber(),
                        command.getArray().getObject());
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
                    OPERATION_NOT_SET -> SMALL;
        };
    }

    private static int which(Query query) {
        int kind = 100 + query.getQuestionCase().getNumber();
        return switch (query.getQuestionCase()) {
            case VALUE ->
                which(
                        kind,
                        query.getValue().getQuestionCase().getNumber(),
                        query.getValue().getObject());
            case DICT ->
                which(
                        kind,
                        query.getDict().getQuestionCase().getNumber(),
                        query.getDict().getObject());
            case QUEUE ->
                which(
                        kind,
                        query.getQueue().getQuestionCase().getNumber(),
                        query.getQueue().getObject());
            case LIST ->
                which(
                        kind,
                        query.getList().getQuestionCase().getNumber(),
                        query.getList().getObject());
            case NAMESPACE ->
                which(
                        kind,
                        query.getNamespace().getQuestionCase().getNumber(),
                        query.getNamespace().getObject());
            case ARRAY ->
                which(
                        kind,
                        query.getArray().getQuestionCase().getNumber(),
                        query.getArray().getObject());
            case INSPECT, NAMES, QUESTION_NOT_SET -> which(kind, 0, 0);
            case OPEN_CURSOR, CLOSE_CURSOR, EVENT -> SMALL;
        };
    }

    private static int which(int kind, int operation, long object) {
        long mixed = ((object * 31 + kind) * 31 + operation) * 0x9E3779B97F4A7C15L;
        return 1 + (int) (mixed >>> 40) % (ESTIMATES - 1);
    }
}
