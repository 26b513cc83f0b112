package dev.tidewheel.history.scan;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.history.parquet.ParquetBatches;
import dev.tidewheel.history.parquet.ParquetBatches.Wanted;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file of a source's events, of which no more columns are read than are needed. A row's place is its number, from
 * 0, in partition 0. Shares are row groups. Thread-safe.
 */
public final class FileScan implements ChangeScan {
    private static final int BATCH = 4_096;

    private final Path file;
    private final SourceColumns columns;
    private Origin.@Nullable File origin;

    /**
     * @throws IllegalArgumentException if the source takes its known time or its ids from Kafka
     */
    public FileScan(Path file, SourceColumns columns) {
        if (columns.knownTime().isEmpty() || columns.eventId().isEmpty()) {
            throw new IllegalArgumentException("source '" + columns.source() + "' takes its "
                    + (columns.knownTime().isEmpty() ? "known time" : "event id") + " from Kafka, and " + file
                    + " is a file: declare the column, or read the source's raw table");
        }
        this.file = file;
        this.columns = columns;
    }

    @Override
    public SourceColumns columns() {
        return columns;
    }

    /** Reads the whole file once: not everybody who reads a share of it has to know its digest. */
    @Override
    public synchronized Origin origin() {
        Origin.File known = origin;
        if (known == null) {
            try {
                known = new Origin.File(name(), FileDigest.of(file));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
            origin = known;
        }
        return known;
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    /**
     * @throws IllegalArgumentException if the file lacks a column
     */
    @Override
    public void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException {
        ChangeBatch batch = new ChangeBatch(columns).from(Channels.of(name()));
        try (ParquetBatches rows = ParquetBatches.open(file, wanted(filter, batch), share::has)) {
            rows.requireAll();
            for (int count = rows.next(BATCH); count > 0; count = rows.next(BATCH)) {
                for (int row = 0; row < count; row++) {
                    batch.record(0, rows.firstRow() + row, Long.MIN_VALUE);
                }
                sink.take(batch);
                batch.clear();
            }
        }
        sink.take(batch); // A sink learns of a share that is empty, too.
    }

    private List<Wanted> wanted(ScanFilter filter, ChangeBatch batch) {
        List<Wanted> wanted = new ArrayList<>();
        for (int slot = 0; slot < columns.schema().size(); slot++) {
            boolean isTimeOrId =
                    slot == columns.eventTimeSlot() || slot == columns.knownTimeSlot() || slot == columns.eventIdSlot();
            if (isTimeOrId
                    || filter.columns().contains(columns.schema().column(slot).name())) {
                wanted.add(new Wanted(columns.schema().column(slot), OptionalInt.empty(), batch.column(slot)));
            }
        }
        return wanted;
    }
}
