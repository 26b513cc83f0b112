package dev.tidewheel.workbench.cli;

import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.workbench.stack.RunInfo;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which online store: given, or that of a run on this machine. */
final class StoreOption {
    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "The online store, redis://host:port (default: that of the run).")
    private Optional<URI> redis = Optional.empty();

    @Option(
            names = "--project",
            paramLabel = "NAME",
            defaultValue = "flights",
            description = "The first part of its keys (default: ${DEFAULT-VALUE}, as in the demo).")
    private String project = "flights";

    @Option(
            names = "--topology",
            defaultValue = "standalone",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private RedisStoreConfig.Topology topology = RedisStoreConfig.Topology.STANDALONE;

    @Option(
            names = "--tombstone-life",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long deleted keys are remembered, such as 7d (default: for ever; those of an erased"
                    + " entity an hour).")
    private Optional<Duration> tombstoneLife = Optional.empty();

    /**
     * Connects.
     *
     * @param run what is known of the run, if it must be asked
     * @param deadline for one call
     */
    RedisFeatureStore open(Supplier<RunInfo> run, Duration deadline) {
        return open(run, deadline, tombstoneLife);
    }

    /** The same, with deleted keys remembered for so long. */
    RedisFeatureStore open(Supplier<RunInfo> run, Duration deadline, Duration life) {
        return open(run, deadline, Optional.of(life));
    }

    /** How long deleted keys are remembered where that must have an end. */
    Duration tombstoneLife(Duration unlessGiven) {
        return tombstoneLife.orElse(unlessGiven);
    }

    private RedisFeatureStore open(Supplier<RunInfo> run, Duration deadline, Optional<Duration> life) {
        return new RedisFeatureStore(new RedisStoreConfig(
                redis.orElseGet(() -> URI.create(run.get().redis())),
                project,
                deadline,
                RedisStoreConfig.BATCH_KEYS,
                topology,
                life));
    }
}
