package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.BoundAggregate;
import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.row.Row;

/**
 * What a read found for one cell.
 *
 * @param total of all tiles and raw changes
 * @param at what it is finished for
 */
record Merged(Accumulator<?> total, ReadPoint at) {

    /** Finishes one feature. */
    Status finish(BoundAggregate<?> aggregate, Row out, int slot) {
        if (!(total instanceof RowsPartial.Rows rows)) {
            return aggregate.finish(total, at, out, slot);
        }
        if (rows.isTruncated()) {
            return Status.TRUNCATED;
        }
        return aggregate.finish(rows.fold(at.from(), aggregate.partial()), at, out, slot);
    }
}
