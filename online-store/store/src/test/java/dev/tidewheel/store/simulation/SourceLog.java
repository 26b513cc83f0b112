package dev.tidewheel.store.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A topic's partitions, written beforehand. Known times never fall within a partition; ties are frequent. */
record SourceLog(List<List<Entry>> partitions, List<String> keys) {

    /** One change. */
    record Entry(int id, String key, long knownTime) {}

    static SourceLog random(Random random) {
        List<String> keys = List.of("a", "b", "c");
        List<List<Entry>> partitions = new ArrayList<>();
        int id = 0;
        for (int p = 0; p < 3; p++) {
            List<Entry> entries = new ArrayList<>();
            long knownTime = 0;
            for (int i = random.nextInt(14); i >= 0; i--) {
                knownTime += random.nextInt(3) == 0 ? random.nextInt(8) : 0;
                entries.add(new Entry(id++, keys.get(random.nextInt(keys.size())), knownTime));
            }
            partitions.add(entries);
        }
        return new SourceLog(partitions, keys);
    }

    Entry entry(int id) {
        return partitions.stream()
                .flatMap(List::stream)
                .filter(entry -> entry.id() == id)
                .findFirst()
                .orElseThrow();
    }

    long end() {
        return partitions.stream()
                .flatMap(List::stream)
                .mapToLong(Entry::knownTime)
                .max()
                .orElseThrow();
    }

    /** The least knownTime that a reader at these offsets may still meet. */
    long watermark(int[] offsets) {
        long watermark = Long.MAX_VALUE;
        for (int p = 0; p < offsets.length; p++) {
            if (offsets[p] < partitions.get(p).size()) {
                long reached = offsets[p] == 0
                        ? 0
                        : partitions.get(p).get(offsets[p] - 1).knownTime();
                watermark = Math.min(watermark, reached);
            }
        }
        return watermark == Long.MAX_VALUE ? end() : watermark;
    }

    /** The naive truth: all changes of a key that are still in the window when everything is known. */
    Set<Integer> expected(String key, long after) {
        Set<Integer> ids = new TreeSet<>();
        partitions.stream()
                .flatMap(List::stream)
                .filter(entry -> entry.key().equals(key) && entry.knownTime() > after)
                .forEach(entry -> ids.add(entry.id()));
        return ids;
    }
}
