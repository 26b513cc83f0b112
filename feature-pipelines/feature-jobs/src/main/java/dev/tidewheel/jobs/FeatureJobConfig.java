package dev.tidewheel.jobs;

import dev.tidewheel.jobs.source.registry.SchemaRegistryConfig;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.TopicSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of one feature job: one source, all its views.
 *
 * @param project part of every key in the online store
 * @param source the source's name in the registry
 * @param clock whether the platform runs in wall or in story time
 * @param kafka where records come from and frontiers go to
 * @param redis the online store
 * @param warehouse where the raw table lies
 * @param flush when values are written to the online store
 * @param checkpoint when and where state is saved
 * @param parallelism of every operator; the source's partitions are the useful maximum on the reading side
 * @param state {@code hashmap} or {@code rocksdb}
 * @param inject errors made on purpose, to prove that parity finds them; only in story time
 * @param changelog how the topics of views' changelogs are created; only for jobs whose source is one
 * @param schemaRegistry where the schemas of writers are; only for sources whose format needs them
 * @param erasures the key of the list of erased entities; needed as soon as one is erased
 * @param lost what to do about offsets that neither Kafka nor the raw table has
 */
public record FeatureJobConfig(
        String project,
        String source,
        @Default("wall") ClockMode clock,
        KafkaConfig kafka,
        RedisConfig redis,
        WarehouseConfig warehouse,
        @Default("{}") Flush flush,
        Checkpoint checkpoint,
        @Default("1") int parallelism,
        @Default("hashmap") StateBackend state,
        @Default("{}") Inject inject,
        @Default("{}") Changelog changelog,
        Optional<SchemaRegistryConfig> schemaRegistry,
        Optional<ErasureKey> erasures,
        @Default("refuse") Lost lost) {

    /** What to do about records that are lost. */
    public enum Lost {
        /** Fail, and name their offsets. */
        REFUSE,
        /** Go on without them, and log their offsets. */
        SKIP
    }

    /** Where keyed state lives between checkpoints. */
    public enum StateBackend {
        /** On the heap: fastest, bounded by memory. */
        HASHMAP,
        /** On disk: for states larger than memory. */
        ROCKSDB
    }

    /**
     * When values are written.
     *
     * @param interval the source side asks for a flush so long after the first record that has not been flushed
     * @param behindInterval so long at most if the job is behind its source, so that a key that changes again meanwhile is
     *     written once; never more than a quarter of how far it is behind. The interval if that is greater
     * @param maxKeys so many changed keys of a subtask are flushed without being asked
     * @param deadline how long Kafka and the store may refuse before the job fails and restores; meanwhile the stream
     *     waits
     */
    public record Flush(
            @Default("5ms") Duration interval,
            @Default("1s") Duration behindInterval,
            @Default("50000") int maxKeys,
            @Default("30s") Duration deadline) {
        public Flush {
            requirePositive(interval, "flush.interval");
            requirePositive(behindInterval, "flush.behindInterval");
            requirePositive(deadline, "flush.deadline");
            if (maxKeys < 1) {
                throw new IllegalArgumentException("flush.maxKeys must be at least 1, got " + maxKeys);
            }
        }
    }

    /**
     * When and where state is saved.
     *
     * @param interval from checkpoint to checkpoint; also how often the raw table grows by a snapshot
     * @param directory a URI or a path that all machines of the cluster see
     */
    public record Checkpoint(@Default("5s") Duration interval, URI directory) {
        public Checkpoint {
            requirePositive(interval, "checkpoint.interval");
            if (directory.getScheme() == null) {
                directory = Path.of(directory.getPath()).toAbsolutePath().toUri();
            }
        }
    }

    /**
     * How topics of changelogs are created. What exists with other partitions is refused.
     *
     * @param partitions of each
     * @param retention how long a record is kept after the time up to which its topic was complete then; for ever if not
     *     given. A lineage that begins later lacks what is gone
     */
    public record Changelog(@Default("4") int partitions, Optional<Duration> retention) {
        /** What a configuration has that says nothing of it. */
        public static final Changelog DEFAULT = new Changelog(4, Optional.empty());

        public Changelog {
            if (partitions < 1) {
                throw new IllegalArgumentException("changelog.partitions must be at least 1, got " + partitions);
            }
            retention.ifPresent(time -> requirePositive(time, "changelog.retention"));
        }

        /** Timestamps are the writer's: they say how far the topic is complete. */
        TopicSpec topic(String name) {
            return new TopicSpec(
                    name,
                    partitions,
                    Map.of(
                            "cleanup.policy",
                            "delete",
                            "retention.ms",
                            Long.toString(retention.map(Duration::toMillis).orElse(-1L)),
                            "message.timestamp.type",
                            "CreateTime"));
        }
    }

    /**
     * Errors made on purpose; events are chosen by a hash of their id: the same in every run.
     *
     * @param drop the share of changes that reach no view, in [0, 1]
     * @param duplicate the share of changes that count twice, in [0, 1]
     * @param deaths a file that orders at which steps of the writer the process dies, see {@link Deaths}
     */
    public record Inject(
            @Default("0") double drop, @Default("0") double duplicate, Optional<Path> deaths) {
        /** None. */
        public static final Inject NONE = new Inject(0, 0);

        /** Wrong values only. */
        public Inject(double drop, double duplicate) {
            this(drop, duplicate, Optional.empty());
        }

        /** Whether there are any. */
        public boolean isActive() {
            return drop > 0 || duplicate > 0 || deaths.isPresent();
        }

        public Inject {
            requireShare(drop, "inject.drop");
            requireShare(duplicate, "inject.duplicate");
        }

        private static void requireShare(double share, String name) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(name + " is a share in [0, 1], got " + share);
            }
        }
    }

    public FeatureJobConfig {
        if (project.isBlank() || source.isBlank()) {
            throw new IllegalArgumentException("project and source must be named");
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1, got " + parallelism);
        }
        if (inject.isActive() && clock != ClockMode.STORY) {
            throw new IllegalArgumentException(
                    "inject makes errors on purpose and is refused in wall time; remove it, or set clock: story");
        }
    }

    /** Without a schema registry, and nobody is erased. */
    public FeatureJobConfig(
            String project,
            String source,
            ClockMode clock,
            KafkaConfig kafka,
            RedisConfig redis,
            WarehouseConfig warehouse,
            Flush flush,
            Checkpoint checkpoint,
            int parallelism,
            StateBackend state,
            Inject inject) {
        this(
                project,
                source,
                clock,
                kafka,
                redis,
                warehouse,
                flush,
                checkpoint,
                parallelism,
                state,
                inject,
                Changelog.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Lost.REFUSE);
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, such as 5ms");
        }
    }
}
