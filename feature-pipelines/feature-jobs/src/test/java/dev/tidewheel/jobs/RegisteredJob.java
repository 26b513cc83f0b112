package dev.tidewheel.jobs;

import dev.tidewheel.jobs.registered.RegisteredJobs;
import dev.tidewheel.jobs.tile.RegistryPosition;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.registry.Registry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Starts the job of a source as its main does, from what the registry says; state is not compressed, so it can be read. */
public final class RegisteredJob {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private RegisteredJob() {}

    /** @param savepoint where it goes on; empty for the topic's beginning */
    public static JobClient start(FeatureJobConfig config, Optional<String> savepoint) throws Exception {
        Configuration settings = JobSettings.of(config);
        settings.set(ExecutionOptions.SNAPSHOT_COMPRESSION, false);
        savepoint.ifPresent(from -> settings.set(StateRecoveryOptions.SAVEPOINT_PATH, from));
        JobDefinition job;
        try (Registry registry = Registry.follow(config.kafka()).awaitLoaded(DEADLINE)) {
            RegistryPosition.note(settings, registry.position());
            Map<String, Definition> snapshot = registry.snapshot();
            job = RegisteredJobs.of(snapshot, config.source()).without(ErasedEntities.of(snapshot, config.erasures()));
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        FeatureJob.build(environment, config, job);
        return environment.executeAsync();
    }
}
