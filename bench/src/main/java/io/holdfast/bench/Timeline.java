// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When each write was due, and when it was answered. All times are nanoseconds since the beginning. */
final class Timeline {
    static final String HEADER = "number,due_ms,answered_ms,latency_ms,outcome";

    private static final long NEVER = -1;

    private final long[] due;
    private final long[] answered;
    private final boolean[] ok;
    private final CountDownLatch unanswered;
    private final List<Mark> marks = new CopyOnWriteArrayList<>();
    private volatile long began = System.nanoTime();

    Timeline(int writes) {
        due = new long[writes];
        answered = new long[writes];
        ok = new boolean[writes];
        unanswered = new CountDownLatch(writes);
        Arrays.fill(answered, NEVER);
    }

    /** A moment that somebody has marked. */
    record Mark(String text, long at) {}

    /** A time without an acknowledgement. */
    record Gap(long from, long nanos) {}

    int size() {
        return due.length;
    }

    void begin() {
        began = System.nanoTime();
    }

    long now() {
        return System.nanoTime() - began;
    }

    void mark(String text) {
        marks.add(new Mark(text, now()));
    }

    List<Mark> marks() {
        return marks;
    }

    /** The latch makes what is noted here visible to those that have waited for the answers. */
    @SuppressWarnings("FutureReturnValueIgnored") // what comes of it is noted, whatever it is
    void sent(int number, long dueAt, CompletableFuture<?> answer) {
        due[number] = dueAt;
        answer.whenComplete((result, failure) -> {
            synchronized (this) {
                answered[number] = now();
                ok[number] = failure == null;
            }
            unanswered.countDown();
        });
    }

    void awaitAnswers(long patienceMillis) throws InterruptedException {
        if (!unanswered.await(patienceMillis, TimeUnit.MILLISECONDS)) {
            System.err.println(unanswered.getCount() + " writes have no answer yet");
        }
    }

    synchronized int acknowledged() {
        int count = 0;
        for (int i = 0; i < due.length; i++) {
            count += isAcknowledged(i) ? 1 : 0;
        }
        return count;
    }

    int failed() {
        return size() - acknowledged();
    }

    private boolean isAcknowledged(int number) {
        return ok[number] && answered[number] != NEVER;
    }

    /** The longest time from one acknowledgement to the next, whichever writes they are of. */
    synchronized Gap longestGap() {
        long[] times = new long[due.length];
        int count = 0;
        for (int i = 0; i < due.length; i++) {
            if (isAcknowledged(i)) {
                times[count++] = answered[i];
            }
        }
        Arrays.sort(times, 0, count);
        Gap longest = new Gap(0, 0);
        long last = 0;
        for (int i = 0; i < count; i++) {
            if (times[i] - last > longest.nanos()) {
                longest = new Gap(last, times[i] - last);
            }
            last = times[i];
        }
        return longest;
    }

    /** When the first write was acknowledged of those that were due after that time; negative: none was. */
    synchronized long firstAcknowledgedAfter(long time) {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < due.length; i++) {
            if (due[i] >= time && isAcknowledged(i)) {
                first = Math.min(first, answered[i]);
            }
        }
        return first == Long.MAX_VALUE ? -1 : first;
    }

    synchronized void writeTo(Csv csv) {
        for (int i = 0; i < due.length; i++) {
            boolean isAnswered = answered[i] != NEVER;
            csv.row(
                    i,
                    due[i] / 1e6,
                    isAnswered ? answered[i] / 1e6 : "",
                    isAnswered ? (answered[i] - due[i]) / 1e6 : "",
                    !isAnswered ? "unanswered" : ok[i] ? "acknowledged" : "failed");
        }
        marks.forEach(
                mark -> csv.row("mark", mark.at() / 1e6, "", "", mark.text().replace(',', ';')));
    }
}
