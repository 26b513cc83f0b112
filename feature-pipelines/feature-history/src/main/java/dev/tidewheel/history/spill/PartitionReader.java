package dev.tidewheel.history.spill;

import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts partitions, one after the other, in the same memory. Not thread-safe. */
public final class PartitionReader implements AutoCloseable {
    private final SortedKeys rows;
    private final RowSchema payload;
    private final @Nullable Marks marks;
    private final Spilling spilling;
    private final RowUnpacker unpacker;
    private final RowBuffer buffer;
    private @Nullable SpillFile file;

    PartitionReader(SortedKeys rows, RowSchema payload, @Nullable Marks marks, Spilling spilling) {
        this.rows = rows;
        this.payload = payload;
        this.marks = marks;
        this.spilling = spilling;
        this.unpacker = new RowUnpacker(payload);
        this.buffer = new RowBuffer(payload);
    }

    /** Goes through a partition; what was opened before is not valid any more. */
    public KeyMerge open(int partition) throws IOException {
        close();
        buffer.clear();
        List<Cursor> cursors = new ArrayList<>();
        for (Frame frame : rows.frames(partition)) {
            if (buffer.bytes() > spilling.budgetBytes()) {
                cursors.add(spill());
            }
            unpacker.unpack(frame.bytes().read(), buffer);
        }
        cursors.add(new MemoryRun(buffer, marks).open());
        return new KeyMerge(cursors);
    }

    private Cursor spill() throws IOException {
        if (file == null) {
            file = SpillFile.create(spilling.folder());
        }
        FileRun run = new RunWriter(file, payload).write(new MemoryRun(buffer, marks), marks != null);
        buffer.clear();
        return run.open();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
