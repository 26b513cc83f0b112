package dev.tidewheel.lifecycle;

import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the lifecycle runs.
 *
 * @param clock who ticks: this process by the wall's clock, or whoever tells the story, into the inbox
 * @param kafka all that it reads and writes
 * @param ops metrics and health
 * @param applicationId the consumer group, and the start of the names of internal topics; instances that share it share
 *     the work
 * @param stateDir a folder of its own for Kafka Streams' lock and checkpoint files
 * @param tick how often a model's inbox gets a tick; only with {@code clock: wall}
 */
public record LifecycleConfig(
        @Default("wall") ClockMode clock,
        KafkaConfig kafka,
        OpsConfig ops,
        @Default("tidewheel-lifecycle") String applicationId,
        Path stateDir,
        @Default("10s") Duration tick) {
    public LifecycleConfig {
        if (applicationId.isBlank()) {
            throw new IllegalArgumentException("applicationId is empty; write tidewheel-lifecycle, or leave it out");
        }
        if (tick.toMillis() < 100) {
            throw new IllegalArgumentException("tick must be at least 100ms");
        }
    }
}
