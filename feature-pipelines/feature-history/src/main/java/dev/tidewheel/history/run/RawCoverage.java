package dev.tidewheel.history.run;

import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.process.Looks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Waits until a source's raw table holds what its topics held at some moment: jobs commit with their checkpoints, so a
 * table lags behind its topics. For one thread.
 */
public final class RawCoverage {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Warehouse warehouse;
    private final Duration deadline;

    /**
     * @param deadline of one wait, wall time
     */
    public RawCoverage(Warehouse warehouse, Duration deadline) {
        this.warehouse = warehouse;
        this.deadline = deadline;
    }

    /**
     * Waits for a snapshot that holds all records before some offsets. Records of a partition are committed in their
     * order, so the greatest offset tells it.
     *
     * @param until by partition the first offset that need not be in
     * @return the first such snapshot seen
     * @throws IllegalStateException if there is none within the deadline; the message says what is missing
     */
    public long await(String source, Map<TopicPartition, Long> until) throws InterruptedException {
        Table table = new Table(source, until);
        return new Looks(deadline, BETWEEN_LOOKS)
                .until(table::covering)
                .orElseThrow(() -> new IllegalStateException("raw." + source + " did not hold the records before "
                        + table.missing + " (partition=offset) within " + deadline.toSeconds()
                        + " s; is the feature job running, and does it make checkpoints?"));
    }

    /** What was seen of a table. */
    private final class Table {
        private final String source;
        private final Map<TopicPartition, Long> until;
        private Optional<Long> looked = Optional.empty();
        private Map<TopicPartition, Long> missing;

        Table(String source, Map<TopicPartition, Long> until) {
            this.source = source;
            this.until = until;
            this.missing = until;
        }

        /** The newest snapshot, if it holds all. */
        Optional<Long> covering() {
            Optional<Long> newest = newest();
            if (newest.isPresent() && !newest.equals(looked)) {
                looked = newest;
                missing = missing(until, warehouse.raw(source).nextOffsets(newest.get()));
            }
            return newest.filter(snapshot -> missing.isEmpty());
        }

        private Optional<Long> newest() {
            return warehouse.hasRaw(source) ? warehouse.raw(source).newestSnapshot() : Optional.empty();
        }
    }

    /**
     * What a table lacks.
     *
     * @param until by partition the first offset that need not be in
     * @param held by partition the first offset that is not in
     * @return of {@code until} the partitions that are held less far
     */
    public static <P> Map<P, Long> missing(Map<P, Long> until, Map<P, Long> held) {
        Map<P, Long> missing = new HashMap<>();
        until.forEach((partition, next) -> {
            if (held.getOrDefault(partition, 0L) < next) {
                missing.put(partition, next);
            }
        });
        return missing;
    }
}
