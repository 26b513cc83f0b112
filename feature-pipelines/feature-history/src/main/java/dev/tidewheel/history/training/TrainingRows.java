package dev.tidewheel.history.training;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.questions.Question;
import dev.tidewheel.history.questions.Questions;
import dev.tidewheel.history.questions.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rows of a training set: the question's columns, the vector's, the label. */
final class TrainingRows {
    private final List<ColumnOf> columns;
    private final RowSchema schema;

    /**
     * @throws IllegalArgumentException if two columns have the same name
     */
    TrainingRows(Questions questions, ServicePlan service) {
        List<ColumnOf> all = new ArrayList<>(questions.head());
        for (Column column : service.columns().columns()) {
            all.add(new ColumnOf(column.name(), column.type(), Role.VECTOR));
        }
        questions.label().ifPresent(all::add);
        requireDistinct(all);
        this.columns = List.copyOf(all);
        this.schema = new RowSchema(all.stream().map(ColumnOf::column).toList());
    }

    private static void requireDistinct(List<ColumnOf> columns) {
        Set<String> names = new HashSet<>();
        for (ColumnOf column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("two columns of the training set would be '" + column.name()
                        + "': rename that of the questions, or leave it out");
            }
        }
    }

    List<ColumnOf> columns() {
        return columns;
    }

    RowSchema schema() {
        return schema;
    }

    /** The names of the entities, in the order in which a question has them. */
    List<String> entities() {
        return columns.stream()
                .filter(column -> column.role() == Role.ENTITY)
                .map(ColumnOf::name)
                .toList();
    }

    Row row(Question question, FeatureValues vector) {
        Row row = new Row(schema.size());
        int next = append(question.head(), row, 0);
        next = append(vector.row(), row, next);
        append(question.label(), row, next);
        return row;
    }

    private static int append(Row from, Row to, int first) {
        for (int column = 0; column < from.size(); column++) {
            String text = from.getString(column);
            if (!from.isNull(column)) {
                if (text != null) {
                    to.setString(first + column, text);
                } else {
                    to.setLong(first + column, from.getLong(column));
                }
            }
        }
        return first + from.size();
    }
}
