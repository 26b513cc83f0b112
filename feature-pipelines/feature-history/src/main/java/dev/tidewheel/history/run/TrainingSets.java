package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.FeatureView;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.questions.EveryKey;
import dev.tidewheel.history.questions.Labels;
import dev.tidewheel.history.questions.Questions;
import dev.tidewheel.history.questions.TableQuestions;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.ServiceHistories;
import dev.tidewheel.history.training.AskedFor;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.values.PastReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Builds training sets from histories: each at pinned snapshots, with a tag that keeps them from expiring as long as
 * somebody may want the same bytes again. The tag's name follows from what was asked and from which snapshots, so the same
 * set has the same tag. It is set before anything is read, and stays if the building fails. Who removes it: a person, or
 * table care by its age where that is configured, see {@link dev.tidewheel.history.care.CarePolicy}. Not thread-safe.
 */
public final class TrainingSets {
    /** What the names of the tags begin with that training sets hold their snapshots by. */
    public static final String TAG = "training-";

    private static final int TAG_DIGITS = 12;

    private final Definitions definitions;
    private final Histories histories;
    private int threads = Runtime.getRuntime().availableProcessors();
    private Optional<PastReader.Maker> finder = Optional.empty();
    private Map<String, Set<Integer>> served = Map.of();

    public TrainingSets(Definitions definitions, Histories histories) {
        this.definitions = definitions;
        this.histories = histories;
    }

    /** How many threads replay keys; as many as there are processors unless said otherwise. Decides no value. */
    public TrainingSets threads(int count) {
        this.threads = count;
        return this;
    }

    /** Who finds the values; this process unless said otherwise. Decides no byte. */
    public TrainingSets found(PastReader.Maker by) {
        this.finder = Optional.of(by);
        return this;
    }

    /**
     * Which imports the lineages were begun with that serve; nothing is known of views that are not among them. Decides no
     * byte but the manifest's.
     *
     * @param imports their numbers, by view
     */
    public TrainingSets served(Map<String, Set<Integer>> imports) {
        this.served = Map.copyOf(imports);
        return this;
    }

    /**
     * A training set to build.
     *
     * @param ask who asks, as the spec says
     * @param folder where to, replacing an earlier build
     * @param layout of its files
     * @param publishedIf see {@link TrainingSetBuilder#publishedIf}
     */
    public record Order(
            TrainingSetSpec spec, Ask ask, Path folder, RowLayout layout, Predicate<TrainingSetManifest> publishedIf) {
        /** One that takes its place whatever it is. */
        public Order(TrainingSetSpec spec, Ask ask, Path folder) {
            this(spec, ask, folder, RowLayout.FILE, manifest -> true);
        }
    }

    /** Told how a build goes on; called in the building thread. */
    public interface Progress extends TrainingSetBuilder.Progress {
        /** Nobody is told. */
        Progress NONE = (done, total) -> {};

        /** A source is being read. */
        default void reading(String source) {}
    }

    /**
     * Builds several training sets from the same snapshots.
     *
     * @param snapshots by source the snapshot to read, as an earlier manifest names it; the newest where none is given
     * @param progress told of each in turn
     * @return their manifests, in the order of the orders
     * @throws IllegalArgumentException if a source has no such snapshot, or none at all yet
     */
    public List<TrainingSetManifest> build(List<Order> orders, Map<String, Long> snapshots, Progress progress)
            throws IOException, InterruptedException {
        Map<String, Long> pinned = new TreeMap<>(snapshots);
        List<TrainingSetManifest> built = new ArrayList<>();
        for (Order order : orders) {
            built.add(build(order, pinned, progress));
        }
        return built;
    }

    /** The sources that a service's values come from. */
    public List<String> sources(ServicePlan service) {
        return service.reads().stream()
                .map(read -> definitions.view(read.view().spec().name()).source())
                .distinct()
                .toList();
    }

    /** The sources that a model's training sets are built from. */
    public List<String> sources(String model) {
        return Stream.concat(
                        Stream.of(definitions.modelPlan(model).source().name()),
                        sources(definitions.modelPlan(model).service()).stream())
                .distinct()
                .toList();
    }

    private TrainingSetManifest build(Order order, Map<String, Long> pinned, Progress progress)
            throws IOException, InterruptedException {
        TrainingSetSpec spec = order.spec().defined(hashes());
        List<String> sources = order.ask() instanceof Ask.Model asking
                ? sources(asking.plan().model().name())
                : sources(spec.service());
        Map<String, Long> snapshots = pin(sources, pinned);
        Map<String, Origin.Snapshot> tables = order.ask() instanceof Ask.Rows rows ? rows.tables() : Map.of();
        String tag = tag(spec, snapshots, tables);
        // Before they are read: what is read for long may not expire meanwhile.
        snapshots.forEach((source, snapshot) -> histories.tag(definitions.source(source), snapshot, tag));
        tables.values().forEach(table -> histories.tag(table.table(), table.snapshotId(), tag));
        Map<String, Erased> erased = erased(snapshots);
        TrainingSetBuilder builder = builder(spec, order.ask(), new Reading(snapshots, progress))
                .threads(threads)
                .layout(order.layout())
                .publishedIf(manifest -> {
                    requireNoErasureSince(erased, erased(snapshots));
                    return order.publishedIf().test(manifest);
                })
                .progress(progress);
        finder.ifPresent(builder::found);
        snapshots.keySet().forEach(source -> builder.tagged(source, tag));
        tables.keySet().forEach(table -> builder.tagged(table, tag));
        erased.forEach(builder::without);
        imported(spec.service(), snapshots, builder);
        return builder.build(order.folder());
    }

    private void imported(ServicePlan service, Map<String, Long> snapshots, TrainingSetBuilder builder) {
        Map<String, List<ImportOf>> imports = new TreeMap<>();
        snapshots.forEach(
                (source, snapshot) -> imports.put(source, histories.imports(definitions.source(source), snapshot)));
        imports.forEach(builder::imported);
        for (ViewRead read : service.reads()) {
            String view = read.view().spec().name();
            Set<Integer> has = served.get(view);
            List<ImportOf> there = imports.getOrDefault(definitions.view(view).source(), List.of());
            if (has != null && !there.isEmpty()) {
                builder.lacking(
                        view,
                        there.stream()
                                .map(ImportOf::number)
                                .filter(number -> !has.contains(number))
                                .toList());
            }
        }
    }

    private Map<String, Erased> erased(Map<String, Long> snapshots) {
        Map<String, Erased> erased = new TreeMap<>();
        snapshots.forEach((source, snapshot) ->
                histories.erased(definitions.source(source), snapshot).ifPresent(rows -> erased.put(source, rows)));
        return erased;
    }

    /** A manifest names the erasures by which all of its rows were read. */
    private static void requireNoErasureSince(Map<String, Erased> before, Map<String, Erased> after) {
        if (!before.equals(after)) {
            throw new IllegalArgumentException(
                    "an entity was erased while the training set was built: build it once more, without its rows");
        }
    }

    /** The snapshots of some sources; of those that are files there is none. */
    private Map<String, Long> pin(List<String> sources, Map<String, Long> pinned) {
        Map<String, Long> snapshots = new TreeMap<>();
        for (String source : sources) {
            Optional.ofNullable(pinned.get(source))
                    .or(() -> histories.newest(definitions.source(source)))
                    .ifPresent(snapshot -> snapshots.put(source, snapshot));
        }
        pinned.putAll(snapshots);
        return snapshots;
    }

    private static String tag(TrainingSetSpec spec, Map<String, Long> snapshots, Map<String, Origin.Snapshot> tables) {
        Map<String, Long> all = new TreeMap<>(snapshots);
        tables.forEach((name, table) -> all.put(name, table.snapshotId()));
        String digest = FileDigest.ofText(AskedFor.of(spec).toJson() + all);
        int start = digest.indexOf(':') + 1;
        return TAG + digest.substring(start, start + TAG_DIGITS);
    }

    /** Reads sources at pinned snapshots, each once as far as it is held in memory. */
    private final class Reading {
        private final Map<String, Long> snapshots;
        private final Progress progress;
        private final Map<String, ChangeHistory> held = new HashMap<>();

        Reading(Map<String, Long> snapshots, Progress progress) {
            this.snapshots = snapshots;
            this.progress = progress;
        }

        ChangeScan scan(Source source) {
            return histories.scan(source, Optional.ofNullable(snapshots.get(source.name())));
        }

        ChangeHistory history(Source source) {
            return held.computeIfAbsent(source.name(), name -> {
                progress.reading(name);
                return histories.read(source, Optional.ofNullable(snapshots.get(name)));
            });
        }
    }

    private TrainingSetBuilder builder(TrainingSetSpec spec, Ask ask, Reading reading) {
        Map<String, ChangeScan> views =
                ServiceHistories.read(definitions, spec.service().name(), reading::scan);
        if (ask instanceof Ask.Model model) {
            ChangeHistory events = reading.history(model.plan().source());
            return TrainingSetBuilder.ofModel(spec, model.plan(), events, views);
        }
        if (ask instanceof Ask.Rows rows) {
            Questions questions = new TableQuestions(
                    rows.table(),
                    rows.columns(),
                    spec.service(),
                    rows.entities(),
                    rows.labels(),
                    spec.moments(),
                    spec.knownBy());
            TrainingSetBuilder builder = new TrainingSetBuilder(spec, questions, views)
                    .from(TrainingSetManifest.QUESTIONS, rows.table().origin());
            rows.labels()
                    .map(Labels::table)
                    .ifPresent(labels -> builder.from(TrainingSetManifest.LABELS, labels.origin()));
            return builder;
        }
        Ask.Keys keys = (Ask.Keys) ask;
        return new TrainingSetBuilder(spec, everyKey(spec, keys, reading), views);
    }

    /** Which keys there are is only known when all changes were looked at. */
    private Questions everyKey(TrainingSetSpec spec, Ask.Keys keys, Reading reading) {
        return new EveryKey(
                spec.service(),
                keys.entities(),
                read -> {
                    FeatureView view = definitions.view(read.view().spec().name());
                    return reading.history(definitions.source(view.source())).retimed(spec.known(read));
                },
                keys.times().stream()
                        .map(Instant::toEpochMilli)
                        .filter(spec.moments()::contains)
                        .toList(),
                spec.servingDelay().toMillis());
    }

    private Map<String, String> hashes() {
        Map<String, String> hashes = new TreeMap<>();
        for (RegistryEntry entry : definitions.toRegistry()) {
            if (entry.kind().equals(Kind.FEATURE_VIEW.word())) {
                hashes.put(entry.name(), entry.hash());
            }
        }
        return hashes;
    }
}
