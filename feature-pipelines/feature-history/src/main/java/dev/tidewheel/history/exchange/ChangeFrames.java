package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ChangeSink;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.spill.Flags;
import dev.tidewheel.history.values.AskedKeys;
import dev.tidewheel.history.values.KeyColumns;
import dev.tidewheel.history.values.ViewPart.Terms;
import java.io.IOException;
import java.util.List;

/**
 * Deals out the changes of one view by their keys: all of a key go to the part that its questions go to. What is no change,
 * or has no key that was asked, goes nowhere. Not thread-safe.
 *
 * <p>A frame is the source's topics, then change after change: its channel and offset; when it was known, where no column
 * says so; a bit for a retraction and one per column that is null; the values. Only columns that were scanned are among
 * them. {@link ChangeFrameReader} reads it.
 */
public final class ChangeFrames implements ChangeSink {
    private final KeyColumns keys;
    private final ChangeColumns columns;
    private final AskedKeys asked;
    private final Frames to;

    /** @param filter what was scanned */
    public ChangeFrames(Terms terms, ScanFilter filter, AskedKeys asked, Frames to) {
        this.keys = new KeyColumns(terms.plan().spec().entity(), terms.source().schema());
        this.columns = new ChangeColumns(terms.source(), filter);
        this.asked = asked;
        this.to = to;
    }

    @Override
    public void take(ChangeBatch batch) throws IOException {
        for (int record = 0; record < batch.size(); record++) {
            if (batch.isChange(record) && keys.has(batch, record)) {
                deal(batch, record, keys.hash(batch, record));
            }
        }
    }

    private void deal(ChangeBatch batch, int record, long hash) throws IOException {
        if (asked.mayHaveHash(hash)) {
            int part = Parts.ofKey(hash, to.count());
            append(batch, record, to.of(part));
            to.written(part);
        }
    }

    private void append(ChangeBatch batch, int record, ByteWriter frame) {
        if (frame.size() == 0) {
            List<String> topics = batch.channels().topics();
            frame.writeUnsigned(topics.size());
            topics.forEach(frame::writeString);
        }
        frame.writeUnsigned(batch.channel(record));
        frame.writeSigned(batch.offset(record));
        if (columns.knownByRecord()) {
            frame.writeSigned(batch.knownTime(record));
        }
        Flags.write(
                columns.count() + 1, n -> n == 0 ? batch.isRetraction(record) : isNull(batch, record, n - 1), frame);
        for (int n = 0; n < columns.count(); n++) {
            ColumnBuffer column = batch.column(columns.slot(n));
            if (!column.isNull(record)) {
                value(column, record, frame);
            }
        }
    }

    private boolean isNull(ChangeBatch batch, int record, int n) {
        return batch.column(columns.slot(n)).isNull(record);
    }

    private static void value(ColumnBuffer column, int record, ByteWriter frame) {
        switch (column.column().type()) {
            case STRING, JSON -> frame.writeString(column.string(record));
            case FLOAT64 -> frame.writeDouble(Double.longBitsToDouble(column.word(record)));
            case INT64, TIMESTAMP, BOOL -> frame.writeSigned(column.word(record));
        }
    }
}
