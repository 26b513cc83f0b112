package dev.tidewheel.history.spill;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;

/**
 * Writes a sorted run into a file.
 *
 * <p>A run is frames, each a length of 4 bytes and so many bytes. In them stands key after key: its hash (8 bytes), its
 * text, and how many rows it has; their marks, if there are any, ascending, 8 bytes each; its rows, in this frame and those
 * behind. A row is the moment less that of the row before, the channel, the place less that before; a bit per column that is
 * null; and the values: integers as they are, times less the row's moment.
 */
final class RunWriter {
    private static final int FRAME_BYTES = 16 * 1024;

    private final SpillFile file;
    private final RowSchema payload;
    private final ByteWriter frame = new ByteWriter(2 * FRAME_BYTES);
    private final ByteWriter length = new ByteWriter(Integer.BYTES);

    RunWriter(SpillFile file, RowSchema payload) {
        this.file = file;
        this.payload = payload;
    }

    FileRun write(MemoryRun run, boolean marked) throws IOException {
        long begin = file.size();
        keys(run.open());
        flush();
        return new FileRun(file, payload, marked, begin, file.size());
    }

    private void keys(MemoryRun.OfMemory cursor) throws IOException {
        while (cursor.nextKey()) {
            writeLong(cursor.hash());
            frame.writeString(cursor.key());
            frame.writeUnsigned(cursor.rows());
            while (cursor.nextMark()) {
                flushFull();
                writeLong(cursor.mark());
            }
            long moment = 0;
            long place = 0;
            while (cursor.nextRow()) {
                flushFull();
                frame.writeSigned(cursor.moment() - moment);
                frame.writeUnsigned(cursor.channel());
                frame.writeSigned(cursor.place() - place);
                values(cursor);
                moment = cursor.moment();
                place = cursor.place();
            }
            flushFull();
        }
    }

    private void values(Cursor row) {
        Flags.write(payload.size(), row::isNull, frame);
        for (int slot = 0; slot < payload.size(); slot++) {
            if (!row.isNull(slot)) {
                value(row, slot);
            }
        }
    }

    private void value(Cursor row, int slot) {
        switch (payload.column(slot).type()) {
            case STRING, JSON -> frame.writeString(row.string(slot));
            case FLOAT64 -> frame.writeDouble(Double.longBitsToDouble(row.word(slot)));
            case TIMESTAMP -> frame.writeSigned(row.word(slot) - row.moment());
            case INT64, BOOL -> frame.writeSigned(row.word(slot));
        }
    }

    private void writeLong(long value) {
        frame.writeFixedInt((int) (value >>> Integer.SIZE));
        frame.writeFixedInt((int) value);
    }

    private void flushFull() throws IOException {
        if (frame.size() >= FRAME_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (frame.size() > 0) {
            length.clear();
            length.writeFixedInt(frame.size());
            file.append(length.array(), length.size());
            file.append(frame.array(), frame.size());
            frame.clear();
        }
    }
}
