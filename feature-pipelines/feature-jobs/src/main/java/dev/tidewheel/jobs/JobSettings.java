package dev.tidewheel.jobs;

import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.runtime.config.ClockMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.rocksdb.CompressionType;

/** Flink's settings for a feature job, each with its reason. */
public final class JobSettings {
    /** Fixed for a job's life: key groups are cut by it. */
    static final int MAX_PARALLELISM = 128;

    private JobSettings() {}

    /** Those of a job with this configuration. */
    public static Configuration of(FeatureJobConfig config) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.NAME, "features-" + config.source());
        settings.set(CoreOptions.DEFAULT_PARALLELISM, config.parallelism());
        settings.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        // State must find its operator again after a change of the graph.
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        // A fallback to Kryo would be slow, and its format would bind the state to this version of the classes.
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        // No operator changes or keeps what it was given.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        // A marker must not wait in a half-filled buffer. A replay waits for each of its small ticks: there, records
        // are
        // sent on one by one, which spares a thread per channel that would wake up every millisecond.
        settings.set(
                ExecutionOptions.BUFFER_TIMEOUT,
                config.clock() == ClockMode.STORY ? Duration.ZERO : Duration.ofMillis(1));
        settings.set(StateBackendOptions.STATE_BACKEND, config.state().name().toLowerCase(Locale.ROOT));
        if (config.state() == StateBackend.ROCKSDB) {
            onDisk(settings);
        }
        // Uncompressed state on the heap is restored from files byte by byte, each with a call of the system: seconds
        // for
        // what takes a tenth when it is read in blocks.
        settings.set(ExecutionOptions.SNAPSHOT_COMPRESSION, true);
        checkpoints(settings, config);
        restarts(settings);
        return settings;
    }

    /** Each event reads one state by its key and writes it again, and hardly any is asked for twice in a short time. */
    private static void onDisk(Configuration settings) {
        // A whole snapshot of ten million keys takes longer than the interval between two.
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        // A level that does not have the key is not read.
        settings.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        // Blocks are hardly ever found in the cache: each read would decompress one for one state, which is compact.
        settings.set(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(CompressionType.NO_COMPRESSION));
    }

    private static void checkpoints(Configuration settings, FeatureJobConfig config) {
        settings.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpoint().interval());
        settings.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                config.checkpoint().directory().toString());
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // An exact cut needs the markers before the barrier, not in it.
        settings.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        // Values that could not be written fail their checkpoint, and with it the job.
        settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 0);
    }

    /**
     * Twenty-four attempts, quick at first: minutes for a broker to come back, not for ever. Half a minute without a failure
     * starts the count again. A store that is away costs one attempt, however long: the restarted subtasks wait for it.
     */
    private static void restarts(Configuration settings) {
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(20));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 2.0);
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofSeconds(30));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 24);
    }
}
