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
 * Estimates the sizes of one stream's results from the sizes of earlier results. Each operation on each object has an
 * estimate: the puts of a dict may return nothing, and its removes large values. Several of them may share an estimate,
 * so that a stream needs about a kilobyte for all.
 *
 * <p>An estimate follows larger results fast, since too small an estimate lets in too much, and smaller ones slowly. It begins
 * high, so that a stream begins with a few requests and goes on with many once their results prove small.
 *
 * <p>Safe for any thread. Where two threads learn at once, one result may have no effect; estimates need not be exact.
 */
final class ResultSizes {
    private static final int FIRST_BYTES = 512 << 10;
    private static final int SMALL_BYTES = 512;

    /** Number of estimates, a power of two. */
    private static final int ESTIMATES = 64;
    /** Number of the last requests that are remembered with their estimates, a power of two. */
    private static final int REMEMBERED = 256;

    /** Index for requests whose results are always small. */
    private static final int SMALL = -1;

    private static final int RECALL = 0;

    private final AtomicIntegerArray estimates;
    /** Index of the estimate of each remembered command, by its sequence. */
    private final byte[] ofCommands = new byte[REMEMBERED];
    /** Index of the estimate of each remembered query, by its id. */
    private final byte[] ofQueries = new byte[REMEMBERED];

    ResultSizes() {
        int[] first = new int[ESTIMATES];
        Arrays.fill(first, FIRST_BYTES);
        estimates = new AtomicIntegerArray(first);
    }

    /** Returns the estimated bytes of the request's result; null: the client wants to end its session. */
    int estimate(@Nullable Request request) {
        int index = request == null ? SMALL : indexOf(request);
        return index == SMALL ? SMALL_BYTES : estimates.get(index);
    }

    /** Remembers the estimate of a forwarded request until its result comes. */
    void forwarded(@Nullable Request request) {
        if (request != null) {
            byte index = (byte) indexOf(request);
            switch (request.getRequestCase()) {
                case COMMAND -> ofCommands[slot(request.getCommand().getSequence())] = index;
                case RECALL -> ofCommands[slot(request.getRecall().getSequence())] = index;
                case QUERY -> ofQueries[slot(request.getQuery().getId())] = index;
                case REQUEST_NOT_SET -> {
                    // It is refused.
                }
            }
        }
    }

    void learn(Result result, int bytes) {
        byte[] of = result.hasAnswer() ? ofQueries : ofCommands;
        int index = of[slot(result.getId())];
        if (index != SMALL) {
            int before = estimates.get(index);
            estimates.set(index, before + (bytes - before) / (bytes > before ? 2 : 8));
        }
    }

    private static int slot(long number) {
        return (int) number & (REMEMBERED - 1);
    }

    private static int indexOf(Request request) {
        return switch (request.getRequestCase()) {
            case COMMAND -> indexOf(request.getCommand());
            case QUERY -> indexOf(request.getQuery());
            case RECALL -> RECALL;
            case REQUEST_NOT_SET -> SMALL;
        };
    }

    /**
     * Returns the index of the command's estimate. Only some commands return values; the results of all others are
     * small.
     */
    private static int indexOf(Command command) {
        int kind = command.getOperationCase().getNumber();
        return switch (command.getOperationCase()) {
            case VALUE ->
                indexOf(
                        kind,
                        command.getValue().getOperationCase().getNumber(),
                        command.getValue().getObject());
            case DICT ->
                indexOf(
                        kind,
                        command.getDict().getOperationCase().getNumber(),
                        command.getDict().getObject());
            case QUEUE ->
                indexOf(
                        kind,
                        command.getQueue().getOperationCase().getNumber(),
                        command.getQueue().getObject());
            case LIST ->
                indexOf(
                        kind,
                        command.getList().getOperationCase().getNumber(),
                        command.getList().getObject());
            case ARRAY ->
                indexOf(
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

    private static int indexOf(Query query) {
        int kind = 100 + query.getQuestionCase().getNumber();
        return switch (query.getQuestionCase()) {
            case VALUE ->
                indexOf(
                        kind,
                        query.getValue().getQuestionCase().getNumber(),
                        query.getValue().getObject());
            case DICT ->
                indexOf(
                        kind,
                        query.getDict().getQuestionCase().getNumber(),
                        query.getDict().getObject());
            case QUEUE ->
                indexOf(
                        kind,
                        query.getQueue().getQuestionCase().getNumber(),
                        query.getQueue().getObject());
            case LIST ->
                indexOf(
                        kind,
                        query.getList().getQuestionCase().getNumber(),
                        query.getList().getObject());
            case NAMESPACE ->
                indexOf(
                        kind,
                        query.getNamespace().getQuestionCase().getNumber(),
                        query.getNamespace().getObject());
            case ARRAY ->
                indexOf(
                        kind,
                        query.getArray().getQuestionCase().getNumber(),
                        query.getArray().getObject());
            case INSPECT, NAMES, QUESTION_NOT_SET -> indexOf(kind, 0, 0);
            case OPEN_CURSOR, CLOSE_CURSOR, EVENT -> SMALL;
        };
    }

    private static int indexOf(int kind, int operation, long object) {
        long mixed = ((object * 31 + kind) * 31 + operation) * 0x9E3779B97F4A7C15L;
        return 1 + (int) (mixed >>> 40) % (ESTIMATES - 1);
    }
}
