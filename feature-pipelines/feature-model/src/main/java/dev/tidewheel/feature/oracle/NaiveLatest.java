package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The row that a stream of changes ends with, by its definition: of the changes at the latest event time, the addition of
 * the greatest id, if more were added than taken away.
 *
 * @param rows which events count, and their signs
 * @param eventTimes by place
 * @param values by place, in a row of one column; null where nothing counts
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one value, compared with nothing.
record NaiveLatest(
        NaiveColumn rows, long[] eventTimes, @Nullable Row[] values) {

    /**
     * @param places the window's events, in the total order
     */
    Status compute(int[] places, Row out, int slot) {
        int[] counted =
                IntStream.of(places).filter(place -> rows.signs[place] != 0).toArray();
        if (counted.length == 0) {
            return Status.NULL;
        }
        long latest = eventTimes[counted[counted.length - 1]];
        int[] then = IntStream.of(counted)
                .filter(place -> eventTimes[place] == latest)
                .toArray();
        if (IntStream.of(then).map(place -> rows.signs[place]).sum() <= 0) {
            return Status.NULL;
        }
        int last =
                IntStream.of(then).filter(place -> rows.signs[place] > 0).max().orElseThrow();
        Row value = values[last];
        if (value == null || value.isNull(0)) {
            return Status.NULL;
        }
        String text = value.getString(0);
        if (text != null) {
            out.setString(slot, text);
        } else {
            out.setLong(slot, value.getLong(0));
        }
        return Status.OK;
    }
}
