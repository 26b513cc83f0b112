package dev.tidewheel.history.exchange;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.values.Moments;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Has a cluster find the values of one training set: writes beside the questions what a job must know, and has somebody run
 * it. For one thread.
 *
 * @param spec of the set
 * @param definitions that it is computed by
 * @param tables where the raw tables are; empty if all sources are files
 * @param files histories that stand in files, by source
 * @param place of the cluster
 * @param runner runs the job
 */
public record ClusterMaker(
        TrainingSetSpec spec,
        Definitions definitions,
        Optional<WarehouseConfig> tables,
        Map<String, HistoryFile> files,
        Place place,
        Runner runner)
        implements PastReader.Maker {
    private static final Set<String> KINDS =
            Set.of(Kind.SOURCE.word(), Kind.FEATURE_VIEW.word(), Kind.FEATURE_SERVICE.word());
    private static final ObjectMapper JSON = new ObjectMapper();

    public ClusterMaker {
        files = Map.copyOf(files);
        Objects.requireNonNull(runner, "runner");
    }

    /**
     * Where and how wide a job is.
     *
     * @param exchange a folder that this process and all machines of the cluster see under one path
     * @param parallelism how many slots are used
     * @param memory about how much of a slot is used for rows; a third of the TaskManager's heap by its slots where it is
     *     empty
     */
    public record Place(Path exchange, int parallelism, Optional<DataSize> memory) {
        public Place {
            exchange = exchange.toAbsolutePath().normalize();
            if (parallelism < 1) {
                throw new IllegalArgumentException("a job has at least one subtask, got " + parallelism);
            }
        }
    }

    /** Runs a job. */
    @FunctionalInterface
    public interface Runner {
        /** Returns when the job of a configuration has put all values there. */
        void run(Path config) throws IOException, InterruptedException;
    }

    @Override
    public PastReader open(List<PastValues.View> views, long delayMillis) throws IOException {
        ExchangeFolder folder = ExchangeFolder.in(place.exchange());
        return new ExchangedReader(folder, views, delayMillis, place.parallelism(), (questions, moments) -> {
            Map<String, Object> config = config(folder, views, moments);
            config.put("questions", questions);
            config.put("delayMillis", delayMillis);
            JSON.writeValue(folder.definitions().toFile(), bodies());
            JSON.writeValue(folder.config().toFile(), config); // JSON is YAML too.
            runner.run(folder.config());
        });
    }

    private List<String> bodies() {
        return definitions.toRegistry().stream()
                .filter(entry -> KINDS.contains(entry.kind()))
                .map(RegistryEntry::body)
                .toList();
    }

    private Map<String, Object> config(ExchangeFolder folder, List<PastValues.View> views, Moments moments) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("exchange", folder.path().toString());
        config.put("service", spec.service().name());
        tables.map(WarehouseConfig::absolute)
                .ifPresent(where ->
                        config.put("warehouse", Map.of("path", where.path().toString(), "catalog", where.catalog())));
        config.put("files", toldFiles());
        config.put("snapshots", snapshots(views));
        config.put("held", held(views));
        config.put("knowledge", spec.retiming().kind().name());
        config.put("knowledgeMillis", spec.retiming().millis());
        spec.asOf().ifPresent(moment -> config.put("asOf", moment.toString()));
        config.put("first", moments.first());
        config.put("visibleThrough", moments.visibleThrough());
        config.put("parallelism", place.parallelism());
        place.memory().ifPresent(size -> config.put("memory", size.toString()));
        return config;
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private List<Map<String, Object>> toldFiles() {
        List<Map<String, Object>> told = new ArrayList<>();
        files.forEach((source, file) ->
                told.add(Map.of("source", source, "path", absolute(file.path()), "computed", file.computed())));
        return told;
    }

    private static Set<Map<String, Object>> snapshots(List<PastValues.View> views) {
        Set<Map<String, Object>> snapshots = new LinkedHashSet<>();
        for (PastValues.View view : views) {
            if (view.scan().origin() instanceof Origin.Snapshot table) {
                snapshots.add(Map.of("source", view.scan().columns().source(), "snapshot", table.snapshotId()));
            }
        }
        return snapshots;
    }

    private static List<String> held(List<PastValues.View> views) {
        return views.stream()
                .filter(view -> view.scan().isHeld())
                .map(view -> view.plan().spec().name())
                .toList();
    }
}
