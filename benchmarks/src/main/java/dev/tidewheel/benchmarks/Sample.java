package dev.tidewheel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The events of a few keys, found by going through all of them once. */
final class Sample {
    private final Map<Integer, List<Long>> byKey = new TreeMap<>();
    private final Workload workload;

    /** Every n-th key, so that there are about so many; the first key, which may be a hot one, among them. */
    Sample(Workload workload, int about) {
        this.workload = workload;
        int step = Math.max(1, workload.keys() / about);
        for (int key = 0; key < workload.keys(); key += step) {
            byKey.put(key, new ArrayList<>());
        }
        for (long event = 0; event < workload.events(); event++) {
            List<Long> events = byKey.get(workload.keyIndex(event));
            if (events != null) {
                events.add(event);
            }
        }
        byKey.values().removeIf(List::isEmpty);
    }

    Workload workload() {
        return workload;
    }

    /** The keys that have events, with their events' numbers in the order of time. */
    Map<Integer, List<Long>> byKey() {
        return byKey;
    }
}
