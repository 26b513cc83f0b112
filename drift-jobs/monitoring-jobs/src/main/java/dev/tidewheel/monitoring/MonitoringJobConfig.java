package dev.tidewheel.monitoring;

import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The configuration of the monitoring job: one per platform, all monitors.
 *
 * @param project part of the consumer group's name
 * @param clock whether windows close by the wall's clock or by a story's
 * @param kafka where inferences, labels and definitions come from, and metrics and alerts go to
 * @param warehouse where the tables {@code monitoring.*} lie
 * @param checkpoint when and where state is saved
 * @param parallelism of the keyed operators; reading and publishing have one subtask each
 * @param progress windows can close at multiples of this: each asks Kafka for its end offsets once
 */
public record MonitoringJobConfig(
        String project,
        @Default("wall") ClockMode clock,
        KafkaConfig kafka,
        WarehouseConfig warehouse,
        Checkpoint checkpoint,
        @Default("1") int parallelism,
        @Default("1h") Duration progress) {

    /**
     * When and where state is saved.
     *
     * @param interval from checkpoint to checkpoint; also how often the tables grow by a snapshot
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

    public MonitoringJobConfig {
        if (project.isBlank()) {
            throw new IllegalArgumentException("project must be named");
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1, got " + parallelism);
        }
        requirePositive(progress, "progress");
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(name + " must be at least a millisecond, such as 1h");
        }
    }
}
