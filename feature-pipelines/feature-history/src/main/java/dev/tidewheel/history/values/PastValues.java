package dev.tidewheel.history.values;

import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.spill.KeySorter;
import dev.tidewheel.history.spill.SortedKeys;
import dev.tidewheel.history.spill.Spilling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What views said at moments of the past, any number of them, in one process and within a budget of memory. Budget, threads
 * and the order in which files are read decide nothing.
 *
 * <p>Views are answered one after the other. The changes of a view are read once and sorted by key, and by when they became
 * visible; so are its questions; then every key is played forward through its changes and questions, side by side with the
 * other keys in other threads. Neither a key's changes nor its questions are ever in memory together unless they fit.
 *
 * <p>A key none of whose changes lie in a window of any question may count as never seen: its values are those of empty
 * windows, which are the same, and its statuses say so.
 *
 * <p>Used by one thread at a time; not to be used after {@link #close}.
 */
public final class PastValues implements PastReader {
    // What of the budget is whose: one part in so many. Changes, while they wait, and what is played take most.
    private static final int FOR_QUESTIONS = 8;
    private static final int FOR_ANSWERS = 8;
    private static final int FOR_CHANGES = 4;
    private static final int FOR_PLAYING = 2;

    private final List<View> views;
    private final long delayMillis;
    private final int threads;
    private final Spilling spilling;
    private final List<KeySorter> questions = new ArrayList<>();
    private final List<AskedKeys> askedKeys = new ArrayList<>();
    private final List<Answers> answers = new ArrayList<>();
    private final List<Answers.Ranked> ranked = new ArrayList<>();
    private long answered;
    private long asked;
    private long taken;
    private long firstMoment = Long.MAX_VALUE;
    private long lastMoment = Long.MIN_VALUE;

    /**
     * A view, and where its source's changes are read.
     *
     * @param scan read once
     * @param known when its changes count as known
     */
    public record View(ViewPlan plan, ChangeScan scan, KnownTimes known) {}

    /** Told how far the answers have come, in units of one question to one view; called by one thread at a time. */
    @FunctionalInterface
    public interface Progress {
        void answered(long done, long total);
    }

    /**
     * @param views in the order in which keys and values come
     * @param delayMillis a question at t sees only what was visible so long before; windows still end at t
     * @param threads that read changes and play keys
     */
    public PastValues(List<View> views, long delayMillis, int threads, Spilling spilling) {
        this.views = List.copyOf(views);
        this.delayMillis = delayMillis;
        this.threads = threads;
        this.spilling = spilling;
        Spilling share = spilling.share(FOR_QUESTIONS * Math.max(1, views.size()));
        for (int view = 0; view < views.size(); view++) {
            questions.add(ViewPlay.questionSorter(share));
            askedKeys.add(new AskedKeys());
        }
    }

    @Override
    public void ask(long t, List<String> keys) throws IOException {
        for (int view = 0; view < views.size(); view++) {
            askedKeys.get(view).add(questions.get(view).add(keys.get(view), t, 0, asked));
        }
        firstMoment = Math.min(firstMoment, t);
        lastMoment = Math.max(lastMoment, t);
        asked++;
    }

    @Override
    public void answer(Progress progress) throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            for (int view = 0; view < views.size(); view++) {
                Answers ofView =
                        new Answers(views.get(view).plan, asked, threads, spilling.share(FOR_ANSWERS * views.size()));
                answers.add(ofView);
                if (asked > 0) {
                    answer(view, ofView, workers, progress);
                }
                questions.get(view).close();
                ranked.add(ofView.ranked());
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private void answer(int number, Answers to, ExecutorService workers, Progress progress)
            throws IOException, InterruptedException {
        View view = views.get(number);
        ViewColumns columns = new ViewColumns(view.plan, view.scan.columns());
        Moments moments = new Moments(firstMoment, lastMoment - delayMillis);
        try (ChangeReading reading = new ChangeReading(
                view, columns, askedKeys.get(number), moments, threads, spilling.share(FOR_CHANGES))) {
            SortedKeys changes = SortedKeys.of(runAll(reading.shares(), workers));
            SortedKeys asking = questions.get(number).sorted();
            play(new ViewPlay(view.plan, columns, reading.ids(), changes, asking, delayMillis), to, workers, progress);
        }
    }

    private void play(ViewPlay play, Answers to, ExecutorService workers, Progress progress)
            throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Callable<Integer>> work = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int writer = thread;
            work.add(() -> {
                try (ViewPlay.Worker worker = play.new Worker(spilling.share(FOR_PLAYING * threads))) {
                    for (int partition = next.getAndIncrement();
                            partition < ViewPlay.PARTITIONS;
                            partition = next.getAndIncrement()) {
                        long done = worker.play(partition, (rank, values) -> to.add(writer, rank, values));
                        report(done, progress);
                    }
                }
                return writer;
            });
        }
        runAll(work, workers);
    }

    private synchronized void report(long done, Progress progress) {
        answered += done;
        progress.answered(answered, asked * views.size());
    }

    private static <T> List<T> runAll(List<Callable<T>> work, ExecutorService workers)
            throws IOException, InterruptedException {
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> done : workers.invokeAll(work)) {
                results.add(done.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new IllegalStateException("a view's changes could not be read, or a key not be played", e.getCause());
        }
        return results;
    }

    @Override
    public List<FeatureValues> next() throws IOException {
        List<FeatureValues> values = new ArrayList<>(views.size());
        for (Answers.Ranked ofView : ranked) {
            values.add(ofView.next(taken));
        }
        taken++;
        return values;
    }

    @Override
    public void close() throws IOException {
        for (KeySorter sorter : questions) {
            sorter.close();
        }
        for (Answers ofView : answers) {
            ofView.close();
        }
    }
}
