// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import java.util.List;
import java.util.Map;

/** The figures of a run. */
record HeapReport(
        long seed, long millis, Fleet fleet, Monitor monitor, int collections, long replayMillis, String hash) {

    void print() {
        Map<String, Fleet.Count> operations = fleet.operations();
        System.out.println("operation                            done   refused");
        operations.forEach((name, count) -> System.out.printf("%-30s %10d %9d%n", name, count.done(), count.refused()));
        long done = operations.values().stream().mapToLong(Fleet.Count::done).sum();
        List<Long> times = fleet.bystanderTimes();
        System.out.printf("seed                                %d%n", seed);
        System.out.printf("load                                %d s%n", millis / 1000);
        System.out.printf(
                "operations                          %d, %d a second%n", done, done * 1000 / Math.max(1, millis));
        System.out.printf(
                "clients                             %d processes killed, %d frozen%n", fleet.kills(), fleet.freezes());
        System.out.printf("collections of garbage              %d%n", collections);
        System.out.printf(
                "bystanders                          %d operations, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                times.get(0), times.get(1) / 1e3, times.get(2) / 1e3, times.get(3) / 1e3);
        System.out.printf(
                "longest time without applied entry  %d ms%n",
                monitor.longestGap().millis());
        System.out.printf("store on disk, at most              %d MiB%n", monitor.mostStoreBytes() >> 20);
        System.out.printf("heap after collections, at most     %d MiB%n", monitor.mostHeap() >> 20);
        printHeapRows();
        if (replayMillis > 0) {
            System.out.printf("all nodes killed; ready again after %d ms%n", replayMillis);
            System.out.printf("hash of all nodes after that        %s%n", hash.replace('\n', ' '));
        }
    }

    private void printHeapRows() {
        Map<String, List<Long>> rows = monitor.heapRows();
        System.out.println("time   heap after collections, MiB: " + String.join(", ", rows.keySet()));
        for (int i = 0; i < 10; i++) {
            int row = i;
            System.out.printf(
                    "%3d %%  %s%n",
                    row * 10,
                    rows.values().stream()
                            .map(parts -> parts.isEmpty() ? "-" : Long.toString(parts.get(row) >> 20))
                            .toList());
        }
    }
}
