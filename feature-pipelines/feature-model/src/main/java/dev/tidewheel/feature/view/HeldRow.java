package dev.tidewheel.feature.view;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;

/**
 * A change that is kept as it is, for windows that must tell rows apart. The order is total: by event time and id, then
 * by what only matters where a caller breaks the rule that ids are unique.
 *
 * @param retraction whether it takes its values away
 * @param id the change's
 * @param eventTime the change's
 * @param values those of one input, from slot 0 on; never changed
 */
record HeldRow(boolean retraction, EventId id, long eventTime, Row values) implements Comparable<HeldRow> {

    void applyTo(Accumulator<?> accumulator) {
        if (retraction) {
            accumulator.retract(values, 0, eventTime, id);
        } else {
            accumulator.add(values, 0, eventTime, id);
        }
    }

    @Override
    public int compareTo(HeldRow that) {
        int order = Long.compare(eventTime, that.eventTime);
        order = order != 0 ? order : id.compareTo(that.id);
        order = order != 0 ? order : Boolean.compare(retraction, that.retraction);
        for (int slot = 0; order == 0 && slot < values.size(); slot++) {
            order = compare(slot, that.values);
        }
        return order;
    }

    private int compare(int slot, Row others) {
        int order = Boolean.compare(values.isNull(slot), others.isNull(slot));
        order = order != 0 ? order : Long.compare(values.words()[slot], others.words()[slot]);
        String text = values.getString(slot);
        String other = others.getString(slot);
        return order != 0 || text == null || other == null ? order : text.compareTo(other);
    }
}
