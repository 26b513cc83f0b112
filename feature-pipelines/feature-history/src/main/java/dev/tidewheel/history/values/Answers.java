package dev.tidewheel.history.values;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.spill.RankSorter;
import dev.tidewheel.history.spill.RankedRows;
import dev.tidewheel.history.spill.Spilling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of one view as they are found, key by key, and then again by rank. The statuses stand behind the values, eight
 * to a word.
 */
public final class Answers implements AutoCloseable {
    private final int features;
    private final RowSchema payload;
    private final List<RankSorter> parts = new ArrayList<>();

    /**
     * @param ranks how many questions were asked
     * @param writers how many threads find answers
     */
    public Answers(ViewPlan plan, long ranks, int writers, Spilling spilling) {
        this.features = plan.features().size();
        List<Column> columns = new ArrayList<>(plan.features().columns());
        for (int word = 0; word * Long.BYTES < features; word++) {
            columns.add(new Column("#status" + word, ColumnType.INT64));
        }
        this.payload = new RowSchema(columns);
        for (int writer = 0; writer < writers; writer++) {
            parts.add(new RankSorter(payload, ranks, spilling.share(writers)));
        }
    }

    /** Notes an answer; for the thread of that writer alone. */
    public void add(int writer, long rank, FeatureValues values) throws IOException {
        RankSorter to = parts.get(writer);
        for (int slot = 0; slot < features; slot++) {
            to.column(slot).append(values.row(), slot);
        }
        for (int slot = features; slot < payload.size(); slot++) {
            to.column(slot).appendWord(statuses(values.statuses(), (slot - features) * Long.BYTES));
        }
        to.add(rank);
    }

    private static long statuses(byte[] statuses, int from) {
        long word = 0;
        for (int i = from; i < Math.min(statuses.length, from + Long.BYTES); i++) {
            word |= (statuses[i] & 0xFFL) << (i - from) * Byte.SIZE;
        }
        return word;
    }

    /** Goes through all answers. */
    public Ranked ranked() throws IOException {
        return new Ranked(new RankedRows(payload, parts));
    }

    @Override
    public void close() throws IOException {
        for (RankSorter part : parts) {
            part.close();
        }
    }

    /** The answers, ascending by rank. Not thread-safe. */
    public final class Ranked {
        private final RankedRows rows;

        private Ranked(RankedRows rows) {
            this.rows = rows;
        }

        /**
         * The answer of a rank: the next one.
         *
         * @throws IllegalStateException if there is none
         */
        public FeatureValues next(long rank) throws IOException {
            if (!rows.goTo(rank)) {
                throw new IllegalStateException("there is no answer of rank " + rank);
            }
            Row row = new Row(features);
            byte[] statuses = new byte[features];
            for (int slot = 0; slot < features; slot++) {
                copy(slot, row);
                long word = rows.word(features + slot / Long.BYTES);
                statuses[slot] = (byte) (word >>> slot % Long.BYTES * Byte.SIZE);
            }
            return new FeatureValues(row, statuses);
        }

        private void copy(int slot, Row row) {
            if (rows.isNull(slot)) {
                return;
            }
            if (payload.column(slot).type().isText()) {
                row.setString(slot, rows.string(slot));
            } else {
                row.setLong(slot, rows.word(slot));
            }
        }
    }
}
