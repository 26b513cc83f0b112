package dev.tidewheel.history.training;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.training.TrainingSetManifest.ColumnOf;
import dev.tidewheel.history.training.TrainingSetManifest.Role;
import java.util.ArrayList;
import java.util.List;

/** The rows of a training set's file: question, time, entities, the vector's columns, label. */
final class TrainingRows {
    private final ChangeHistory asked;
    private final List<ColumnOf> columns = new ArrayList<>();
    private final RowSchema schema;

    /**
     * @throws IllegalArgumentException if two columns have the same name
     */
    TrainingRows(ChangeHistory asked, TrainingSetSpec spec) {
        this.asked = asked;
        columns.add(new ColumnOf("question", questionType(asked), Role.QUESTION));
        columns.add(new ColumnOf("t", ColumnType.TIMESTAMP, Role.TIME));
        for (String entity : spec.model().entities()) {
            columns.add(new ColumnOf(entity, ColumnType.STRING, Role.ENTITY));
        }
        for (Column column : spec.service().columns().columns()) {
            columns.add(new ColumnOf(column.name(), column.type(), Role.VECTOR));
        }
        columns.add(new ColumnOf(spec.model().model().label().name(), ColumnType.BOOL, Role.LABEL));
        this.schema = new RowSchema(columns.stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList());
    }

    List<ColumnOf> columns() {
        return List.copyOf(columns);
    }

    RowSchema schema() {
        return schema;
    }

    Row row(Asked question, FeatureValues vector) {
        Row row = new Row(schema.size());
        EventId id = question.event();
        if (schema.column(0).type() == ColumnType.INT64) {
            row.setLong(0, id.low());
        } else {
            row.setString(0, text(id));
        }
        row.setLong(1, question.t());
        int slot = 2;
        for (String entity : question.entities()) {
            row.setString(slot++, entity);
        }
        for (int column = 0; column < vector.row().size(); column++) {
            copy(vector.row(), column, row, slot++);
        }
        return row.setBoolean(slot, question.label());
    }

    private static ColumnType questionType(ChangeHistory asked) {
        return asked.columns()
                .eventId()
                .map(name -> asked.columns().schema().slot(name))
                .map(slot -> asked.columns().schema().column(slot).type())
                .orElse(ColumnType.STRING);
    }

    private String text(EventId id) {
        if (asked.columns().eventId().isEmpty()) {
            return position(id);
        }
        return asked.columns().isUnion() ? ofMember(id) : id.text();
    }

    /** One text per id: a member's declared one has a slash behind its name, and a position's topic has none. */
    static String ofMember(EventId id) {
        int slash = id.text().indexOf('/');
        if (slash < 0) {
            return position(id);
        }
        boolean isInteger = slash == id.text().length() - 1;
        return isInteger ? id.text() + id.low() : id.text();
    }

    private static String position(EventId id) {
        return id.text() + "/" + id.high() + "/" + id.low();
    }

    private static void copy(Row from, int column, Row to, int slot) {
        String text = from.getString(column);
        if (from.isNull(column)) {
            to.setNull(slot);
        } else if (text != null) {
            to.setString(slot, text);
        } else {
            to.setLong(slot, from.getLong(column));
        }
    }
}
