package dev.tidewheel.trainer.logistic;

import dev.tidewheel.history.training.TrainingSet;
import java.io.IOException;
import java.util.List;

/**
 * Labelled rows, by column, in the precision in which models are asked: {@code float}, NaN for null.
 *
 * <p>Immutable by agreement: the arrays are shared, nobody writes to them.
 */
public final class Examples {

    private final List<String> inputs;
    private final float[][] columns;
    private final boolean[] labels;

    /**
     * Checks the rows.
     *
     * @param columns one array per input, each with a value per row
     * @throws IllegalArgumentException if lengths differ or a value is infinite
     */
    public Examples(List<String> inputs, float[][] columns, boolean[] labels) {
        this.inputs = List.copyOf(inputs);
        this.columns = columns.clone();
        this.labels = labels.clone();
        if (columns.length != inputs.size()) {
            throw new IllegalArgumentException(columns.length + " columns for " + inputs.size() + " inputs");
        }
        for (int i = 0; i < columns.length; i++) {
            check(this.inputs.get(i), columns[i], labels.length);
        }
    }

    private static void check(String input, float[] column, int rows) {
        if (column.length != rows) {
            throw new IllegalArgumentException("input '" + input + "' has " + column.length + " rows, not " + rows);
        }
        for (int row = 0; row < rows; row++) {
            if (Float.isInfinite(column[row])) {
                throw new IllegalArgumentException("input '" + input + "' is infinite in row " + row
                        + ": it is not a float; leave the column out, or bound it in its view");
            }
        }
    }

    /**
     * Reads rows of a training set; labels are true where they are not 0.
     *
     * @param inputs columns of the service's vector, in the order of the model's tensor
     * @throws IllegalArgumentException if there is no such numeric column, or a value does not fit into a float
     */
    public static Examples read(TrainingSet set, List<String> inputs) throws IOException {
        float[][] columns = new float[inputs.size()][];
        for (int i = 0; i < columns.length; i++) {
            String input = inputs.get(i);
            if (!set.numericColumns().contains(input)) {
                throw new IllegalArgumentException(
                        "the training set has no numeric column '" + input + "'; it has " + set.numericColumns());
            }
            columns[i] = floats(set.numbers(input));
        }
        return new Examples(inputs, columns, truths(set.labels()));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static boolean[] truths(double[] values) {
        boolean[] truths = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            truths[i] = values[i] != 0;
        }
        return truths;
    }

    /** Names of the columns, in their order. */
    public List<String> inputs() {
        return inputs;
    }

    /** Number of rows. */
    public int rows() {
        return labels.length;
    }

    /** A column's values, one per row; do not change. */
    float[] column(int index) {
        return columns[index];
    }

    /** Whether a row's label is true. */
    public boolean label(int row) {
        return labels[row];
    }

    /** All labels, as a copy. */
    public boolean[] labels() {
        return labels.clone();
    }

    /**
     * These rows with a column's values in other rows.
     *
     * @param order of each row, the one that it takes the value from
     */
    public Examples permuted(int index, int[] order) {
        float[][] changed = columns.clone();
        changed[index] = new float[labels.length];
        for (int row = 0; row < labels.length; row++) {
            changed[index][row] = columns[index][order[row]];
        }
        return new Examples(inputs, changed, labels);
    }

    /** Copies a row's values into an array, from a position on. */
    public void copyRow(int row, float[] target, int at) {
        for (int i = 0; i < columns.length; i++) {
            target[at + i] = columns[i][row];
        }
    }
}
