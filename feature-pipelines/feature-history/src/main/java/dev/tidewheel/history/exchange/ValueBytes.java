package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.spill.Flags;
import java.util.Objects;

/** The values of a view as bytes: the statuses, a bit per value that is null, the values. Not thread-safe. */
final class ValueBytes {
    private final RowSchema features;
    private final boolean[] nulls;

    ValueBytes(RowSchema features) {
        this.features = features;
        this.nulls = new boolean[features.size()];
    }

    void write(FeatureValues values, ByteWriter to) {
        Row row = values.row();
        to.writeRange(values.statuses(), 0, values.statuses().length);
        Flags.write(features.size(), row::isNull, to);
        for (int slot = 0; slot < features.size(); slot++) {
            if (!row.isNull(slot)) {
                value(row, slot, to);
            }
        }
    }

    private void value(Row row, int slot, ByteWriter to) {
        switch (features.column(slot).type()) {
            case STRING, JSON -> to.writeString(Objects.requireNonNull(row.getString(slot)));
            case FLOAT64 -> to.writeDouble(row.getDouble(slot));
            case INT64, TIMESTAMP, BOOL -> to.writeSigned(row.getLong(slot));
        }
    }

    FeatureValues read(ByteReader from) {
        byte[] statuses = new byte[features.size()];
        for (int slot = 0; slot < statuses.length; slot++) {
            statuses[slot] = (byte) from.readByte();
        }
        Flags.read(nulls, from);
        Row row = new Row(features.size());
        for (int slot = 0; slot < features.size(); slot++) {
            if (!nulls[slot]) {
                value(from, features.column(slot).type(), row, slot);
            }
        }
        return new FeatureValues(row, statuses);
    }

    private static void value(ByteReader from, ColumnType type, Row row, int slot) {
        switch (type) {
            case STRING, JSON -> row.setString(slot, from.readString());
            case FLOAT64 -> row.setDouble(slot, from.readDouble());
            case INT64, TIMESTAMP, BOOL -> row.setLong(slot, from.readSigned());
        }
    }
}
