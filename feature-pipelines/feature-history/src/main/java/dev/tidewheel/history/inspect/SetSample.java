package dev.tidewheel.history.inspect;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ColumnSink;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.questions.Role;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.spill.KeyHash;
import dev.tidewheel.history.training.TrainingSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/** Rows of a training set, chosen by the hash of their question: the same ones whenever they are chosen. Immutable. */
final class SetSample {
    private static final Set<Role> ASKED = Set.of(Role.TIME, Role.ENTITY, Role.LABEL);

    private final TrainingSet set;
    private final BitSet chosen;

    private SetSample(TrainingSet set, BitSet chosen) {
        this.set = set;
        this.chosen = chosen;
    }

    /** @param most rows, but for questions of one hash */
    static SetSample of(TrainingSet set, int most) throws IOException {
        BitSet chosen = new BitSet(set.rows());
        if (set.rows() <= most) {
            chosen.set(0, set.rows());
        } else {
            Hashes hashes = new Hashes(set.rows());
            set.read("question", hashes);
            long[] sorted = hashes.values.clone();
            Arrays.sort(sorted);
            for (int row = 0; row < set.rows(); row++) {
                chosen.set(row, hashes.values[row] <= sorted[most - 1]);
            }
        }
        return new SetSample(set, chosen);
    }

    int size() {
        return chosen.cardinality();
    }

    /** The chosen ones of one value per row. */
    double[] of(double[] values) {
        return chosen.stream().mapToDouble(row -> values[row]).toArray();
    }

    /** The same of times. */
    long[] of(long[] times) {
        return chosen.stream().mapToLong(row -> times[row]).toArray();
    }

    /** The chosen rows as questions: with their times, entities, labels, and what came with the request. */
    RowTable questions(Set<String> request) throws IOException {
        RowSchema schema = new RowSchema(set.manifest().columns().stream()
                .filter(column -> ASKED.contains(column.role()) || request.contains(column.name()))
                .map(ColumnOf::column)
                .toList());
        RowTable.Builder rows = new RowTable.Builder(
                schema, new Origin.File("a sample of the set", set.manifest().digest()));
        for (int slot = 0; slot < schema.size(); slot++) {
            Column column = schema.column(slot);
            set.read(column.name(), new Chosen(chosen, rows.column(slot)));
        }
        return rows.build();
    }

    /** The hash of every question; of one without an id, that of its row. */
    private static final class Hashes implements ColumnSink {
        private final long[] values;
        private int next;

        Hashes(int rows) {
            values = new long[rows];
        }

        @Override
        public void appendNull() {
            values[next] = KeyHash.of(next);
            next++;
        }

        @Override
        public void appendWord(long word) {
            values[next++] = KeyHash.of(word);
        }

        @Override
        public void appendDouble(double value) {
            appendWord(Double.doubleToLongBits(value));
        }

        @Override
        public void appendString(String value) {
            values[next++] = KeyHash.of(value);
        }
    }

    /** Hands on the values of the chosen rows. */
    private static final class Chosen implements ColumnSink {
        private final BitSet chosen;
        private final ColumnSink to;
        private int next;

        Chosen(BitSet chosen, ColumnSink to) {
            this.chosen = chosen;
            this.to = to;
        }

        @Override
        public void appendNull() {
            if (chosen.get(next++)) {
                to.appendNull();
            }
        }

        @Override
        public void appendWord(long word) {
            if (chosen.get(next++)) {
                to.appendWord(word);
            }
        }

        @Override
        public void appendDouble(double value) {
            if (chosen.get(next++)) {
                to.appendDouble(value);
            }
        }

        @Override
        public void appendString(String value) {
            if (chosen.get(next++)) {
                to.appendString(value);
            }
        }
    }
}
