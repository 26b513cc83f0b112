package dev.tidewheel.history.run;

import dev.tidewheel.history.warehouse.Warehouse;
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
    private static final long PAUSE_MILLIS = 100;

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
        long end = System.nanoTime() + deadline.toNanos();
        Optional<Long> looked = Optional.empty();
        Map<TopicPartition, Long> missing = new HashMap<>(until);
        while (true) {
            Optional<Long> newest = newest(source);
            if (newest.isPresent() && !newest.equals(looked)) {
                looked = newest;
                missing = missing(until, warehouse.raw(source).nextOffsets(newest.get()));
                if (missing.isEmpty()) {
                    return newest.get();
                }
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("raw." + source + " did not hold the records before " + missing
                        + " (partition=offset) within " + deadline.toSeconds()
                        + " s; is the feature job running, and does it make checkpoints?");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private Optional<Long> newest(String source) {
        return warehouse.hasRaw(source) ? warehouse.raw(source).newestSnapshot() : Optional.empty();
    }

    private static Map<TopicPartition, Long> missing(Map<TopicPartition, Long> until, Map<TopicPartition, Long> held) {
        Map<TopicPartition, Long> missing = new HashMap<>();
        until.forEach((partition, next) -> {
            if (held.getOrDefault(partition, 0L) < next) {
                missing.put(partition, next);
            }
        });
        return missing;
    }
}
