package dev.tidewheel.history.run;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.questions.TableColumns;
import dev.tidewheel.history.questions.TableQuestions;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.source.ServiceHistories;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetManifest.Data;
import dev.tidewheel.history.training.TrainingSetSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Asks the rows of a training set again, from the data that the set was built from, with other knowledge. Not thread-safe. */
public final class OtherWorlds {
    private final Definitions definitions;
    private final Histories histories;
    private final TrainingSetManifest manifest;

    /**
     * @param definitions those that the set was built by
     * @param manifest of the set
     */
    public OtherWorlds(Definitions definitions, Histories histories, TrainingSetManifest manifest) {
        this.definitions = definitions;
        this.histories = histories;
        this.manifest = manifest;
    }

    /**
     * Builds them.
     *
     * @param rows of the set, with all its columns, in the order of time
     * @param delay of serving
     * @param folder an empty one
     * @return one row for each, in the same order
     */
    public TrainingSet build(RowTable rows, Retiming world, Duration delay, Path folder, TrainingSets.Progress progress)
            throws IOException, InterruptedException {
        ServicePlan service = definitions.servicePlan(manifest.service());
        TrainingSetSpec plain = TrainingSetSpec.of(
                        service,
                        manifest.serviceHash(),
                        manifest.lineages(),
                        manifest.asked().questions())
                .knowing(world)
                .delayed(delay);
        TrainingSetSpec spec = Optional.ofNullable(manifest.asked().asOf())
                .map(Instant::parse)
                .map(plain::asOf)
                .orElse(plain);
        Map<String, ChangeScan> views = ServiceHistories.read(
                definitions, service.name(), source -> histories.scan(source, snapshot(source.name())));
        TableQuestions questions = new TableQuestions(
                rows,
                columns(),
                service,
                definitions.service(service.name()).entities(),
                Optional.empty(),
                spec.moments(),
                Long.MAX_VALUE); // Their labels were known.
        new TrainingSetBuilder(spec, questions, views)
                .threads(Runtime.getRuntime().availableProcessors())
                .progress(progress)
                .build(folder);
        return TrainingSet.open(folder);
    }

    /** Rows are told apart by their numbers: the same question may stand in a set more than once. */
    private TableColumns columns() {
        return new TableColumns(
                "t", Optional.empty(), Map.of(), Optional.ofNullable(manifest.label()), Optional.empty());
    }

    private Optional<Long> snapshot(String source) {
        return Optional.ofNullable(manifest.data().get(source)).map(Data::snapshotId);
    }

    /** Of a model's questions the share whose event became known after they were asked; empty if no model asks. */
    public OptionalDouble knownLaterShare() {
        String model = manifest.model();
        if (model == null) {
            return OptionalDouble.empty();
        }
        ModelPlan plan = definitions.modelPlan(model);
        ChangeHistory events =
                histories.read(plan.source(), snapshot(plan.source().name()));
        long from = Instant.parse(manifest.from()).toEpochMilli();
        long to = Instant.parse(manifest.to()).toEpochMilli();
        long asked = 0;
        long later = 0;
        for (int event = 0; event < events.size(); event++) {
            Optional<Long> t = plan.at(events.row(event)).filter(at -> at >= from && at < to);
            asked += t.isPresent() ? 1 : 0;
            later += t.isPresent() && events.knownTime(event) > t.get() ? 1 : 0;
        }
        return asked == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) later / asked);
    }
}
