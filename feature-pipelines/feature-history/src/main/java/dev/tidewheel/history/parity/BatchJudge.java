package dev.tidewheel.history.parity;

import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.history.oracle.KeyChanges;
import dev.tidewheel.history.oracle.KeyOracle;
import dev.tidewheel.history.oracle.ViewOracle;
import dev.tidewheel.history.parity.Judgement.Outcome;
import dev.tidewheel.history.served.Cut;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.served.SameBits;
import dev.tidewheel.history.served.ServedVector;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.ViewCut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Finds out what the reads of one view in a batch of vectors ought to have been, key by key, in parallel. */
final class BatchJudge {
    private static final long NOT_ASKED = Long.MIN_VALUE;

    private final ViewRead read;
    private final LongFunction<ViewOracle> oracles;
    private final Map<Long, ViewOracle> byCohort = new HashMap<>();
    private final FrontierIndex frontiers;
    private final int firstColumn;
    private final long boundMillis;

    /**
     * @param oracles of the view, by the cohort that computes what was served: each has refused other changes
     * @param firstColumn where the view's columns start in the vector
     * @param boundMillis how long after a change is visible the store must know its key
     */
    BatchJudge(
            ViewRead read,
            LongFunction<ViewOracle> oracles,
            FrontierIndex frontiers,
            int firstColumn,
            long boundMillis) {
        this.read = read;
        this.oracles = oracles;
        this.frontiers = frontiers;
        this.firstColumn = firstColumn;
        this.boundMillis = boundMillis;
    }

    /** One judgement per vector, in their order. */
    List<Judgement> judge(List<ServedVector> vectors, ExecutorService workers) throws InterruptedException {
        Judgement[] judgements = new Judgement[vectors.size()];
        List<Callable<Void>> work = new ArrayList<>();
        byKey(vectors).forEach((of, places) -> {
            ViewOracle oracle = byCohort.computeIfAbsent(of.cohort(), oracles::apply);
            work.add(() -> {
                List<ServedVector> ofKey = places.stream().map(vectors::get).toList();
                Reads values = new Reads(of.key(), oracle, ofKey);
                for (int i = 0; i < ofKey.size(); i++) {
                    judgements[places.get(i)] = judge(ofKey.get(i), values);
                }
                return null;
            });
        });
        for (Future<Void> done : workers.invokeAll(work)) {
            rethrow(done);
        }
        return List.of(judgements);
    }

    private record KeyOf(String key, long cohort) {}

    private Map<KeyOf, List<Integer>> byKey(List<ServedVector> vectors) {
        Map<KeyOf, List<Integer>> places = new LinkedHashMap<>();
        for (int place = 0; place < vectors.size(); place++) {
            ServedVector vector = vectors.get(place);
            long cohort = vector.cut(read)
                    .map(cut -> frontiers.cohort(cut.getView(), cut.getLineage()))
                    .orElse(0L);
            places.computeIfAbsent(new KeyOf(vector.key(read), cohort), unseen -> new ArrayList<>())
                    .add(place);
        }
        return places;
    }

    private Judgement judge(ServedVector vector, Reads reads) {
        if (isUnserved(vector)) {
            boolean isOutage = vector.inference().getStatus() == InferenceStatus.FEATURES_UNAVAILABLE;
            return Judgement.without(reads.key, isOutage ? Outcome.UNSERVED : Outcome.UNREADABLE, Cut.EMPTY);
        }
        Optional<ViewCut> stored = vector.cut(read);
        Optional<Cut> cut = stored.flatMap(
                flush -> frontiers.find(flush, reads.oracle.history().channels()));
        if (cut.isEmpty()) {
            return Judgement.without(reads.key, Outcome.UNKNOWN_CUT, Cut.EMPTY);
        }
        if (cut.get().exceeds(reads.oracle.history().coverage())) {
            return Judgement.without(reads.key, Outcome.PENDING, cut.get());
        }
        return reads.at(cut.get(), vector.inference().getT());
    }

    /** What reads of one key ought to give; many requests ask for the same key in the same minute. */
    private final class Reads {
        private final String key;
        private final ViewOracle oracle;
        private final KeyOracle all;
        private final KeyOracle taken;
        private final KeyChanges changes;
        private final Map<Moment, Judgement> known = new HashMap<>();
        private long firstApplied = NOT_ASKED;

        Reads(String key, ViewOracle oracle, List<ServedVector> vectors) {
            LongSummaryStatistics times = vectors.stream()
                    .mapToLong(vector -> vector.inference().getT())
                    .summaryStatistics();
            this.key = key;
            this.oracle = oracle;
            this.all = oracle.oracle(key, times.getMin(), times.getMax());
            this.taken = oracle.hasFreed(key) ? oracle.oracleWithoutFreed(key, times.getMin(), times.getMax()) : all;
            this.changes = oracle.changes(key);
        }

        Judgement at(Cut cut, long t) {
            return known.computeIfAbsent(new Moment(cut, t), unseen -> compute(cut, t));
        }

        private Judgement compute(Cut cut, long t) {
            if (cut.equals(Cut.EMPTY) && isOverdue(t)) {
                return Judgement.without(key, Outcome.LOST, cut);
            }
            long missed = changes.firstMissed(cut);
            FeatureValues expected = changes.hasAny(cut) ? taken.read(cut, t) : taken.absent();
            return new Judgement(
                    key,
                    Outcome.EXPECTED,
                    cut,
                    Optional.of(expected),
                    taken != all && changes.hasAny(cut) && differ(expected, all.read(cut, t)),
                    oracle.mayContainErased(cut, t),
                    missed <= t ? t - missed : Judgement.NO_LAG);
        }

        /** Whether the store ought to have known the key at t. Asked for absent keys only: it needs all changes. */
        private boolean isOverdue(long t) {
            if (firstApplied == NOT_ASKED) {
                firstApplied = oracle.wholeWithoutFreed(key).firstApplied();
            }
            return firstApplied <= t && t - firstApplied >= boundMillis;
        }

        private boolean differ(FeatureValues left, FeatureValues right) {
            return IntStream.of(read.features()).anyMatch(slot -> !SameBits.at(left, right, slot));
        }
    }

    private record Moment(Cut cut, long t) {}

    private boolean isUnserved(ServedVector vector) {
        for (int column = firstColumn; column < firstColumn + read.features().length; column++) {
            if (vector.values().status(column) != Status.UNAVAILABLE) {
                return false;
            }
        }
        return read.features().length > 0;
    }

    private static void rethrow(Future<Void> done) throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a key could not be recomputed", e.getCause());
        }
    }
}
