package dev.tidewheel.benchmarks;

import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.jobs.tile.StageView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * A view of the events by user: every aggregate over every window of every filter. Travels in the job graph and compiles
 * where it is needed.
 *
 * @param aggregates names
 * @param windows lengths in milliseconds
 * @param filters how many; with 1 there is no condition, filter i keeps amounts above a threshold of its own
 */
record ViewShape(ArrayList<String> aggregates, ArrayList<Long> windows, int filters)
        implements SerializableSupplier<List<StageView>> {
    private static final long serialVersionUID = 1L;

    static final String VIEW = "spending";
    static final long LINEAGE = 1;
    static final Duration HORIZON = Duration.ofDays(30);
    private static final long FUTURE_LIMIT = Duration.ofMinutes(10).toMillis();
    private static final long HEAD_SPAN = Duration.ofSeconds(10).toMillis();
    private static final int HEAD_ENTRIES = 64;
    private static final int FILTER_STEP = 1_000;

    /** The four aggregates of the benchmark over the given windows. */
    static ViewShape four(Duration... windows) {
        return of(List.of("count", "sum", "mean", "max"), 1, windows);
    }

    static ViewShape of(List<String> aggregates, int filters, Duration... windows) {
        ArrayList<Long> lengths = new ArrayList<>();
        for (Duration window : windows) {
            lengths.add(window.toMillis());
        }
        return new ViewShape(new ArrayList<>(aggregates), lengths, filters);
    }

    int features() {
        return aggregates.size() * windows.size() * filters;
    }

    ViewPlan plan() {
        List<FeatureSpec> features = new ArrayList<>();
        for (int filter = 0; filter < filters; filter++) {
            for (long window : windows) {
                for (String aggregate : aggregates) {
                    features.add(feature(filter, window, aggregate));
                }
            }
        }
        ViewSpec spec = new ViewSpec(
                VIEW,
                List.of("user_id"),
                Optional.empty(),
                List.of(),
                features,
                HORIZON.toMillis(),
                FUTURE_LIMIT,
                HEAD_SPAN,
                HEAD_ENTRIES);
        return ViewPlan.compile(spec, EventBytes.columns());
    }

    private static FeatureSpec feature(int filter, long window, String aggregate) {
        return new FeatureSpec(
                aggregate + "_" + filter + "_" + window,
                aggregate,
                Map.of(),
                aggregate.equals("count") ? Optional.empty() : Optional.of("amount"),
                filter == 0 ? Optional.empty() : Optional.of("amount > " + filter * FILTER_STEP),
                Window.Sliding.of(window));
    }

    @Override
    public List<StageView> get() {
        return List.of(new StageView(plan(), LINEAGE));
    }
}
