package dev.tidewheel.jobs.changelog;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowCodec;
import dev.tidewheel.feature.row.RowSchema;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows as they were saved, for a source whose columns may have changed since: columns are found by name, a new one is null.
 * Not thread-safe.
 */
final class SavedColumns {
    private final RowSchema saved;
    private final RowSchema wanted;

    private SavedColumns(RowSchema saved, RowSchema wanted) {
        this.saved = saved;
        this.wanted = wanted;
    }

    /** The columns as text: {@code name:TYPE,…}. */
    static String text(RowSchema columns) {
        return columns.columns().stream()
                .map(column -> column.name() + ":" + column.type())
                .collect(Collectors.joining(","));
    }

    /**
     * @param text see {@link #text}
     * @throws IllegalStateException if a column has another type now
     */
    static SavedColumns of(String text, RowSchema wanted) {
        List<Column> columns = Arrays.stream(text.split(","))
                .map(each -> each.split(":", 2))
                .map(each -> new Column(each[0], ColumnType.valueOf(each[1])))
                .toList();
        for (Column column : columns) {
            int slot = wanted.slot(column.name());
            if (slot >= 0 && wanted.column(slot).type() != column.type()) {
                throw new IllegalStateException("column '" + column.name() + "' was " + column.type()
                        + " in the savepoint and is " + wanted.column(slot).type()
                        + "; give the changed source another name, so that it reads its topic from the beginning");
            }
        }
        return new SavedColumns(new RowSchema(columns), wanted);
    }

    /** A saved row's bytes as they are written now. */
    byte[] convert(byte[] row) {
        if (saved.equals(wanted)) {
            return row;
        }
        Row from = new RowCodec(saved).read(new ByteReader(row));
        Row to = new Row(wanted.size());
        for (int slot = 0; slot < saved.size(); slot++) {
            int at = wanted.slot(saved.column(slot).name());
            String text = from.getString(slot);
            if (at >= 0 && text != null) {
                to.setString(at, text);
            } else if (at >= 0 && !from.isNull(slot)) {
                to.setLong(at, from.getLong(slot));
            }
        }
        ByteWriter out = new ByteWriter();
        new RowCodec(wanted).write(to, out);
        return out.toByteArray();
    }
}
