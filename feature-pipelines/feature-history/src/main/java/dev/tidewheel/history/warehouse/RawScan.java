package dev.tidewheel.history.warehouse;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.ChangeSink;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A raw table of events, of which no more columns are read than are needed. Thread-safe. */
final class RawScan implements ChangeScan {
    private final RawReading files;
    private final SourceColumns columns;

    RawScan(RawReading files, SourceColumns columns) {
        this.files = files;
        this.columns = columns;
    }

    @Override
    public SourceColumns columns() {
        return columns;
    }

    @Override
    public Origin origin() {
        return files.origin();
    }

    @Override
    public void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException {
        ChangeBatch batch = new ChangeBatch(columns);
        files.read(files.seen(filter, columns), share, needed(filter, batch), places -> {
            String topic = files.topic();
            batch.from(columns.channels(topic == null ? places.topic(0) : topic));
            for (int row = 0; row < places.size(); row++) {
                name(places, row, batch);
            }
            sink.take(batch);
            batch.clear();
        });
        sink.take(batch); // A sink learns of a table that is empty, too.
    }

    private List<ColumnBuffer> needed(ScanFilter filter, ChangeBatch batch) {
        List<ColumnBuffer> needed = new ArrayList<>();
        for (int slot = 0; slot < columns.schema().size(); slot++) {
            String column = columns.schema().column(slot).name();
            if (filter.columns().contains(column) || isTimeOrId(slot)) {
                needed.add(batch.column(slot));
            }
        }
        return needed;
    }

    private boolean isTimeOrId(int slot) {
        return slot == columns.eventTimeSlot() || slot == columns.knownTimeSlot() || slot == columns.eventIdSlot();
    }

    /** Whether the record is that of the other side of the source's handover. */
    private boolean isHandedOver(RawPlaces places, int row, ChangeBatch batch) {
        int known = columns.knownTimeSlot();
        if (known >= 0 && batch.column(known).isNull(row)) {
            return false;
        }
        return columns.handover()
                .leavesOut(
                        Channels.isImport(places.partition(row)),
                        known < 0 ? places.timestamp(row) : batch.column(known).word(row));
    }

    private void name(RawPlaces places, int row, ChangeBatch batch) {
        int partition = places.partition(row);
        boolean counts = places.counts(row) && !isHandedOver(places, row, batch);
        int channel = counts && columns.isUnion() ? batch.channels().channel(places.topic(row), partition) : partition;
        if (counts) {
            batch.record(channel, places.offset(row), places.timestamp(row));
        } else {
            batch.rejected(channel, places.offset(row), places.timestamp(row));
        }
    }
}
