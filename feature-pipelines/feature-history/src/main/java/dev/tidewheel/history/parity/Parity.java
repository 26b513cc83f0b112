package dev.tidewheel.history.parity;

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
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Online equals offline, for every value ever served. A logged vector says which flush wrote each value; the frontier of
 * that flush says which offsets it contained; the oracle recomputes the value from the raw rows before those offsets, at
 * the vector's t. What differs is unexplained: there is no tolerance and no list of exceptions.
 *
 * <p>Feed it the log with {@link #add}, in any order, then ask for the {@link #result}. Vectors are judged in batches, so
 * memory is bounded by the raw rows of the views' sources and the names of the requests. For one thread; the work is
 * spread over threads of its own until {@link #close}.
 */
public final class Parity implements AutoCloseable {
    private static final int BATCH = 8_192;

    private final ServicePlan service;
    private final String serviceHash;
    private final ParitySettings settings;
    private final ExecutorService workers;
    private final List<BatchJudge> judges = new ArrayList<>();
    private final List<ViewTally> tallies = new ArrayList<>();
    private final ViewTally computed;
    private final NaiveVector naive;
    private final Map<String, Integer> seen = new HashMap<>();
    private final Set<String> unserved = new HashSet<>();
    private final List<ServedVector> batch = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private long repeated;
    private long contradictory;

    /**
     * @param service whose vectors are judged
     * @param serviceHash which version of it: vectors of another one are unexplained
     * @param histories by view, the raw rows of its source
     * @param frontiers of the whole run
     * @param letters of the whole run: which changes the job refused, because the memory of their time was freed
     * @throws IllegalArgumentException if a view of the service has no history
     */
    public Parity(
            ServicePlan service,
            String serviceHash,
            Map<String, ChangeHistory> histories,
            FrontierIndex frontiers,
            DeadLetters letters,
            ParitySettings settings) {
        this.service = service;
        this.naive = new NaiveVector(service);
        this.serviceHash = serviceHash;
        this.settings = settings;
        this.computed = new ViewTally(ParityReport.COMPUTED, settings.bound().toMillis());
        int firstColumn = service.request().size();
        for (ViewRead read : service.reads()) {
            String view = read.view().spec().name();
            ChangeHistory history = histories.get(view);
            if (history == null) {
                throw new IllegalArgumentException("no history for view '" + view + "'");
            }
            ViewOracle oracle = new ViewOracle(
                    read, history, letters.freed(read.view().spec().entity()));
            judges.add(new BatchJudge(
                    read, oracle, frontiers, firstColumn, settings.bound().toMillis()));
            tallies.add(new ViewTally(view, settings.bound().toMillis()));
            firstColumn += read.features().length;
        }
        this.workers = Executors.newFixedThreadPool(settings.threads());
    }

    /** Takes one record of the log. */
    public void add(Inference inference) throws InterruptedException {
        String name = inference.getRequestId() + "/" + inference.getRow() + "/" + inference.getArm();
        Integer before = seen.putIfAbsent(name, inference.hashCode());
        if (before != null && before == inference.hashCode()) {
            repeated++;
            return;
        }
        contradictory += before == null ? 0 : 1;
        take(inference, name, before == null);
        if (batch.size() >= BATCH) {
            judgeBatch();
        }
    }

    /** The outcome for everything that was added so far. */
    public ParityReport result() throws InterruptedException {
        judgeBatch();
        List<ViewParity> views = new ArrayList<>();
        tallies.forEach(tally -> views.add(tally.result()));
        views.add(computed.result());
        return new ParityReport(
                seen.size(),
                repeated,
                contradictory,
                unserved.size(),
                settings.bound().toMillis(),
                views,
                differences);
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    /** A row that could not be served and was asked again counts as served once one of its records is. */
    private void take(Inference inference, String name, boolean isFirst) {
        boolean served = inference.getStatus() != InferenceStatus.FEATURES_UNAVAILABLE
                && inference.getStatus() != InferenceStatus.BAD_REQUEST;
        if (!served) {
            if (isFirst) {
                unserved.add(name);
            }
            return;
        }
        unserved.remove(name);
        if (inference.getServiceHash().equals(serviceHash)) {
            decode(inference);
        } else {
            refuse(inference, "service " + inference.getServiceHash(), serviceHash);
        }
    }

    /** A record that cannot be understood is as wrong as one with a wrong value, and must not end the run. */
    private void decode(Inference inference) {
        try {
            batch.add(ServedVector.decode(inference, service));
        } catch (IllegalArgumentException e) {
            refuse(inference, String.valueOf(e.getMessage()), "a vector of the service");
        }
    }

    private void refuse(Inference inference, String served, String expected) {
        computed.incomparable();
        list(inference, ParityReport.COMPUTED, "", "", served, expected, Cut.EMPTY);
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
            compareView(vector, expected, column, features, view, judgements.get(view));
            whole &= judgements.get(view).outcome() == Outcome.EXPECTED;
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

    private void compareView(
            ServedVector vector, FeatureValues expected, int first, int columns, int view, Judgement judgement) {
        ViewTally tally = tallies.get(view);
        String name = service.reads().get(view).view().spec().name();
        switch (judgement.outcome()) {
            case PENDING -> tally.pending();
            case UNSERVED -> tally.unserved();
            case LOST -> {
                tally.incomparable();
                list(
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
                list(vector.inference(), name, judgement.key(), "", error, "a value that can be read", Cut.EMPTY);
            }
            case UNKNOWN_CUT -> {
                tally.incomparable();
                String flush = vector.cut(service.reads().get(view))
                        .map(Object::toString)
                        .orElse("no cut");
                list(vector.inference(), name, judgement.key(), "", flush, "an announced flush", Cut.EMPTY);
            }
            case EXPECTED -> {
                int different = differences(vector, expected, first, first + columns, name, judgement);
                tally.compared(columns, different, judgement.cut().equals(Cut.EMPTY), judgement.freed());
                tally.lag(judgement.lagMillis());
            }
        }
    }

    /** The computed columns follow from all others. The request's are left out: there is nothing to hold them against. */
    private void compareComputed(ServedVector vector, FeatureValues expected, int firstOnDemand) {
        Judgement none = Judgement.without("", Outcome.EXPECTED, Cut.EMPTY);
        int end = service.columns().size();
        int different = differences(vector, expected, firstOnDemand, end, ParityReport.COMPUTED, none);
        computed.compared(end - firstOnDemand, different, false, false);
    }

    private int differences(
            ServedVector vector, FeatureValues expected, int from, int to, String view, Judgement judgement) {
        int different = 0;
        for (int slot = from; slot < to; slot++) {
            if (!SameBits.at(vector.values(), expected, slot)) {
                different++;
                Column column = service.columns().column(slot);
                list(
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

    private void list(
            Inference inference, String view, String key, String column, String served, String expected, Cut cut) {
        if (differences.size() < settings.listed()) {
            differences.add(new Difference(
                    inference.getRequestId(),
                    inference.getRow(),
                    inference.getT(),
                    view,
                    key,
                    column,
                    served,
                    expected,
                    cut.toString()));
        }
    }
}
