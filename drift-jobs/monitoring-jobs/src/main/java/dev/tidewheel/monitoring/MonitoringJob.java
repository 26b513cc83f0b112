package dev.tidewheel.monitoring;

import dev.tidewheel.runtime.config.ConfigLoader;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The {@code main} of the monitoring job: reads its configuration, builds the graph and hands it to the cluster that runs
 * it. Monitors, profiles and services are followed while it runs.
 */
public final class MonitoringJob {
    private MonitoringJob() {}

    /** @param arguments {@code --config FILE}, see {@link MonitoringJobConfig} */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            throw new IllegalArgumentException("usage: --config FILE");
        }
        MonitoringJobConfig config = ConfigLoader.load(Path.of(arguments[1]), MonitoringJobConfig.class);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(MonitoringSettings.of(config));
        build(environment, config);
        environment.execute();
    }

    /** Adds the job's graph to an environment that has the settings of {@link MonitoringSettings}. */
    static void build(StreamExecutionEnvironment environment, MonitoringJobConfig config) {
        new MonitoringTopology(environment, config).build();
    }
}
