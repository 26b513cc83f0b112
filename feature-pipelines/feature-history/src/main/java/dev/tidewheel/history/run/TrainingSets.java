package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ServiceHistories;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.warehouse.RawTable;
import dev.tidewheel.history.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds training sets from the raw tables: each at a pinned snapshot, with a tag that keeps the snapshot from expiring as
 * long as somebody may want the same bytes again. Not thread-safe.
 */
public final class TrainingSets {
    private final Definitions definitions;
    private final Warehouse warehouse;

    public TrainingSets(Definitions definitions, Warehouse warehouse) {
        this.definitions = definitions;
        this.warehouse = warehouse;
    }

    /**
     * Builds a training set.
     *
     * @param snapshots by source the snapshot to read, as an earlier manifest names it; the newest where none is given
     * @param folder where to, replacing an earlier build
     * @throws IllegalArgumentException if a source has no such snapshot, or none at all yet
     */
    public TrainingSetManifest build(
            TrainingSetSpec spec, Map<String, Long> snapshots, Path folder, TrainingSetBuilder.Progress progress)
            throws IOException, InterruptedException {
        String model = spec.model().model().name();
        Map<String, Pinned> pinned = new HashMap<>();
        Map<String, ChangeHistory> views = ServiceHistories.read(
                definitions, spec.model().service().name(), source -> pin(source, model, snapshots, pinned).history);
        ChangeHistory asked = pin(spec.model().source(), model, snapshots, pinned).history;
        TrainingSetBuilder builder = new TrainingSetBuilder(spec, asked, views).progress(progress);
        pinned.forEach((source, table) -> builder.tagged(source, table.tag));
        return builder.build(folder);
    }

    private record Pinned(String tag, ChangeHistory history) {}

    private Pinned pin(Source source, String model, Map<String, Long> snapshots, Map<String, Pinned> pinned) {
        return pinned.computeIfAbsent(source.name(), unread -> {
            RawTable table = warehouse.raw(source.name());
            Long wanted = snapshots.get(source.name());
            long snapshot = wanted != null
                    ? wanted
                    : table.newestSnapshot()
                            .orElseThrow(() -> new IllegalArgumentException(
                                    table.name() + " has no snapshot yet: nothing was committed"));
            ChangeHistory history = table.read(SourceColumns.of(source), snapshot);
            String tag = "training-" + model + "-" + snapshot;
            table.tag(tag, snapshot);
            return new Pinned(tag, history);
        });
    }
}
