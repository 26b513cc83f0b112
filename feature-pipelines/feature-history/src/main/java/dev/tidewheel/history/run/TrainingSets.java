package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.scan.ChangeScan;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds training sets from the raw tables: each at a pinned snapshot, with a tag that keeps the snapshot from expiring as
 * long as somebody may want the same bytes again. The tag is set before anything is read, and stays if the building fails.
 * Who removes it: a person, or table care by its age where that is configured, see {@link
 * dev.tidewheel.history.care.CarePolicy}. Not thread-safe.
 */
public final class TrainingSets {
    /** What the names of the tags begin with that training sets hold their snapshots by. */
    public static final String TAG = "training-";

    private final Definitions definitions;
    private final Warehouse warehouse;

    public TrainingSets(Definitions definitions, Warehouse warehouse) {
        this.definitions = definitions;
        this.warehouse = warehouse;
    }

    /**
     * A training set to build.
     *
     * @param folder where to, replacing an earlier build
     */
    public record Order(TrainingSetSpec spec, Path folder) {}

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
        return build(List.of(new Order(spec, folder)), snapshots, progress).get(0);
    }

    /**
     * Builds several training sets of one model, from the same snapshots.
     *
     * @param snapshots as in {@link #build(TrainingSetSpec, Map, Path, TrainingSetBuilder.Progress)}
     * @param progress told of each in turn
     * @return their manifests, in the order of the orders
     */
    public List<TrainingSetManifest> build(
            List<Order> orders, Map<String, Long> snapshots, TrainingSetBuilder.Progress progress)
            throws IOException, InterruptedException {
        Map<String, Pinned> pinned = new HashMap<>();
        List<TrainingSetManifest> built = new ArrayList<>();
        for (Order order : orders) {
            built.add(build(order, snapshots, pinned, progress));
        }
        return built;
    }

    /** The sources that a model's training sets are built from. */
    public List<String> sources(String model) {
        List<String> names = new ArrayList<>();
        names.add(definitions.modelPlan(model).source().name());
        for (ViewRead view : definitions.modelPlan(model).service().reads()) {
            names.add(definitions.view(view.view().spec().name()).source());
        }
        return names.stream().distinct().toList();
    }

    private TrainingSetManifest build(
            Order order, Map<String, Long> snapshots, Map<String, Pinned> pinned, TrainingSetBuilder.Progress progress)
            throws IOException, InterruptedException {
        TrainingSetSpec spec = order.spec();
        String model = spec.model().model().name();
        Map<String, ChangeScan> views = ServiceHistories.read(
                definitions,
                spec.model().service().name(),
                source -> pin(source, model, snapshots, pinned).scan());
        ChangeHistory asked =
                pin(spec.model().source(), model, snapshots, pinned).history();
        TrainingSetBuilder builder = new TrainingSetBuilder(spec, asked, views).progress(progress);
        pinned.forEach((source, table) -> builder.tagged(source, table.tag));
        return builder.build(order.folder());
    }

    /** A raw table at the snapshot that a tag holds. */
    private static final class Pinned {
        private final String tag;
        private final RawTable table;
        private final SourceColumns columns;
        private final long snapshot;
        private @Nullable ChangeHistory history;

        Pinned(String tag, RawTable table, SourceColumns columns, long snapshot) {
            this.tag = tag;
            this.table = table;
            this.columns = columns;
            this.snapshot = snapshot;
        }

        ChangeScan scan() {
            return table.scan(columns, snapshot);
        }

        /** Held as long as somebody asks about its events. */
        ChangeHistory history() {
            ChangeHistory read = history == null ? table.read(columns, snapshot) : history;
            history = read;
            return read;
        }
    }

    private Pinned pin(Source source, String model, Map<String, Long> snapshots, Map<String, Pinned> pinned) {
        return pinned.computeIfAbsent(source.name(), unread -> {
            RawTable table = warehouse.raw(source);
            Long wanted = snapshots.get(source.name());
            long snapshot = wanted != null ? wanted : newest(table);
            String tag = TAG + model + "-" + snapshot;
            // Before it is read: what is read for long may not expire meanwhile.
            table.tag(tag, snapshot);
            return new Pinned(tag, table, SourceColumns.of(source), snapshot);
        });
    }

    private static long newest(RawTable table) {
        return table.newestSnapshot()
                .orElseThrow(() ->
                        new IllegalArgumentException(table.name() + " has no snapshot yet: nothing was committed"));
    }
}
