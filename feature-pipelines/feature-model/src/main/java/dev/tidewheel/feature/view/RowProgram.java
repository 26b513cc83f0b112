package dev.tidewheel.feature.view;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowCodec;
import dev.tidewheel.feature.row.RowSchema;
import java.util.List;
import java.util.Optional;

/**
 * From a source row to the inputs of the partial aggregates: derived columns first, then the view's {@code where}, then
 * per input its own {@code where} and its value. What a {@code where} excludes is not evaluated, so it cannot fail.
 * Immutable and thread-safe.
 *
 * @param columns the derived columns, in slot order behind the source's
 * @param where the view's filter
 * @param inputs what is aggregated
 * @param sourceSize how many columns the source has
 * @param inputCodec for rows of inputs
 */
record RowProgram(List<Named> columns, Optional<Named> where, List<Input> inputs, int sourceSize, RowCodec inputCodec) {

    /** An expression with the text that a reason names. */
    record Named(String text, Expression expression) {}

    /**
     * One thing that is aggregated.
     *
     * @param where rows for which it is not true do not count
     * @param value what counts; empty for the row itself, which is then true
     */
    record Input(Optional<Named> where, Optional<Named> value) {}

    static RowProgram of(
            List<Named> columns, Optional<Named> where, List<Input> inputs, RowSchema source, RowSchema in) {
        return new RowProgram(columns, where, inputs, source.size(), new RowCodec(in));
    }

    Evaluation evaluate(Row source) {
        Row row = columns.isEmpty() ? source : source.widen(sourceSize + columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Status status = columns.get(i).expression().evaluate(row, row, sourceSize + i);
            if (failed(status)) {
                return failure(columns.get(i), status, source);
            }
        }
        Row scratch = new Row(1);
        if (where.isPresent()) {
            Status status = where.get().expression().evaluate(row, scratch, 0);
            if (failed(status)) {
                return failure(where.get(), status, source);
            }
            if (!isTrue(scratch)) {
                return Evaluation.Filtered.INSTANCE;
            }
        }
        return evaluateInputs(row, scratch);
    }

    private Evaluation evaluateInputs(Row row, Row scratch) {
        Row values = new Row(inputs.size());
        for (int slot = 0; slot < inputs.size(); slot++) {
            Input input = inputs.get(slot);
            if (input.where().isPresent()) {
                Named predicate = input.where().get();
                Status status = predicate.expression().evaluate(row, scratch, 0);
                if (failed(status)) {
                    return failure(predicate, status, row);
                }
                if (!isTrue(scratch)) {
                    continue;
                }
            }
            if (input.value().isEmpty()) {
                values.setBoolean(slot, true);
                continue;
            }
            Status status = input.value().get().expression().evaluate(row, values, slot);
            if (failed(status)) {
                return failure(input.value().get(), status, row);
            }
        }
        return new Evaluation.Counts(values);
    }

    private static boolean isTrue(Row scratch) {
        return !scratch.isNull(0) && scratch.getBoolean(0);
    }

    private static boolean failed(Status status) {
        return status != Status.OK && status != Status.NULL;
    }

    private static Evaluation failure(Named expression, Status status, Row row) {
        return new Evaluation.Failed("expression '" + expression.text() + "' gave " + status + " on " + row);
    }
}
