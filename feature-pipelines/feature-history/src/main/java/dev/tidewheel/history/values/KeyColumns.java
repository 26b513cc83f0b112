package dev.tidewheel.history.values;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.spill.KeyHash;
import java.util.ArrayList;
import java.util.List;

/** The columns of a source that make a view's keys. Immutable and thread-safe. */
public final class KeyColumns {
    private final int[] entity;
    private final boolean isNumber;

    /**
     * @param entity the names of the view's entity columns
     * @param source the columns of its source
     */
    public KeyColumns(List<String> entity, RowSchema source) {
        this.entity = entity.stream().mapToInt(source::slot).toArray();
        this.isNumber =
                entity.size() == 1 && isNumber(source.column(this.entity[0]).type());
    }

    private static boolean isNumber(ColumnType type) {
        return type == ColumnType.INT64 || type == ColumnType.TIMESTAMP;
    }

    /** Whether a key is the text of one integer: then {@link #number} gives it. */
    public boolean isNumber() {
        return isNumber;
    }

    /** Whether a record has a key: none of its columns is null. */
    public boolean has(ChangeBatch batch, int record) {
        for (int slot : entity) {
            if (batch.column(slot).isNull(record)) {
                return false;
            }
        }
        return true;
    }

    /** The key of a record that has one, as an integer. */
    public long number(ChangeBatch batch, int record) {
        return batch.column(entity[0]).word(record);
    }

    /** The key of a record that has one, as a text. */
    public String text(ChangeBatch batch, int record) {
        if (entity.length == 1 && batch.column(entity[0]).isString()) {
            return EntityKeys.escape(batch.column(entity[0]).string(record));
        }
        List<String> values = new ArrayList<>(entity.length);
        for (int slot : entity) {
            values.add(batch.column(slot).text(record));
        }
        return EntityKeys.join(values);
    }

    /** The hash of the key of a record that has one: that of its text. */
    public long hash(ChangeBatch batch, int record) {
        return isNumber ? KeyHash.of(number(batch, record)) : KeyHash.of(text(batch, record));
    }
}
