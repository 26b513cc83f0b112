package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoreUnavailableException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class FlushPipelineTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    /** Of one attempt, and of the pause before the next. */
    private static final long STEP_MILLIS = 70;
    /** More than the deadline, and more than the patience with a step that tells nothing. */
    private static final int PORTIONS = 25;

    private static final Map<ViewKey, StoredState> PORTION =
            Map.of(new ViewKey("origin_delays", TestFlights.LINEAGE, "LAX"), StoredState.erased());

    private final List<FrontierPhase> published = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aFlushThatGetsOnMayTakeLongerThanTheDeadline() {
        SlowStore store = new SlowStore(attempt -> attempt % 2 == 0);
        FlushPipeline pipeline = pipeline(store);
        pipeline.start(flush(PORTIONS));

        pipeline.awaitConfirmed();

        assertThat(store.attempts).isEqualTo(2 * PORTIONS);
        assertThat(published).containsExactly(FrontierPhase.ANNOUNCED, FrontierPhase.ACKNOWLEDGED);
    }

    @Test
    void aPortionThatIsRefusedForLongerFails() {
        FlushPipeline pipeline = pipeline(new SlowStore(attempt -> attempt <= 1));
        pipeline.start(flush(2));

        assertThatThrownBy(pipeline::awaitConfirmed)
                .isInstanceOf(FlushFailedException.class)
                .hasRootCauseInstanceOf(StoreUnavailableException.class);
        assertThat(published).containsExactly(FrontierPhase.ANNOUNCED);
    }

    private static Flush flush(int portions) {
        return new Flush(new FlushId(1, 0, 1), Map.of(0, 7L), Collections.nCopies(portions, PORTION), true, 0);
    }

    private FlushPipeline pipeline(SlowStore store) {
        StageSpec spec = new StageSpec(
                "flights", "origin", "flights", true, TestFlights.HORIZON, TestFlights::originViews, 1_000, DEADLINE);
        var task = new TaskInfoImpl("slow", 8, 0, 1, 0);
        List<StageView> views = TestFlights.originViews();
        return new FlushPipeline(
                store,
                new FrontierFactory(spec, views, task, RegistryPosition.UNKNOWN),
                DEADLINE,
                store.storeIdentity().toCompletableFuture().join(),
                () -> {},
                millis -> later(() -> null),
                new StageMetrics(new UnregisteredMetricsGroup(), spec, views));
    }

    private static <T> CompletableFuture<T> later(Supplier<T> result) {
        Executor delayed = CompletableFuture.delayedExecutor(STEP_MILLIS, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(result, delayed);
    }

    /** Answers late, and accepts only some attempts, counted from 1. */
    private final class SlowStore implements StageConnector.Connection, FeatureWriter {
        private final Predicate<Integer> accepts;
        private volatile int attempts;

        SlowStore(Predicate<Integer> accepts) {
            this.accepts = accepts;
        }

        @Override
        public CompletionStage<Outcome> write(Map<ViewKey, StoredState> batch) {
            int attempt = attempts + 1; // One after the other.
            attempts = attempt;
            return later(() -> {
                if (!accepts.test(attempt)) {
                    throw new StoreUnavailableException("refused attempt " + attempt, null);
                }
                return new Outcome(batch.size(), 0);
            });
        }

        @Override
        public CompletionStage<Outcome> delete(Map<ViewKey, StoredState> batch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FeatureWriter writer() {
            return this;
        }

        @Override
        public CompletionStage<String> storeIdentity() {
            return CompletableFuture.completedFuture("the only one");
        }

        @Override
        public CompletionStage<Void> publish(Frontier frontier) {
            published.add(frontier.getPhase());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
