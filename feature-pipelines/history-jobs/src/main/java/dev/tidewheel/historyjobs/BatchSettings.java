package dev.tidewheel.historyjobs;

import java.time.Duration;
import org.apache.flink.api.common.BatchShuffleMode;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;

/** Flink's settings for a batch, each with its reason. */
final class BatchSettings {
    /** As the job calls itself on the cluster, with the folder of its exchange. */
    static final String NAME = "training-set ";

    private BatchSettings() {}

    static Configuration of(BatchOrder order) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.NAME, NAME + order.exchange());
        settings.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
        // What a task has written is read again by who comes after a death; and any number of slots is enough.
        settings.set(ExecutionOptions.BATCH_SHUFFLE_MODE, BatchShuffleMode.ALL_EXCHANGES_BLOCKING);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        // No operator changes or keeps what it was given.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        // Without checkpoints nothing would be tried again by itself. Ten deaths are more than bad luck.
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        return settings;
    }
}
