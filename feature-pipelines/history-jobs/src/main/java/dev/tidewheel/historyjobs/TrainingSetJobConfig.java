package dev.tidewheel.historyjobs;

import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.training.Knowledge;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a batch has to find; {@code tidewheel training-set --flink} writes it. Paths are those that every machine of the
 * cluster sees.
 *
 * @param exchange the folder with the questions and the definitions, to which values go
 * @param service whose views are asked
 * @param warehouse with the raw tables; empty if all sources are files
 * @param files histories that stand in files
 * @param snapshots of the raw tables
 * @param held views whose sources are held whole by whoever reads them
 * @param knowledge what a question may know
 * @param knowledgeMillis see {@link Retiming}
 * @param asOf what became known later does not exist
 * @param questions how many there are
 * @param first the first moment asked, epoch milliseconds
 * @param visibleThrough what any question can see was visible by then, epoch milliseconds
 * @param delayMillis a question at t sees only what was visible so long before
 * @param parallelism of the job
 * @param memory about how much of a slot is used for rows; a third of the heap by the slots unless said otherwise
 */
public record TrainingSetJobConfig(
        Path exchange,
        String service,
        Optional<WarehouseConfig> warehouse,
        @Default("[]") List<FileOf> files,
        @Default("[]") List<SnapshotOf> snapshots,
        @Default("[]") List<String> held,
        Knowledge knowledge,
        @Default("0") long knowledgeMillis,
        Optional<Instant> asOf,
        long questions,
        long first,
        long visibleThrough,
        @Default("0") long delayMillis,
        int parallelism,
        Optional<DataSize> memory) {
    /**
     * The history of a source in a file.
     *
     * @param computed columns that the file does not store: expressions over those that it does, by name
     */
    public record FileOf(String source, Path path, Map<String, String> computed) {}

    /** The snapshot of a source's raw table. */
    public record SnapshotOf(String source, long snapshot) {}

    public TrainingSetJobConfig {
        files = List.copyOf(files);
        snapshots = List.copyOf(snapshots);
        held = List.copyOf(held);
        if (questions < 1) {
            throw new IllegalArgumentException("questions must be at least 1, got " + questions);
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1, got " + parallelism);
        }
    }

    Map<String, HistoryFile> historyFiles() {
        return files.stream()
                .collect(Collectors.toMap(FileOf::source, file -> new HistoryFile(file.path, file.computed)));
    }

    /** Empty where the source is a file. */
    Optional<Long> snapshot(String source) {
        return snapshots.stream()
                .filter(each -> each.source.equals(source))
                .map(SnapshotOf::snapshot)
                .findFirst();
    }

    Retiming retiming() {
        return new Retiming(knowledge, knowledgeMillis);
    }

    /** @param views how many the service has */
    BatchOrder order(int views) {
        return new BatchOrder(
                exchange.toString(),
                views,
                questions,
                first,
                visibleThrough,
                delayMillis,
                parallelism,
                memory.map(DataSize::bytes).orElse(0L));
    }
}
