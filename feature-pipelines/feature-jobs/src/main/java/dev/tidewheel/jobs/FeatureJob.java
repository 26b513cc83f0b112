package dev.tidewheel.jobs;

import dev.tidewheel.jobs.registered.RegisteredJobs;
import dev.tidewheel.jobs.tile.LiveConnector;
import dev.tidewheel.jobs.tile.RegistryPosition;
import dev.tidewheel.jobs.tile.StageConnector;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.registry.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code main} of a feature job: reads its configuration and, once, the registry; builds the graph and hands it to the
 * cluster that runs it. To take up changed definitions it is stopped with a savepoint and submitted again.
 */
public final class FeatureJob {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureJob.class);
    private static final Duration REGISTRY_DEADLINE = Duration.ofSeconds(30);

    private FeatureJob() {}

    /** @param arguments {@code --config FILE}, see {@link FeatureJobConfig} */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            throw new IllegalArgumentException("usage: --config FILE");
        }
        FeatureJobConfig config = ConfigLoader.load(Path.of(arguments[1]), FeatureJobConfig.class);
        Configuration settings = JobSettings.of(config);
        JobDefinition definition = definition(config, settings);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        build(environment, config, definition);
        environment.execute();
    }

    private static JobDefinition definition(FeatureJobConfig config, Configuration settings)
            throws InterruptedException {
        try (Registry registry = Registry.follow(config.kafka()).awaitLoaded(REGISTRY_DEADLINE)) {
            RegistryPosition.note(settings, registry.position());
            Map<String, Definition> snapshot = registry.snapshot();
            return RegisteredJobs.of(snapshot, config.source()).without(ErasedEntities.of(snapshot, config.erasures()));
        }
    }

    /** Adds the job's graph to an environment that has the settings of {@link JobSettings}. */
    static void build(StreamExecutionEnvironment environment, FeatureJobConfig config, JobDefinition job) {
        if (config.inject().isActive()) {
            LOG.warn("source {} will have errors on purpose: {}", config.source(), config.inject());
        }
        StageConnector live = new LiveConnector(
                config.kafka(), config.redis(), config.project(), config.flush().deadline());
        StageConnector connector =
                config.inject().deaths().map(file -> Deaths.ordered(live, file)).orElse(live);
        new FeatureTopology(environment, config, job, connector).build();
    }
}
