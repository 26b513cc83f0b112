package dev.tidewheel.history.source;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.parquet.ParquetColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Reads a source's history from one Parquet file whose columns have the source's names; other columns are ignored. */
public final class ParquetHistory {
    private ParquetHistory() {}

    /** Reads a file that has all columns of its source; see {@link #read(Path, SourceColumns, Map)}. */
    public static ChangeHistory read(Path file, SourceColumns columns) {
        return read(file, columns, Map.of());
    }

    /**
     * Reads the whole file. Its rows stand at offsets 0, 1, … of partition 0.
     *
     * @param computed integers and times that the file does not store, from a row with all columns that it stores
     * @throws IllegalArgumentException if the source needs what a file lacks (a Kafka timestamp, a position), if a
     *     column is missing or its type does not fit
     * @throws UncheckedIOException if the file cannot be read
     */
    public static ChangeHistory read(Path file, SourceColumns columns, Map<String, ToLongFunction<Row>> computed) {
        return read(file, columns, computed, Map.of());
    }

    /**
     * The same, saying how.
     *
     * @param told the expressions of the computed columns, for who wants to read the same again
     */
    public static ChangeHistory read(
            Path file, SourceColumns columns, Map<String, ToLongFunction<Row>> computed, Map<String, String> told) {
        if (columns.knownTime().isEmpty()) {
            throw notDeclared(file, columns, "known time");
        }
        return readRows(file, columns, computed, told);
    }

    /**
     * The same for a source whose known time is Kafka's: as if each event had been known when it happened.
     *
     * @throws IllegalArgumentException as {@link #read(Path, SourceColumns, Map)} does, but for the known time
     */
    public static ChangeHistory readKnownWhenHappened(
            Path file, SourceColumns columns, Map<String, ToLongFunction<Row>> computed, Map<String, String> told) {
        return readRows(file, columns, computed, told).knownWhenHappened();
    }

    private static ChangeHistory readRows(
            Path file, SourceColumns columns, Map<String, ToLongFunction<Row>> computed, Map<String, String> told) {
        if (columns.eventId().isEmpty()) {
            throw notDeclared(file, columns, "event id");
        }
        try {
            String name = String.valueOf(file.getFileName());
            Origin origin = new Origin.File(name, FileDigest.of(file), told);
            ChangeHistory.Builder builder = new ChangeHistory.Builder(columns, origin, name);
            readColumns(file, columns, computed.keySet(), builder);
            return builder.complete(computed).build();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static IllegalArgumentException notDeclared(Path file, SourceColumns columns, String what) {
        return new IllegalArgumentException("source '" + columns.source() + "' takes its " + what + " from Kafka, and "
                + file + " is a file: declare the column, or read the source's raw table");
    }

    private static void readColumns(
            Path file, SourceColumns columns, Set<String> computed, ChangeHistory.Builder builder) throws IOException {
        List<ColumnBuffer> stored = IntStream.range(0, columns.schema().size())
                .mapToObj(builder::column)
                .filter(buffer -> !computed.contains(buffer.column().name()))
                .toList();
        try (ParquetColumns parquet = ParquetColumns.open(file)) {
            stored.forEach(buffer -> parquet.require(buffer.column()));
            while (parquet.nextRowGroup()) {
                stored.forEach(buffer -> parquet.read(buffer.column(), buffer));
            }
            for (long row = 0; row < parquet.rows(); row++) {
                builder.record(0, row, Long.MIN_VALUE);
            }
        }
    }
}
