package dev.tidewheel.history.exchange;

import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.values.AskedKeys;
import dev.tidewheel.history.values.Moments;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has values of the past found elsewhere: writes the questions into a folder, has somebody put the values beside them, and
 * reads these. Neither is ever held.
 */
public final class ExchangedReader implements PastReader {
    private final ExchangeFolder folder;
    private final List<ViewPlan> plans;
    private final int parts;
    private final long delayMillis;
    private final Finder finder;
    private final QuestionFiles questions;
    private final List<AskedKeys> askedKeys = new ArrayList<>();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long taken;
    private int part = -1;
    private ValueFile.@Nullable Reader open;

    /** Finds values. */
    @FunctionalInterface
    public interface Finder {
        /**
         * Puts the values of all questions in a folder beside them, one {@link ValueFile} a part.
         *
         * @param questions how many there are, at least one
         * @param moments between which they lie
         */
        void find(long questions, Moments moments) throws IOException, InterruptedException;
    }

    /**
     * @param parts in how many files the values come
     */
    public ExchangedReader(
            ExchangeFolder folder, List<PastValues.View> views, long delayMillis, int parts, Finder finder)
            throws IOException {
        folder.begin();
        this.folder = folder;
        this.plans = views.stream().map(PastValues.View::plan).toList();
        this.parts = parts;
        this.delayMillis = delayMillis;
        this.finder = finder;
        this.questions = new QuestionFiles(folder, plans.size());
        views.forEach(view -> askedKeys.add(new AskedKeys()));
    }

    @Override
    public void ask(long t, List<String> keys) throws IOException {
        questions.ask(t, keys);
        for (int view = 0; view < askedKeys.size(); view++) {
            askedKeys.get(view).add(keys.get(view));
        }
        first = Math.min(first, t);
        last = Math.max(last, t);
    }

    @Override
    public void answer(PastValues.Progress progress) throws IOException, InterruptedException {
        questions.flush();
        for (int view = 0; view < askedKeys.size(); view++) {
            askedKeys.get(view).write(folder.askedKeys(view));
        }
        if (questions.asked() > 0) {
            finder.find(questions.asked(), new Moments(first, last - delayMillis));
        }
        progress.answered(questions.asked() * plans.size(), questions.asked() * plans.size());
    }

    @Override
    public List<FeatureValues> next() throws IOException {
        if (taken == questions.asked()) {
            throw new IllegalStateException("all " + taken + " values were taken");
        }
        while (open == null || taken == Parts.firstRank(part + 1, questions.asked(), parts)) {
            closePart();
            open = new ValueFile.Reader(folder, ++part, plans);
        }
        List<FeatureValues> values = open.next();
        taken++;
        if (taken == questions.asked()) {
            closePart();
        }
        return values;
    }

    private void closePart() throws IOException {
        if (open != null) {
            try (ValueFile.Reader done = open) {
                done.expectEnd();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
        folder.remove();
    }
}
