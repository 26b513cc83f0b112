package dev.tidewheel.workbench.sets;

import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.questions.Labels;
import dev.tidewheel.history.run.Ask;
import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.training.AskedFor;
import dev.tidewheel.history.training.QuestionsOf;
import dev.tidewheel.history.training.QuestionsOf.LabelsOf;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.warehouse.PlainTable;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.SetRequest.OfKeys;
import dev.tidewheel.workbench.sets.SetRequest.OfLabels;
import dev.tidewheel.workbench.sets.SetRequest.OfModel;
import dev.tidewheel.workbench.sets.SetRequest.OfRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** From what a person asks for to a training set in a folder. For one thread. */
public final class SetWork {
    private final OpenHistory history;
    private final SetRequest request;
    private final Optional<Earlier> earlier;
    private final Optional<Earlier> there;
    private final Predicate<TrainingSetManifest> publishedIf;
    private Optional<ClusterOrder> cluster = Optional.empty();

    /**
     * @param earlier the set whose data are read again; empty for the newest data
     * @param there the set that would be replaced; looked at where data are read again
     * @param publishedIf whether what was built may take its place in the folder
     */
    public SetWork(
            OpenHistory history,
            SetRequest request,
            Optional<Earlier> earlier,
            Optional<Earlier> there,
            Predicate<TrainingSetManifest> publishedIf) {
        this.history = history;
        this.request = request;
        this.earlier = earlier;
        this.there = there;
        this.publishedIf = publishedIf;
    }

    /** Has a cluster find the values. Decides no byte. */
    public SetWork on(Optional<ClusterOrder> other) {
        this.cluster = other;
        return this;
    }

    private record Prepared(TrainingSetSpec spec, Ask ask) {}

    /**
     * Builds the set.
     *
     * @param layout of its files
     * @throws WorkbenchException if it cannot be built; the message says what to do
     */
    public TrainingSetManifest build(Path folder, RowLayout layout, TrainingSets.Progress progress)
            throws IOException, InterruptedException {
        try {
            Prepared prepared = prepare();
            if (earlier.isPresent()) {
                requireSame(earlier.get(), prepared.spec);
                // A set that is replaced is another answer to the same question, whoever's data are read.
                there.ifPresent(set -> set.requireSame(AskedFor.of(prepared.spec)));
            }
            TrainingSets sets = new TrainingSets(history.definitions(), history.histories())
                    .served(earlier.map(Earlier::imports).orElse(history.imports()));
            cluster.ifPresent(order -> sets.found(order.finder(history, prepared.spec)));
            Map<String, Long> snapshots = earlier.map(Earlier::snapshots).orElse(Map.of());
            return sets.build(
                            List.of(new TrainingSets.Order(prepared.spec, prepared.ask, folder, layout, publishedIf)),
                            snapshots,
                            progress)
                    .get(0);
        } catch (IllegalArgumentException | IOException | UncheckedIOException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A file whose events are known when they happen does not say what was known at any moment. */
    private void requireKnownTimes() {
        for (String source : history.files().keySet()) {
            if (history.definitions().source(source).knownTime().isEmpty()) {
                throw new WorkbenchException("--as-of leaves out what became known later, and the file of source '"
                        + source + "' does not say when its events did: declare its knownTime, or leave --as-of out");
            }
        }
    }

    private void requireSame(Earlier before, TrainingSetSpec spec) throws IOException {
        before.requireSame(AskedFor.of(spec));
        before.requireSameHistories(history.files());
    }

    private Prepared prepare() throws IOException {
        if (request.asOf().isPresent()) {
            requireKnownTimes();
        }
        Prepared plain = plain();
        TrainingSetSpec spec = plain.spec
                .knowing(request.retiming())
                .delayed(request.servingDelay().time());
        if (!request.servingDelay().equals(ServingDelay.NONE)) {
            spec = spec.measured(request.servingDelay().measured());
        }
        if (request.moments().isPresent()) {
            spec = spec.at(request.moments().get());
        }
        return new Prepared(request.asOf().map(spec::asOf).orElse(spec), plain.ask);
    }

    private Prepared plain() throws IOException {
        Map<String, Long> lineages = earlier.map(Earlier::lineages).orElse(history.lineages());
        if (request.who() instanceof OfModel asker) {
            ModelPlan plan = history.definitions().modelPlan(asker.model());
            String hash = history.serviceHash(plan.service().name());
            return new Prepared(TrainingSetSpec.of(plan, hash, lineages), new Ask.Model(plan));
        }
        if (request.who() instanceof OfRows rows) {
            return rows(rows, lineages);
        }
        OfKeys keys = (OfKeys) request.who();
        return new Prepared(
                spec(keys.service(), lineages, QuestionsOf.everyKey(keys.times())),
                new Ask.Keys(keys.times(), entities(keys.service())));
    }

    private Prepared rows(OfRows rows, Map<String, Long> lineages) throws IOException {
        RowTable questions = read(rows.place(), TrainingSetManifest.QUESTIONS);
        Optional<Labels> labels = Optional.empty();
        @Nullable LabelsOf labelsOf = null;
        if (rows.labels().isPresent()) {
            OfLabels from = rows.labels().get();
            RowTable table = read(from.place(), TrainingSetManifest.LABELS);
            labels = Optional.of(new Labels(table, from.on(), from.column(), from.known()));
            labelsOf = new LabelsOf(
                    name(table),
                    digest(table),
                    from.on(),
                    from.column(),
                    from.known().orElse(null));
        }
        QuestionsOf description = QuestionsOf.rows(name(questions), digest(questions), rows.columns(), labelsOf);
        return new Prepared(
                spec(rows.service(), lineages, description),
                new Ask.Rows(questions, rows.columns(), labels, entities(rows.service())));
    }

    private TrainingSetSpec spec(String service, Map<String, Long> lineages, QuestionsOf questions) {
        ServicePlan plan = history.definitions().servicePlan(service);
        return TrainingSetSpec.of(plan, history.serviceHash(service), lineages, questions);
    }

    private List<String> entities(String service) {
        return history.definitions().service(service).entities();
    }

    private RowTable read(Place place, String role) throws IOException {
        if (place instanceof Place.OfFile file) {
            if (!Files.isRegularFile(file.path())) {
                throw new WorkbenchException("there is no file " + file.path());
            }
            return RowTable.read(file.path());
        }
        String name = ((Place.OfTable) place).name();
        PlainTable table = history.requireWarehouse("table " + name).table(name);
        long snapshot = earlier.flatMap(before -> before.snapshot(role))
                .or(table::newestSnapshot)
                .orElseThrow(() -> new WorkbenchException("table " + name + " is empty: nothing was committed"));
        return table.read(snapshot);
    }

    private static String name(RowTable table) {
        return table.origin() instanceof Origin.File file ? file.name() : ((Origin.Snapshot) table.origin()).table();
    }

    private static @Nullable String digest(RowTable table) {
        return table.origin() instanceof Origin.File file ? file.digest() : null;
    }
}
