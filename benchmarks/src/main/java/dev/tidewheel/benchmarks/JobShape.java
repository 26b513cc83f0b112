package dev.tidewheel.benchmarks;

import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FeatureJobConfig.Checkpoint;
import dev.tidewheel.jobs.FeatureJobConfig.Flush;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.time.Duration;
import java.util.Map;

/**
 * The settings that all jobs of a comparison share.
 *
 * @param topic what they read
 * @param checkpoint from one to the next
 * @param state where state lives
 */
record JobShape(String topic, Duration checkpoint, StateBackend state) {
    static final int PARALLELISM = 2;
    /** That of every feature job. */
    static final int MAX_PARALLELISM = 128;

    static final Duration FLUSH_INTERVAL = Duration.ofMillis(5);
    static final int FLUSH_KEYS = 2_000;
    /** Of our job, the default: behind is every job that reads a topic which was filled before. */
    static final Duration BEHIND_INTERVAL = Duration.ofSeconds(1);
    /** Of our job, the default. */
    static final int HELD_KEYS = 50_000;
    /** Of every value that the writer's comparison writes. */
    static final Duration TIME_TO_LIVE = Duration.ofDays(8);

    /**
     * A fetch waits for more records, but no longer than for half a flush: where thousands come per second, it would else
     * return with a handful, thousands of times per second.
     */
    private static final Map<String, String> FETCHES = Map.of("fetch.min.bytes", "65536", "fetch.max.wait.ms", "2");

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    FeatureJobConfig config(Platform platform) {
        return new FeatureJobConfig(
                topic,
                topic,
                ClockMode.WALL,
                new KafkaConfig(platform.kafka().bootstrap(), FETCHES),
                new RedisConfig(platform.redisUri(), Duration.ofSeconds(5)),
                new WarehouseConfig(
                        platform.folder().resolve("warehouse"),
                        "jdbc:sqlite:" + platform.folder().resolve("catalog.db")),
                new Flush(FLUSH_INTERVAL, BEHIND_INTERVAL, HELD_KEYS, DEADLINE),
                new Checkpoint(
                        checkpoint, platform.folder().resolve("checkpoints").toUri()),
                PARALLELISM,
                state,
                Inject.NONE);
    }
}
