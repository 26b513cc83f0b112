package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link KeySorter} sorted, or several of them together. Thread-safe as long as they are open. */
public final class SortedKeys {
    private final RowSchema payload;
    private final @Nullable Marks marks;
    private final List<PackedRows> parts;

    SortedKeys(RowSchema payload, @Nullable Marks marks, List<PackedRows> parts) {
        this.payload = payload;
        this.marks = marks;
        this.parts = List.copyOf(parts);
    }

    /** What several sorted, of equal columns, marks and partitions, as if one had. */
    public static SortedKeys of(List<SortedKeys> parts) {
        SortedKeys first = parts.get(0);
        return new SortedKeys(
                first.payload,
                first.marks,
                parts.stream().flatMap(part -> part.parts.stream()).toList());
    }

    /**
     * Goes through partitions, one after the other.
     *
     * @param spilling how much of a partition is held; a larger one is sorted in several runs
     */
    public PartitionReader reader(Spilling spilling) {
        return new PartitionReader(this, payload, marks, spilling);
    }

    /** The rows of a partition, in about the order of their moments: then there is little left to sort. */
    List<Frame> frames(int partition) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (PackedRows part : parts) {
            synchronized (part) {
                frames.addAll(part.frames(partition));
            }
        }
        frames.sort(Comparator.comparingLong(Frame::firstMoment));
        return frames;
    }
}
