package dev.tidewheel.history.spill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What {@link KeySorter} sorted, or several of them together. Thread-safe as long as they are open. */
public final class SortedKeys {
    private final List<Run> runs;

    SortedKeys(List<Run> runs) {
        this.runs = List.copyOf(runs);
    }

    /** What several sorted, of equal columns and partitions, as if one had. */
    public static SortedKeys of(List<SortedKeys> parts) {
        return new SortedKeys(parts.stream().flatMap(part -> part.runs.stream()).toList());
    }

    /** Goes through a partition. */
    public KeyMerge partition(int partition) throws IOException {
        List<Cursor> cursors = new ArrayList<>();
        for (Run run : runs) {
            cursors.add(run.open(partition));
        }
        return new KeyMerge(cursors);
    }
}
