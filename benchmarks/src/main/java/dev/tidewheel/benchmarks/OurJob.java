package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.FeatureTopology;
import dev.tidewheel.jobs.JobDefinition;
import dev.tidewheel.jobs.JobSettings;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.tile.LiveConnector;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The feature job as it runs in production, with a connector that is watched. */
final class OurJob {
    /** What a task manager gives to RocksDB: a local cluster gives 128 MB unless told. */
    static final MemorySize DISK_CACHE = MemorySize.ofMebiBytes(1_024);

    private OurJob() {}

    /** @param run names the {@link Confirmed} */
    static JobClient start(String run, FeatureJobConfig config, ViewShape view) throws Exception {
        Configuration settings = JobSettings.of(config);
        if (config.state() == StateBackend.ROCKSDB) {
            settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, DISK_CACHE);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        WatchedConnector connector = new WatchedConnector(
                run,
                new LiveConnector(
                        config.kafka(),
                        config.redis(),
                        config.project(),
                        config.flush().deadline()));
        new FeatureTopology(environment, config, definition(config, view), connector).buildServing();
        return environment.executeAsync("features");
    }

    private static JobDefinition definition(FeatureJobConfig config, ViewShape view) {
        return new JobDefinition(
                // Every event is known when it happened, and is told apart by its place in the topic.
                new SourceLayout(config.source(), config.source(), EventBytes.SCHEMA, "ts", "ts", null),
                ViewShape.HORIZON.toMillis(),
                EventBytes::columns,
                List.of(new JobDefinition.Entity(List.of("user_id"), view)));
    }
}
