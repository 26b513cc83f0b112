package dev.tidewheel.history.warehouse;

import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.ChangeSink;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ChangeStream;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * A raw table of rows that change, whose records bring the row before: each tells by itself what it takes away and what it
 * adds. Thread-safe.
 */
final class ChangeStreamScan implements ChangeScan {
    private final RawReading files;
    private final SourceColumns columns;
    private final ChangeStream stream;

    ChangeStreamScan(RawReading files, SourceColumns columns, ChangeStream stream) {
        this.files = files;
        this.columns = columns;
        this.stream = stream;
    }

    @Override
    public SourceColumns columns() {
        return columns;
    }

    @Override
    public Origin origin() {
        return files.origin();
    }

    /** Reads every file: statistics tell of the row after, and a record may take away one before. */
    @Override
    public void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException {
        Images images = new Images();
        ChangeBatch batch = new ChangeBatch(columns);
        ChangeRows rows = new ChangeRows(columns, stream);
        files.read(Expressions.alwaysTrue(), share, images.all(), places -> {
            String topic = files.topic();
            batch.from(columns.channels(topic == null ? places.topic(0) : topic));
            for (int row = 0; row < places.size(); row++) {
                rows.append(images.raw(places, row), batch);
            }
            sink.take(batch);
            batch.clear();
        });
        sink.take(batch);
    }

    /** The columns of the rows before and after, and what was done. */
    private final class Images {
        private final ColumnBuffer operations = new ColumnBuffer(new Column(RawTable.OPERATION, ColumnType.STRING));
        private final @Nullable ColumnBuffer ownTimes = RawTable.ownTimes(stream).stream()
                .map(name -> new ColumnBuffer(new Column(name, ColumnType.INT64)))
                .findFirst()
                .orElse(null);
        private final List<ColumnBuffer> before = image(RawTable.BEFORE);
        private final List<ColumnBuffer> after = image("");

        private List<ColumnBuffer> image(String prefix) {
            return columns.schema().columns().stream()
                    .map(column -> new ColumnBuffer(new Column(prefix + column.name(), column.type())))
                    .toList();
        }

        List<ColumnBuffer> all() {
            List<ColumnBuffer> all = new ArrayList<>(before);
            all.addAll(after);
            all.add(operations);
            if (ownTimes != null) {
                all.add(ownTimes);
            }
            return all;
        }

        ChangeRows.Raw raw(RawPlaces places, int row) {
            boolean counts = places.counts(row) && !operations.isNull(row);
            long knownTime = ownTimes == null || ownTimes.isNull(row) ? places.timestamp(row) : ownTimes.word(row);
            return new ChangeRows.Raw(
                    places.partition(row),
                    places.offset(row),
                    knownTime,
                    counts ? RowOperation.of(operations.string(row)).orElseThrow() : null,
                    row(before, row),
                    row(after, row));
        }

        private Row row(List<ColumnBuffer> image, int row) {
            Row values = new Row(image.size());
            IntStream.range(0, image.size()).forEach(slot -> image.get(slot).copy(row, values, slot));
            return values;
        }
    }
}
