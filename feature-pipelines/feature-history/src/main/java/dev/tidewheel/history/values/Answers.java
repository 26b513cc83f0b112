package dev.tidewheel.history.values;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.spill.KeyMerge;
import dev.tidewheel.history.spill.KeySorter;
import dev.tidewheel.history.spill.SortedKeys;
import dev.tidewheel.history.spill.Spilling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of one view as they are found, key by key, and then again by rank. Answers of one key of the sorter, 0, whose
 * moments are the ranks; the statuses stand behind the values, eight to a word.
 */
final class Answers implements AutoCloseable {
    private static final int PARTITION_BITS = 1;

    private final int features;
    private final RowSchema payload;
    private final List<KeySorter> parts = new ArrayList<>();

    /**
     * @param writers how many threads find answers
     */
    Answers(ViewPlan plan, int writers, Spilling spilling) {
        this.features = plan.features().size();
        List<Column> columns = new ArrayList<>(plan.features().columns());
        for (int word = 0; word * Long.BYTES < features; word++) {
            columns.add(new Column("#status" + word, ColumnType.INT64));
        }
        this.payload = new RowSchema(columns);
        for (int writer = 0; writer < writers; writer++) {
            parts.add(new KeySorter(payload, PARTITION_BITS, false, spilling.share(writers)));
        }
    }

    /** Notes an answer; for the thread of that writer alone. */
    void add(int writer, long rank, FeatureValues values) throws IOException {
        KeySorter to = parts.get(writer);
        for (int slot = 0; slot < features; slot++) {
            to.column(slot).append(values.row(), slot);
        }
        for (int slot = features; slot < payload.size(); slot++) {
            to.column(slot).appendWord(statuses(values.statuses(), (slot - features) * Long.BYTES));
        }
        to.add(0L, rank, 0, 0, 0);
    }

    private static long statuses(byte[] statuses, int from) {
        long word = 0;
        for (int i = from; i < Math.min(statuses.length, from + Long.BYTES); i++) {
            word |= (statuses[i] & 0xFFL) << (i - from) * Byte.SIZE;
        }
        return word;
    }

    /** Goes through all answers. */
    Ranked ranked() throws IOException {
        List<SortedKeys> sorted = parts.stream().map(KeySorter::sorted).toList();
        KeyMerge merge = SortedKeys.of(sorted).partition(0);
        merge.nextKey();
        return new Ranked(merge);
    }

    @Override
    public void close() throws IOException {
        for (KeySorter part : parts) {
            part.close();
        }
    }

    /** The answers, ascending by rank. Not thread-safe. */
    final class Ranked {
        private final KeyMerge merge;

        private Ranked(KeyMerge merge) {
            this.merge = merge;
        }

        FeatureValues next(long rank) throws IOException {
            if (!merge.nextRow() || merge.moment() != rank) {
                throw new IllegalStateException("there is no answer of rank " + rank);
            }
            Row row = new Row(features);
            byte[] statuses = new byte[features];
            for (int slot = 0; slot < features; slot++) {
                copy(slot, row);
                long word = merge.word(features + slot / Long.BYTES);
                statuses[slot] = (byte) (word >>> slot % Long.BYTES * Byte.SIZE);
            }
            return new FeatureValues(row, statuses);
        }

        private void copy(int slot, Row row) {
            if (merge.isNull(slot)) {
                return;
            }
            if (payload.column(slot).type().isText()) {
                row.setString(slot, merge.string(slot));
            } else {
                row.setLong(slot, merge.word(slot));
            }
        }
    }
}
