package dev.tidewheel.feature.chain;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
import java.util.List;

/** How a changelog's record is made, from a change and what the view's values were. Immutable and thread-safe. */
public final class ChangelogRecords {
    /** The column that says when a record happened: a millisecond before it was known. */
    public static final String EVENT_TIME = "_event_time";
    /** The column that says when a record was known: when the change became visible. */
    public static final String KNOWN_TIME = "_known_time";
    /** The column that says which change a record tells of, of which key. */
    public static final String EVENT_ID = "_event_id";

    private static final int OWN_COLUMNS = 3;

    private final ViewPlan plan;
    private final RowSchema schema;
    private final int[] entity;

    /**
     * @throws IllegalArgumentException if a feature has the name of an entity's column, or such a column the name of one of
     *     the changelog's own
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
        plan.features().columns().forEach(feature -> columns.add(asColumn(feature)));
        columns.add(new Column(EVENT_TIME, ColumnType.TIMESTAMP));
        columns.add(new Column(KNOWN_TIME, ColumnType.TIMESTAMP));
        columns.add(new Column(EVENT_ID, ColumnType.STRING));
        this.schema = new RowSchema(columns);
    }

    /** A source knows no JSON: it is a text there. */
    private static Column asColumn(Column feature) {
        return feature.type() == ColumnType.JSON ? new Column(feature.name(), ColumnType.STRING) : feature;
    }

    /**
     * The columns of the records, and so of a chained view's source: the entity's, the features, then {@link #EVENT_TIME},
     * {@link #KNOWN_TIME} and {@link #EVENT_ID}.
     */
    public RowSchema schema() {
        return schema;
    }

    /**
     * What the view says of a change.
     *
     * @param change of the view's source, whose key is complete
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
        String key = plan.entityKey(change.row())
                .orElseThrow(() -> new IllegalArgumentException("a change of no key: " + change));
        EventId id = ChangelogIds.of(change, key);
        int own = row.size() - OWN_COLUMNS;
        row.setLong(own, visibleAt - 1).setLong(own + 1, visibleAt).setString(own + 2, id.text());
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
