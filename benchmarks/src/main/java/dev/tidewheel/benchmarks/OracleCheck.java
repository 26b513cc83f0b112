package dev.tidewheel.benchmarks;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import java.time.Duration;
import java.util.List;

/** Holds what our job has stored against the naive oracle: equal bits, for every key of a sample, or an error. */
final class OracleCheck {
    private OracleCheck() {}

    /**
     * Checks.
     *
     * @param topic of the job, which is also its project
     * @return how many values were compared
     */
    static int check(Platform platform, String topic, ViewShape view, Sample sample) {
        ViewPlan plan = view.plan();
        long end = sample.workload().eventTime(sample.workload().events() - 1) + 1;
        int compared = 0;
        try (RedisFeatureStore store =
                new RedisFeatureStore(new RedisStoreConfig(platform.redisUri(), topic, Duration.ofSeconds(5)))) {
            for (var key : sample.byKey().entrySet()) {
                String name = Workload.name(key.getKey());
                NaiveOracle oracle = new NaiveOracle(plan, changes(sample.workload(), topic, key.getValue()));
                KeyState state = stored(store, plan, name);
                for (long t : new long[] {end, end + Duration.ofHours(5).toMillis()}) {
                    FeatureValues stored = state.read(t);
                    FeatureValues expected = oracle.valuesAt(t);
                    if (!stored.row().equals(expected.row())) {
                        throw new IllegalStateException("key " + name + " at " + t + ": stored " + stored.row()
                                + ", the oracle says " + expected.row());
                    }
                    compared += stored.row().size();
                }
            }
        }
        return compared;
    }

    private static KeyState stored(RedisFeatureStore store, ViewPlan plan, String name) {
        StoredState state = store.read(List.of(new ViewKey(ViewShape.VIEW, ViewShape.LINEAGE, name)))
                .toCompletableFuture()
                .join()
                .get(0);
        if (state == null) {
            throw new IllegalStateException("the store has nothing for " + name);
        }
        return KeyState.decode(plan, state.base(), state.head());
    }

    private static List<Change> changes(Workload workload, String topic, List<Long> events) {
        return events.stream()
                .map(event -> new Change(
                        false,
                        EventId.of(topic, Workload.partition(event), Workload.offset(event)),
                        workload.eventTime(event),
                        workload.eventTime(event),
                        new Row(3)
                                .setLong(0, workload.eventTime(event))
                                .setString(1, workload.key(event))
                                .setLong(2, workload.amount(event))))
                .toList();
    }
}
