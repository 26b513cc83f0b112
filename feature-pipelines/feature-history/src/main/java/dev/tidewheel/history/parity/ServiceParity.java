package dev.tidewheel.history.parity;

import dev.tidewheel.feature.oracle.Agreement;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.oracle.NaiveVector;
import dev.tidewheel.history.oracle.ViewOracle;
import dev.tidewheel.history.parity.Judgement.Outcome;
import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.served.SameBits;
import dev.tidewheel.history.served.ServedVector;
import dev.tidewheel.history.served.ValueText;
import dev.tidewheel.records.Inference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.IntPredicate;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * Judges the vectors of one service, in batches, so memory is bounded by the raw rows of its views' sources. For one thread;
 * the work is spread over the workers.
 */
final class ServiceParity {
    private static final int BATCH = 8_192;

    private final ServicePlan service;
    private final ExecutorService workers;
    private final Differences differences;
    private final List<BatchJudge> judges = new ArrayList<>();
    private final List<ViewTally> tallies = new ArrayList<>();
    private final ViewTally computed;
    private final NaiveVector naive;
    private final List<ServedVector> batch = new ArrayList<>();

    /**
     * @param label follows the views' names in the report; empty where there is one service alone
     * @throws IllegalArgumentException if a view of the service has no history
     */
    ServiceParity(
            JudgedService judged,
            String label,
            FrontierIndex frontiers,
            DeadLetters letters,
            long boundMillis,
            Differences differences,
            ExecutorService workers) {
        this.service = judged.plan();
        this.workers = workers;
        this.differences = differences;
        this.naive = new NaiveVector(service);
        this.computed = new ViewTally(ParityReport.COMPUTED + label, boundMillis);
        int firstColumn = service.request().size();
        for (ViewRead read : service.reads()) {
            String view = read.view().spec().name();
            LongFunction<ViewOracle> oracles = cohort -> new ViewOracle(
                    read, judged.history(view), letters.freed(read.view().spec().entity(), cohort));
            judges.add(new BatchJudge(read, oracles, frontiers, firstColumn, boundMillis));
            tallies.add(new ViewTally(view + label, boundMillis));
            firstColumn += read.features().length;
        }
    }

    /** Takes a record with this service's hash. One that cannot be understood is as wrong as one with a wrong value. */
    void add(Inference inference) throws InterruptedException {
        try {
            batch.add(ServedVector.decode(inference, service));
        } catch (IllegalArgumentException e) {
            refuse(inference, String.valueOf(e.getMessage()), "a vector of the service");
        }
        if (batch.size() >= BATCH) {
            judgeBatch();
        }
    }

    /** A record that says nothing of its reads, because it was logged of an erased entity. */
    void erased() {
        tallies.forEach(ViewTally::erased);
    }

    /** A record that there is nothing to hold against. */
    void refuse(Inference inference, String served, String expected) {
        computed.incomparable();
        differences.list(inference, ParityReport.COMPUTED, "", "", served, expected, Cut.EMPTY);
    }

    /** The outcome for everything that was added so far. */
    List<ViewParity> result() throws InterruptedException {
        judgeBatch();
        List<ViewParity> views = new ArrayList<>();
        tallies.forEach(tally -> views.add(tally.result()));
        views.add(computed.result());
        return views;
    }

    private void judgeBatch() throws InterruptedException {
        List<List<Judgement>> byView = new ArrayList<>();
        for (BatchJudge judge : judges) {
            byView.add(judge.judge(batch, workers));
        }
        for (int place = 0; place < batch.size(); place++) {
            List<Judgement> judgements = new ArrayList<>();
            for (List<Judgement> ofView : byView) {
                judgements.add(ofView.get(place));
            }
            compare(batch.get(place), judgements);
        }
        batch.clear();
    }

    private void compare(ServedVector vector, List<Judgement> judgements) {
        FeatureValues expected = naive.of(vector.request(service), values(judgements));
        int column = service.request().size();
        boolean whole = true;
        for (int view = 0; view < judgements.size(); view++) {
            int features = service.reads().get(view).features().length;
            whole &= compareView(vector, expected, column, features, view, judgements.get(view));
            column += features;
        }
        if (whole) {
            compareComputed(vector, expected, column);
        }
    }

    private List<FeatureValues> values(List<Judgement> judgements) {
        List<FeatureValues> values = new ArrayList<>();
        for (int view = 0; view < judgements.size(); view++) {
            int place = view;
            values.add(judgements
                    .get(view)
                    .expected()
                    .orElseGet(() -> KeyState.absent(service.reads().get(place).view())));
        }
        return values;
    }

    /** Whether the view's values are such that computed columns follow from them. */
    private boolean compareView(
            ServedVector vector, FeatureValues expected, int first, int columns, int view, Judgement judgement) {
        ViewTally tally = tallies.get(view);
        String name = service.reads().get(view).view().spec().name();
        switch (judgement.outcome()) {
            case PENDING -> tally.pending();
            case UNSERVED -> tally.unserved();
            case LOST -> {
                tally.incomparable();
                differences.list(
                        vector.inference(),
                        name,
                        judgement.key(),
                        "",
                        "no such key",
                        "a key with changes known before",
                        judgement.cut());
            }
            case UNREADABLE -> {
                tally.incomparable();
                String error = String.valueOf(vector.inference().getError());
                differences.list(
                        vector.inference(), name, judgement.key(), "", error, "a value that can be read", Cut.EMPTY);
            }
            case UNKNOWN_CUT -> {
                tally.incomparable();
                String flush = vector.cut(service.reads().get(view))
                        .map(Object::toString)
                        .orElse("no cut");
                differences.list(vector.inference(), name, judgement.key(), "", flush, "an announced flush", Cut.EMPTY);
            }
            case EXPECTED -> {
                ViewRead read = service.reads().get(view);
                IntPredicate agree = slot ->
                        Agreement.holds(read.view(), read.features()[slot - first], vector.values(), expected, slot);
                if (judgement.erased()
                        && !IntStream.range(first, first + columns).allMatch(agree)) {
                    tally.erased();
                    return false;
                }
                int different = differences(vector, expected, first, first + columns, name, judgement, agree);
                tally.compared(columns, different, judgement.cut().equals(Cut.EMPTY), judgement.freed());
                tally.lag(judgement.lagMillis());
            }
        }
        return judgement.outcome() == Outcome.EXPECTED;
    }

    /** The computed columns follow from all others. The request's are left out: there is nothing to hold them against. */
    private void compareComputed(ServedVector vector, FeatureValues expected, int firstOnDemand) {
        Judgement none = Judgement.without("", Outcome.EXPECTED, Cut.EMPTY);
        int end = service.columns().size();
        int different = differences(
                vector,
                expected,
                firstOnDemand,
                end,
                ParityReport.COMPUTED,
                none,
                slot -> SameBits.at(vector.values(), expected, slot));
        computed.compared(end - firstOnDemand, different, false, false);
    }

    private int differences(
            ServedVector vector,
            FeatureValues expected,
            int from,
            int to,
            String view,
            Judgement judgement,
            IntPredicate agree) {
        int different = 0;
        for (int slot = from; slot < to; slot++) {
            if (!agree.test(slot)) {
                different++;
                Column column = service.columns().column(slot);
                differences.list(
                        vector.inference(),
                        view,
                        judgement.key(),
                        column.name(),
                        ValueText.of(vector.values(), slot, column.type()),
                        ValueText.of(expected, slot, column.type()),
                        judgement.cut());
            }
        }
        return different;
    }
}
