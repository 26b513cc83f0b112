package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.FileScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Histories from Parquet files, one per source; of the others, from elsewhere. Not thread-safe. */
public final class FileHistories implements Histories {
    private final Map<String, HistoryFile> files;
    private final Optional<Histories> others;
    private final boolean knownWhenHappened;
    private final Map<String, ChangeHistory> read = new HashMap<>();
    private final Map<String, ChangeScan> scanned = new HashMap<>();

    /**
     * A source's history in a file.
     *
     * @param computed columns that the file does not store: expressions over those that it does, by name
     */
    public record HistoryFile(Path path, Map<String, String> computed) {
        public HistoryFile {
            computed = new TreeMap<>(computed);
        }
    }

    /**
     * @param files by source
     * @param others where the sources are that have no file
     * @param knownWhenHappened whether a source without a column for its known time counts as known when it happened
     */
    public FileHistories(Map<String, HistoryFile> files, Optional<Histories> others, boolean knownWhenHappened) {
        this.files = Map.copyOf(files);
        this.others = others;
        this.knownWhenHappened = knownWhenHappened;
    }

    @Override
    public Optional<Long> newest(Source source) {
        return files.containsKey(source.name())
                ? Optional.empty()
                : elsewhere(source).newest(source);
    }

    @Override
    public void tag(Source source, long snapshot, String tag) {
        elsewhere(source).tag(source, snapshot, tag);
    }

    @Override
    public void tag(String table, long snapshot, String tag) {
        others.orElseThrow(() -> new IllegalStateException("table " + table + " is in no warehouse that is open"))
                .tag(table, snapshot, tag);
    }

    @Override
    public Optional<Erased> erased(Source source, long snapshot) {
        return elsewhere(source).erased(source, snapshot);
    }

    @Override
    public List<ImportOf> imports(Source source, long snapshot) {
        return elsewhere(source).imports(source, snapshot);
    }

    @Override
    public ChangeScan scan(Source source, Optional<Long> snapshot) {
        HistoryFile file = files.get(source.name());
        if (file == null) {
            return elsewhere(source).scan(source, snapshot);
        }
        return storesAll(source, file)
                ? scanned.computeIfAbsent(source.name(), unread -> new FileScan(file.path(), SourceColumns.of(source)))
                : new HistoryScan(read(source, snapshot));
    }

    /** Whether a file can be read through column by column; else its rows have to be completed first. */
    private static boolean storesAll(Source source, HistoryFile file) {
        return file.computed().isEmpty()
                && !source.isUnion()
                && !source.isOfChanges()
                && source.knownTime().isPresent();
    }

    @Override
    public ChangeHistory read(Source source, Optional<Long> snapshot) {
        HistoryFile file = files.get(source.name());
        return file == null
                ? elsewhere(source).read(source, snapshot)
                : read.computeIfAbsent(source.name(), unread -> read(source, file));
    }

    private ChangeHistory read(Source source, HistoryFile file) {
        if (source.isUnion() || source.isOfChanges()) {
            throw new IllegalArgumentException("source '" + source.name() + "' "
                    + (source.isUnion() ? "has several topics" : "tells of rows that change")
                    + ", which a file does not say: read its raw table");
        }
        SourceColumns columns = SourceColumns.of(source);
        Map<String, ToLongFunction<Row>> computed = computed(columns.schema(), file);
        return knownWhenHappened && source.knownTime().isEmpty()
                ? ParquetHistory.readKnownWhenHappened(file.path(), columns, computed, file.computed())
                : ParquetHistory.read(file.path(), columns, computed, file.computed());
    }

    private static Map<String, ToLongFunction<Row>> computed(RowSchema schema, HistoryFile file) {
        Map<String, ToLongFunction<Row>> computed = new HashMap<>();
        file.computed().forEach((name, text) -> {
            int slot = schema.slot(name);
            if (slot < 0) {
                throw new IllegalArgumentException("the source has no column '" + name + "' to compute: it has "
                        + schema.columns().stream().map(Column::name).toList());
            }
            Expression expression = Expression.compile(text, schema);
            if (expression.type() != schema.column(slot).type()
                    || expression.type().isText()) {
                throw new IllegalArgumentException("column '" + name + "' is "
                        + schema.column(slot).type() + ", but '" + text + "' is " + expression.type()
                        + "; numbers and times can be computed");
            }
            computed.put(name, row -> value(name, expression, row));
        });
        return computed;
    }

    private static long value(String name, Expression expression, Row row) {
        Row out = new Row(1);
        Status status = expression.evaluate(row, out, 0);
        if (status != Status.OK) {
            throw new IllegalArgumentException("column '" + name + "' cannot be computed of " + row + ": " + status);
        }
        return out.getLong(0);
    }

    private Histories elsewhere(Source source) {
        return others.orElseThrow(() -> new IllegalArgumentException("nobody says where the history of source '"
                + source.name() + "' is: name its file, or the warehouse with its raw table"));
    }
}
