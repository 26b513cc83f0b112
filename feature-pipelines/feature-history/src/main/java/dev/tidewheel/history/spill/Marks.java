package dev.tidewheel.history.spill;

import dev.tidewheel.history.source.ColumnBuffer;
import java.util.List;

/** Marks rows, such as by the hash of an id: equal for rows that may repeat one another. Thread-safe. */
@FunctionalInterface
public interface Marks {
    /**
     * @param columns with the row's values
     * @param row which in the columns
     */
    long of(List<ColumnBuffer> columns, int row, int channel, long place);
}
