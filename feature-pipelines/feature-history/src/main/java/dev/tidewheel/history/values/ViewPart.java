package dev.tidewheel.history.values;

import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ChangeBatch;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.KeySorter;
import dev.tidewheel.history.spill.Spilling;
import java.io.IOException;

/**
 * Some keys of one view, with all their questions and changes, however they came here: so a view's keys may be dealt out to
 * several machines. First {@link #ask} every question, then {@link #take} every change, then {@link #answer}. The order
 * within questions and within changes decides nothing. Not thread-safe; not to be used after {@link #close}.
 */
public final class ViewPart implements AutoCloseable {
    // What of the budget is whose: one part in so many.
    private static final int FOR_QUESTIONS = 8;
    private static final int FOR_CHANGES = 2;
    private static final int FOR_PLAYING = 4;

    private final Terms terms;
    private final ViewColumns columns;
    private final long delayMillis;
    private final Spilling spilling;
    private final AskedKeys asked = new AskedKeys();
    private final KeySorter questions;
    private final KeySorter changes;
    private final ChangeCollector collector;

    /**
     * What a view means.
     *
     * @param source the columns of its source
     * @param known when changes count as known
     */
    public record Terms(ViewPlan plan, SourceColumns source, KnownTimes known) {}

    /** Takes answers. */
    @FunctionalInterface
    public interface Sink {
        void answer(long rank, FeatureValues values) throws IOException;
    }

    /**
     * @param moments between which all questions lie, those of other parts too
     * @param delayMillis as in {@link PastReader.Maker}
     */
    public ViewPart(Terms terms, Moments moments, long delayMillis, Spilling spilling) {
        this.terms = terms;
        this.columns = new ViewColumns(terms.plan, terms.source);
        this.delayMillis = delayMillis;
        this.spilling = spilling;
        this.questions = ViewPlay.questionSorter(spilling.share(FOR_QUESTIONS));
        this.changes = ViewPlay.changeSorter(columns, spilling.share(FOR_CHANGES));
        this.collector =
                new ChangeCollector(terms.plan, columns, terms.known, moments.visibleThrough(), asked, changes);
    }

    /** What has to be scanned for a view's questions, of all parts. */
    public static ScanFilter filter(Terms terms, Moments moments) {
        return new ViewColumns(terms.plan, terms.source).filter(terms.plan, terms.known, moments);
    }

    /**
     * Asks a key at a moment.
     *
     * @param t epoch milliseconds
     * @param rank of the question
     */
    public void ask(String key, long t, long rank) throws IOException {
        asked.add(questions.add(key, t, 0, rank));
    }

    /** Takes changes, those of keys that nobody asked about too; the batch may be used again afterwards. */
    public void take(ChangeBatch batch) throws IOException {
        collector.take(batch);
    }

    /**
     * Plays all keys.
     *
     * @throws IllegalStateException if a key cannot be played
     */
    public void answer(Sink sink) throws IOException {
        collector.take(new ChangeBatch(terms.source)); // Where no change came, the ids are those of none.
        ViewPlay play =
                new ViewPlay(terms.plan, columns, collector.ids(), changes.sorted(), questions.sorted(), delayMillis);
        try (ViewPlay.Worker worker = play.new Worker(spilling.share(FOR_PLAYING))) {
            for (int partition = 0; partition < ViewPlay.PARTITIONS; partition++) {
                worker.play(partition, sink::answer);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (questions) {
            changes.close();
        }
    }
}
