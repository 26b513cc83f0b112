package dev.tidewheel.history.values;

import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.replay.KeyPlayer;
import dev.tidewheel.feature.replay.Players;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.source.EventIds;
import dev.tidewheel.history.spill.KeyMerge;
import dev.tidewheel.history.spill.KeySorter;
import dev.tidewheel.history.spill.PartitionReader;
import dev.tidewheel.history.spill.SortedKeys;
import dev.tidewheel.history.spill.Spilling;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * One view's keys, each played forward through its changes and questions. Different partitions may be played by different
 * workers at once.
 */
final class ViewPlay {
    /** Enough for many threads to have something to do until the end, and for a partition, which is sorted then, to be small. */
    private static final int PARTITION_BITS = 7;

    /** In how many partitions keys are played. */
    static final int PARTITIONS = 1 << PARTITION_BITS;

    private static final RowSchema NOTHING = new RowSchema(List.of());

    private final Players players;
    private final ViewColumns columns;
    private final EventIds ids;
    private final SortedKeys changes;
    private final SortedKeys questions;
    private final long delayMillis;

    ViewPlay(
            ViewPlan plan,
            ViewColumns columns,
            EventIds ids,
            SortedKeys changes,
            SortedKeys questions,
            long delayMillis) {
        this.players = new Players(plan);
        this.columns = columns;
        this.ids = ids;
        this.changes = changes;
        this.questions = questions;
        this.delayMillis = delayMillis;
    }

    /** Sorts the questions to a view: their ranks are their places. */
    static KeySorter questionSorter(Spilling spilling) {
        return new KeySorter(NOTHING, PARTITION_BITS, null, spilling);
    }

    /** Sorts a view's changes. */
    static KeySorter changeSorter(ViewColumns columns, Spilling spilling) {
        return new KeySorter(columns.payload(), PARTITION_BITS, columns.marks().orElse(null), spilling);
    }

    /** Takes answers. */
    @FunctionalInterface
    interface Sink {
        void answer(long rank, FeatureValues values) throws IOException;
    }

    /**
     * Who plays partitions, one after the other. Not thread-safe.
     *
     * @param spilling how much of a partition is held
     */
    final class Worker implements AutoCloseable {
        private final PartitionReader changes;
        private final PartitionReader questions;

        Worker(Spilling spilling) {
            this.changes = ViewPlay.this.changes.reader(spilling.share(2));
            this.questions = ViewPlay.this.questions.reader(spilling.share(4));
        }

        /** Plays the keys of a partition, and says how many questions it answered. */
        long play(int partition, Sink sink) throws IOException {
            return ViewPlay.this.play(questions.open(partition), changes.open(partition), sink);
        }

        @Override
        public void close() throws IOException {
            changes.close();
            questions.close();
        }
    }

    private long play(KeyMerge asked, KeyMerge changed, Sink sink) throws IOException {
        boolean more = changed.nextKey();
        long answered = 0;
        while (asked.nextKey()) {
            while (more && changed.compareKey(asked) < 0) {
                more = changed.nextKey();
            }
            boolean known = more && changed.compareKey(asked) == 0;
            answered += known ? answer(asked, players.of(key(changed)), sink) : answerAbsent(asked, sink);
        }
        return answered;
    }

    private KeyBlock key(KeyMerge changed) throws IOException {
        Set<Long> repeated = columns.declaresIds() ? changed.repeatedMarks() : Set.of();
        return new StreamedKey(columns, ids, changed, repeated);
    }

    private long answer(KeyMerge asked, KeyPlayer player, Sink sink) throws IOException {
        long answered = 0;
        while (asked.nextRow()) {
            long t = asked.moment();
            sink.answer(asked.place(), player.read(t, t - delayMillis));
            answered++;
        }
        return answered;
    }

    private long answerAbsent(KeyMerge asked, Sink sink) throws IOException {
        long answered = 0;
        while (asked.nextRow()) {
            sink.answer(asked.place(), players.absent());
            answered++;
        }
        return answered;
    }
}
