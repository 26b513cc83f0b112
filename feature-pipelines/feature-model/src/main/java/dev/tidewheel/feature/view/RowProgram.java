package dev.tidewheel.feature.view;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowCodec;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a source row to the inputs of the partial aggregates: derived columns first, then the view's {@code where}, then
 * per input its own {@code where} and its value. What a {@code where} excludes is not evaluated, so it cannot fail.
 * Immutable and thread-safe.
 *
 * @param columns the derived columns, in slot order behind the source's
 * @param where the view's filter
 * @param inputs what is aggregated; each takes a slot, and one more for every value beside it
 * @param sourceSize how many columns the source has
 * @param width how many slots a row of inputs has
 * @param conditions how many different conditions the inputs have
 * @param inputCodec for rows of inputs
 */
record RowProgram(
        List<Named> columns,
        Optional<Named> where,
        List<Input> inputs,
        int sourceSize,
        int width,
        int conditions,
        RowCodec inputCodec) {

    private static final Row NO_VERDICTS = new Row(0);

    /** An expression with the text that a reason names. */
    record Named(String text, Expression expression) {}

    /**
     * What an input's {@code where} says. Inputs of equal text share one, which is evaluated once per row.
     *
     * @param number from 0 on
     */
    record Condition(int number, Named predicate) {}

    /**
     * One thing that is aggregated.
     *
     * @param where rows for which it is not true do not count
     * @param value what counts; empty for the row itself, which is then true
     * @param beside further values, in the slots behind
     * @param nulls whether a row counts even if one of those is null
     */
    record Input(Optional<Condition> where, Optional<Named> value, List<Named> beside, boolean nulls) {
        Input {
            beside = List.copyOf(beside);
        }

        String text() {
            List<String> parts = new ArrayList<>();
            value.ifPresent(named -> parts.add(named.text()));
            beside.forEach(named -> parts.add(named.text()));
            String filter = where.map(
                            condition -> " where " + condition.predicate().text())
                    .orElse("");
            return (parts.isEmpty() ? "rows" : String.join(", ", parts)) + filter;
        }
    }

    static RowProgram of(
            List<Named> columns, Optional<Named> where, List<Input> inputs, RowSchema source, RowSchema in) {
        int conditions = inputs.stream()
                .flatMap(input -> input.where().stream())
                .mapToInt(condition -> condition.number() + 1)
                .max()
                .orElse(0);
        return new RowProgram(columns, where, inputs, source.size(), in.size(), conditions, new RowCodec(in));
    }

    /** Everything that it evaluates. */
    List<Expression> expressions() {
        List<Named> all = new ArrayList<>(columns);
        where.ifPresent(all::add);
        for (Input input : inputs) {
            input.where().map(Condition::predicate).ifPresent(all::add);
            input.value().ifPresent(all::add);
            all.addAll(input.beside());
        }
        return all.stream().map(Named::expression).toList();
    }

    /** What an input is, as the definition writes it, by its first slot. */
    String inputText(int firstSlot) {
        int slot = 0;
        for (Input input : inputs) {
            if (slot == firstSlot) {
                return input.text();
            }
            slot += 1 + input.beside().size();
        }
        throw new IllegalArgumentException("no input begins at slot " + firstSlot);
    }

    /** About how many bytes a raw change takes with its inputs. */
    int typicalRawBytes() {
        int bytes = 1 + 5 + 3 + 2 + (width + 7) / 8; // sign, id, event time, visibility, which inputs there are
        for (Column column : inputCodec.schema().columns()) {
            bytes += typicalBytes(column.type());
        }
        return bytes;
    }

    /** About how many bytes a value of a type takes. */
    static int typicalBytes(ColumnType type) {
        return switch (type) {
            case FLOAT64 -> 8;
            case STRING, JSON -> 9;
            case BOOL -> 1;
            case INT64 -> 2;
            case TIMESTAMP -> 6;
        };
    }

    Evaluation evaluate(Row source) {
        Row row = columns.isEmpty() ? source : source.widen(sourceSize + columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Status status = columns.get(i).expression().evaluate(row, row, sourceSize + i);
            if (failed(status)) {
                return failure(columns.get(i), status, source);
            }
        }
        if (where.isPresent()) {
            Row scratch = new Row(1);
            Status status = where.get().expression().evaluate(row, scratch, 0);
            if (failed(status)) {
                return failure(where.get(), status, source);
            }
            if (!isTrue(scratch)) {
                return Evaluation.Filtered.INSTANCE;
            }
        }
        return evaluateInputs(row);
    }

    private Evaluation evaluateInputs(Row row) {
        Row values = new Row(width);
        Row verdicts = conditions == 0 ? NO_VERDICTS : new Row(conditions);
        int slot = 0;
        for (Input input : inputs) {
            Evaluation failure = evaluateInput(input, row, verdicts, values, slot);
            if (failure != null) {
                return failure;
            }
            slot += 1 + input.beside().size();
        }
        return new Evaluation.Counts(values);
    }

    private static @Nullable Evaluation evaluateInput(Input input, Row row, Row verdicts, Row values, int first) {
        if (input.where().isPresent()) {
            Condition condition = input.where().get();
            Evaluation failure = judge(condition, row, verdicts);
            if (failure != null || !verdicts.getBoolean(condition.number())) {
                return failure;
            }
        }
        if (input.value().isEmpty()) {
            values.setBoolean(first, true);
        } else {
            Status status = input.value().get().expression().evaluate(row, values, first);
            if (failed(status)) {
                return failure(input.value().get(), status, row);
            }
        }
        int slot = first;
        for (Named beside : input.beside()) {
            Status status = beside.expression().evaluate(row, values, ++slot);
            if (failed(status)) {
                return failure(beside, status, row);
            }
            if (status == Status.NULL && !input.nulls()) {
                values.setNull(first);
            }
        }
        return null;
    }

    /** Evaluates a condition, unless that was done for the row before: its verdict is not null then. */
    private static @Nullable Evaluation judge(Condition condition, Row row, Row verdicts) {
        int slot = condition.number();
        if (verdicts.isNull(slot)) {
            Named predicate = condition.predicate();
            Status status = predicate.expression().evaluate(row, verdicts, slot);
            if (failed(status)) {
                return failure(predicate, status, row);
            }
            verdicts.setBoolean(slot, status == Status.OK && verdicts.getBoolean(slot));
        }
        return null;
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
