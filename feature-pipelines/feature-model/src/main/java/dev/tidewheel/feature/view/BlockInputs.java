package dev.tidewheel.feature.view;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a view's inputs from the columns of a block, reading no column that no expression names. Where every input is a
 * column as it stands, nothing is evaluated: the values are copied into one row that is used again and again. Not
 * thread-safe; what it gives is valid until it is asked again.
 */
final class BlockInputs {
    private final Recipe recipe;
    private final Row row;
    private final Evaluation.Counts copied;

    /**
     * What to read; immutable and thread-safe.
     *
     * @param program of the view
     * @param source its columns
     * @param needed the slots of columns that an expression names
     * @param copies one per input if nothing needs evaluating, else none
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Recipe(
            RowProgram program,
            RowSchema source,
            int[] needed,
            @Nullable List<Copy> copies) {

        static Recipe of(ViewPlan plan) {
            return new Recipe(plan.program(), plan.source(), needed(plan), copies(plan));
        }

        private static int[] needed(ViewPlan plan) {
            return plan.program().expressions().stream()
                    .flatMap(expression -> expression.columns().stream())
                    .filter(slot -> slot < plan.source().size())
                    .mapToInt(Integer::intValue)
                    .distinct()
                    .toArray();
        }

        private static @Nullable List<Copy> copies(ViewPlan plan) {
            RowProgram program = plan.program();
            if (!program.columns().isEmpty() || program.where().isPresent()) {
                return null;
            }
            List<Copy> copies = new ArrayList<>();
            int first = 0;
            for (RowProgram.Input input : program.inputs()) {
                int of =
                        input.value().map(value -> column(value, plan.source())).orElse(Copy.ALWAYS);
                int[] beside = input.beside().stream()
                        .mapToInt(value -> column(value, plan.source()))
                        .toArray();
                if (input.where().isPresent()
                        || of == Copy.NO_COLUMN
                        || IntStream.of(beside).anyMatch(slot -> slot == Copy.NO_COLUMN)) {
                    return null;
                }
                copies.add(new Copy(first, of, beside, input.nulls()));
                first += 1 + beside.length;
            }
            return copies;
        }

        private static int column(RowProgram.Named value, RowSchema source) {
            int slot = source.slot(value.text());
            return value.expression().columns().equals(List.of(slot)) ? slot : Copy.NO_COLUMN;
        }
    }

    /**
     * An input that needs no evaluating.
     *
     * @param first where it goes
     * @param of from which column, or {@link #ALWAYS} for the row itself, which is true
     * @param beside from which columns what stands behind it comes
     * @param nulls whether a row counts even if one of those is null
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Copy(int first, int of, int[] beside, boolean nulls) {
        static final int ALWAYS = -1;
        static final int NO_COLUMN = -2;
    }

    BlockInputs(Recipe recipe) {
        this.recipe = recipe;
        this.row = new Row(
                recipe.copies == null
                        ? recipe.source.size()
                        : recipe.program.inputCodec().schema().size());
        this.copied = new Evaluation.Counts(row);
    }

    Evaluation evaluate(KeyBlock changes, int number) {
        List<Copy> copies = recipe.copies;
        if (copies == null) {
            for (int slot : recipe.needed) {
                copy(changes, number, slot, slot);
            }
            return recipe.program.evaluate(row);
        }
        for (int i = 0; i < copies.size(); i++) {
            copy(changes, number, copies.get(i));
        }
        return copied;
    }

    private void copy(KeyBlock changes, int number, Copy input) {
        if (input.of == Copy.ALWAYS) {
            row.setBoolean(input.first, true);
        } else {
            copy(changes, number, input.of, input.first);
        }
        for (int i = 0; i < input.beside.length; i++) {
            int slot = input.first + 1 + i;
            copy(changes, number, input.beside[i], slot);
            if (row.isNull(slot) && !input.nulls) {
                row.setNull(input.first);
            }
        }
    }

    private void copy(KeyBlock changes, int number, int from, int to) {
        ColumnType type = recipe.source.column(from).type();
        if (changes.isNull(number, from)) {
            row.setNull(to);
        } else if (type.isText()) {
            row.setString(to, changes.string(number, from));
        } else if (type == ColumnType.FLOAT64) {
            row.setDouble(to, Double.longBitsToDouble(changes.word(number, from)));
        } else {
            row.setLong(to, changes.word(number, from));
        }
    }
}
