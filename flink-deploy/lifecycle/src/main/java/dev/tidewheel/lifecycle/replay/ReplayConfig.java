package dev.tidewheel.lifecycle.replay;

import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.KafkaConfig;
import java.time.Duration;

/**
 * How decisions are replayed.
 *
 * @param kafka the inbox and the decisions
 * @param deadline for Kafka to answer, each time
 */
public record ReplayConfig(
        KafkaConfig kafka, @Default("30s") Duration deadline) {}
