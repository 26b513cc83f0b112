package dev.tidewheel.history.spill;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.util.Arrays;

/** Puts what {@link RowPacker} packed into a buffer. Not thread-safe. */
final class RowUnpacker {
    private final ColumnType[] types;
    private final long[] last;
    private final boolean[] nulls;

    RowUnpacker(RowSchema payload) {
        this.types = payload.columns().stream().map(Column::type).toArray(ColumnType[]::new);
        this.last = new long[types.length];
        this.nulls = new boolean[types.length];
    }

    void unpack(byte[] bytes, RowBuffer into) {
        ByteReader from = new ByteReader(bytes);
        KeyTable keys = into.keys();
        long moment = 0;
        long place = 0;
        Arrays.fill(last, 0);
        while (from.position() < bytes.length) {
            int flags = from.readByte();
            int key = (flags & RowPacker.TEXT_KEY) == 0 ? keys.of(from.readSigned()) : keys.of(from.readString());
            moment += from.readSigned();
            int channel = (int) from.readUnsigned();
            place += from.readSigned();
            if ((flags & RowPacker.SOME_NULL) == 0) {
                for (int slot = 0; slot < types.length; slot++) {
                    value(from, into.column(slot), slot, moment);
                }
            } else {
                someValues(from, into, moment);
            }
            into.add(key, moment, channel, place);
        }
    }

    private void someValues(ByteReader from, RowBuffer into, long moment) {
        Flags.read(nulls, from);
        for (int slot = 0; slot < types.length; slot++) {
            if (nulls[slot]) {
                into.column(slot).appendNull();
            } else {
                value(from, into.column(slot), slot, moment);
            }
        }
    }

    private void value(ByteReader from, ColumnBuffer into, int slot, long moment) {
        switch (types[slot]) {
            case STRING, JSON -> into.appendString(from.readString());
            case FLOAT64 -> into.appendDouble(from.readDouble());
            case TIMESTAMP -> into.appendWord(moment + from.readSigned());
            case INT64, BOOL -> {
                last[slot] += from.readSigned();
                into.appendWord(last[slot]);
            }
        }
    }
}
