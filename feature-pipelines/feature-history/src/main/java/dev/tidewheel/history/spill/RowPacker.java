package dev.tidewheel.history.spill;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.util.Arrays;

/**
 * Packs rows, one behind the other, for {@link RowUnpacker}.
 *
 * <p>A row is a byte of flags; its key, as a number or a text; the moment less that of the row before, the channel, the place
 * less that before; where a column is null, a bit per column; and the values: an integer less that of the row before, a time
 * less the row's moment.
 */
final class RowPacker {
    static final int TEXT_KEY = 1;
    static final int SOME_NULL = 2;

    private final ColumnType[] types;
    private final long[] last; // by column
    private final ByteWriter bytes;
    private int rows;
    private long firstMoment;
    private long moment;
    private long place;

    RowPacker(RowSchema payload, int expectedBytes) {
        this.types = payload.columns().stream().map(Column::type).toArray(ColumnType[]::new);
        this.last = new long[types.length];
        this.bytes = new ByteWriter(expectedBytes + expectedBytes / 8);
    }

    ByteWriter bytes() {
        return bytes;
    }

    int rows() {
        return rows;
    }

    long firstMoment() {
        return firstMoment;
    }

    void add(WaitingRows waiting, int row) {
        if (rows++ == 0) {
            firstMoment = waiting.moment(row);
        }
        String text = waiting.text(row);
        boolean someNull = someNull(waiting, row);
        bytes.writeByte((text == null ? 0 : TEXT_KEY) | (someNull ? SOME_NULL : 0));
        if (text == null) {
            bytes.writeSigned(waiting.number(row));
        } else {
            bytes.writeString(text);
        }
        bytes.writeSigned(waiting.moment(row) - moment);
        bytes.writeUnsigned(waiting.channel(row));
        bytes.writeSigned(waiting.place(row) - place);
        moment = waiting.moment(row);
        place = waiting.place(row);
        if (someNull) {
            Flags.write(types.length, slot -> waiting.column(slot).isNull(row), bytes);
        }
        for (int slot = 0; slot < types.length; slot++) {
            ColumnBuffer column = waiting.column(slot);
            if (!someNull || !column.isNull(row)) {
                value(column, row, slot);
            }
        }
    }

    private boolean someNull(WaitingRows waiting, int row) {
        for (int slot = 0; slot < types.length; slot++) {
            if (waiting.column(slot).isNull(row)) {
                return true;
            }
        }
        return false;
    }

    private void value(ColumnBuffer column, int row, int slot) {
        switch (types[slot]) {
            case STRING, JSON -> bytes.writeString(column.string(row));
            case FLOAT64 -> bytes.writeDouble(Double.longBitsToDouble(column.word(row)));
            case TIMESTAMP -> bytes.writeSigned(column.word(row) - moment);
            case INT64, BOOL -> {
                long word = column.word(row);
                bytes.writeSigned(word - last[slot]);
                last[slot] = word;
            }
        }
    }

    /** Begins anew; what was packed before is needed no more. */
    void clear() {
        bytes.clear();
        Arrays.fill(last, 0);
        rows = 0;
        moment = 0;
        place = 0;
    }
}
