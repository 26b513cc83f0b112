package dev.tidewheel.feature.chain;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.List;

/** How a changelog's record is made, from a change and what the view's values were. Immutable and thread-safe. */
public final class ChangelogRecords {
    private final ViewPlan plan;
    private final RowSchema schema;
    private final int[] entity;

    /**
     * @throws IllegalArgumentException if a feature has the name of an entity's column
     */
    public ChangelogRecords(ViewPlan plan) {
        this.plan = plan;
        this.entity = plan.spec().entity().stream()
                .mapToInt(name -> plan.source().slot(name))
                .toArray();
        List<Column> columns = new ArrayList<>();
        for (int slot : entity) {
            columns.add(plan.source().column(slot));
        }
        columns.addAll(plan.features().columns());
        this.schema = new RowSchema(columns);
    }

    /** The columns of the records, and so of a chained view's source: the entity's, then the features. */
    public RowSchema schema() {
        return schema;
    }

    /**
     * What the view says of a change.
     *
     * @param change of the view's source
     * @param visibleAt when it became visible; earlier than the change says if a copy was known before
     * @param values all features at that moment
     */
    public Change of(Change change, long visibleAt, FeatureValues values) {
        Row row = new Row(schema.size());
        for (int i = 0; i < entity.length; i++) {
            copy(change.row(), entity[i], row, i);
        }
        for (int slot = 0; slot < plan.features().size(); slot++) {
            copy(values.row(), slot, row, entity.length + slot);
        }
        EventId id = EventId.of((change.retraction() ? "-" : "+") + change.id());
        return new Change(false, id, visibleAt - 1, visibleAt, row);
    }

    private static void copy(Row from, int slot, Row into, int at) {
        String text = from.getString(slot);
        if (text != null) {
            into.setString(at, text);
        } else if (!from.isNull(slot)) {
            into.setLong(at, from.getLong(slot));
        }
    }
}
