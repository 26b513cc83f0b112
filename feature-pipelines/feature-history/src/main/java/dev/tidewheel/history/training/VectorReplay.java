package dev.tidewheel.history.training;

import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.history.replay.ViewReplay;
import dev.tidewheel.history.source.ChangeHistory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Answers blocks of questions with the vectors of a service, in the order of time: every key of every view is played
 * forward through the block by one thread. Between blocks only the keys' states are kept, so memory does not grow with
 * the number of questions. Used by one thread; the work is spread over the given executor.
 */
final class VectorReplay {
    private final ServicePlan service;
    private final List<ViewReplay> views = new ArrayList<>();
    private final long delayMillis;
    private final ExecutorService workers;

    VectorReplay(
            ServicePlan service,
            Function<ViewRead, ChangeHistory> histories,
            long delayMillis,
            ExecutorService workers) {
        this.service = service;
        this.delayMillis = delayMillis;
        this.workers = workers;
        for (ViewRead read : service.reads()) {
            views.add(new ViewReplay(read.view(), histories.apply(read)));
        }
    }

    /**
     * The vectors of a block.
     *
     * @param block in the order of t, and not before the block answered last
     */
    List<FeatureValues> answer(List<Asked> block) throws InterruptedException {
        FeatureValues[][] values = new FeatureValues[views.size()][block.size()];
        List<Callable<Void>> work = new ArrayList<>();
        for (int view = 0; view < views.size(); view++) {
            for (List<Integer> places : byKey(block, view).values()) {
                work.add(task(block, places, view, values[view]));
            }
        }
        runAll(work);
        List<FeatureValues> vectors = new ArrayList<>(block.size());
        for (int place = 0; place < block.size(); place++) {
            vectors.add(service.assemble(block.get(place).request(), column(values, place)));
        }
        return vectors;
    }

    private static Map<String, List<Integer>> byKey(List<Asked> block, int view) {
        Map<String, List<Integer>> places = new LinkedHashMap<>();
        for (int place = 0; place < block.size(); place++) {
            String key = block.get(place).keys().get(view);
            places.computeIfAbsent(key, unseen -> new ArrayList<>()).add(place);
        }
        return places;
    }

    private Callable<Void> task(List<Asked> block, List<Integer> places, int view, FeatureValues[] values) {
        ViewReplay replay = views.get(view);
        int key = replay.number(block.get(places.get(0)).keys().get(view));
        return () -> {
            for (int place : places) {
                long t = block.get(place).t();
                values[place] = replay.read(key, t, t - delayMillis);
            }
            return null;
        };
    }

    private void runAll(Collection<Callable<Void>> work) throws InterruptedException {
        try {
            for (Future<Void> done : workers.invokeAll(work)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a key could not be replayed", e.getCause());
        }
    }

    private static List<FeatureValues> column(FeatureValues[][] values, int place) {
        List<FeatureValues> column = new ArrayList<>(values.length);
        for (FeatureValues[] ofView : values) {
            column.add(ofView[place]);
        }
        return column;
    }
}
