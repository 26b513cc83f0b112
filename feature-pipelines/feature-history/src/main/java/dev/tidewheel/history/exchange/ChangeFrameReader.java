package dev.tidewheel.history.exchange;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.spill.Flags;
import dev.tidewheel.history.values.ViewPart.Terms;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link ChangeFrames} wrote. Not thread-safe. */
public final class ChangeFrameReader {
    private final ChangeColumns columns;
    private final ChangeBatch batch;

    /** @param filter what was scanned */
    public ChangeFrameReader(Terms terms, ScanFilter filter) {
        this.columns = new ChangeColumns(terms.source(), filter);
        this.batch = new ChangeBatch(terms.source());
    }

    /** The changes of a frame; used again by the next call. */
    public ChangeBatch read(byte[] frame) {
        batch.clear();
        ByteReader bytes = new ByteReader(frame);
        batch.from(channels(bytes));
        boolean[] flags = new boolean[columns.count() + 1];
        while (bytes.position() < frame.length) {
            int channel = (int) bytes.readUnsigned();
            long offset = bytes.readSigned();
            long timestamp = columns.knownByRecord() ? bytes.readSigned() : Long.MIN_VALUE;
            Flags.read(flags, bytes);
            for (int n = 0; n < columns.count(); n++) {
                append(batch.column(columns.slot(n)), flags[n + 1], bytes);
            }
            if (flags[0]) {
                batch.taken(channel, offset, timestamp, true);
            } else {
                batch.record(channel, offset, timestamp);
            }
        }
        return batch;
    }

    private static Channels channels(ByteReader bytes) {
        int count = bytes.readLength();
        List<String> topics = new ArrayList<>(count);
        for (int topic = 0; topic < count; topic++) {
            topics.add(bytes.readString());
        }
        return new Channels(topics);
    }

    private static void append(ColumnBuffer column, boolean isNull, ByteReader bytes) {
        if (isNull) {
            column.appendNull();
            return;
        }
        switch (column.column().type()) {
            case STRING, JSON -> column.appendString(bytes.readString());
            case FLOAT64 -> column.appendDouble(bytes.readDouble());
            case INT64, TIMESTAMP, BOOL -> column.appendWord(bytes.readSigned());
        }
    }
}
