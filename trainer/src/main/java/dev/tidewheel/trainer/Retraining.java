package dev.tidewheel.trainer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.definitions.DefinitionsException;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.history.run.Ask;
import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.run.WarehouseHistories;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.trainer.registry.ModelManifest;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raw tables → training set and gate set, as they were known at one moment → training → judgement beside other versions →
 * {@link RetrainResult}. For one thread; runs once.
 *
 * <p>May be killed at any moment and run again: which snapshots are read is noted before anything is built, so the second
 * run gives the same bytes, and registering them again changes nothing. What trying again cannot mend is written to the
 * result as its failure; for all else there is no result.
 */
final class Retraining {

    private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LOCK = ".lock";
    private static final String SNAPSHOTS = "snapshots.json";

    private final ModelRegistry registry;
    private final TrainerConfig.Retrain config;

    Retraining(ModelRegistry registry, TrainerConfig.Retrain config) {
        this.registry = registry;
        this.config = config;
    }

    /** Waits for another trainer that works in the folder: whoever starts trainers may have lost sight of it. */
    void run() throws IOException, InterruptedException {
        Files.createDirectories(config.folder());
        Path file = config.folder().resolve(LOCK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            LOG.info("works in {} under {}", config.folder(), lock);
            runAlone();
        }
    }

    private void runAlone() throws IOException, InterruptedException {
        try {
            AtomicFile.write(config.result(), retrain().toJson());
        } catch (IllegalArgumentException | DefinitionsException | NoSuchFileException | FileAlreadyExistsException e) {
            AtomicFile.write(config.result(), RetrainResult.failure(e));
            throw e;
        }
    }

    private RetrainResult retrain() throws IOException, InterruptedException {
        DefinitionsFile file = DefinitionsFile.read(config.definitions());
        requireComparableChampion(file);
        Sets sets = build(file);
        TrainerConfig.Training training = new TrainerConfig.Training(
                config.folder().resolve("train"),
                config.model(),
                config.version(),
                config.inputs(),
                config.ridge(),
                config.profile());
        ModelManifest manifest = new Training(registry).run(training, sets.train);
        RetrainResult result = new RetrainResult(manifest, sets.gate.rows());
        judge(config.version(), sets.gate, result);
        for (String version : config.gate().against()) {
            judge(version, sets.gate, result);
        }
        return result;
    }

    /** The first that the gate holds against is the champion, whom all depends on: told before anything is built. */
    private void requireComparableChampion(DefinitionsFile file) throws IOException {
        List<String> against = config.gate().against();
        if (against.isEmpty() || against.get(0).equals(config.version())) {
            return;
        }
        ModelManifest champion = registry.read(config.model(), against.get(0)).manifest();
        String asked = file.serviceHash(
                file.definitions().modelPlan(config.model()).service().name());
        if (!champion.serviceHash().equals(asked)) {
            throw new IllegalArgumentException("champion " + champion.version() + " was trained with service hash "
                    + champion.serviceHash() + " of " + champion.service() + ", which is " + asked
                    + " now: it cannot be judged on the new one's features, so nothing can be compared with it; compare"
                    + " by hand, or make a version of the service as it is now the champion");
        }
    }

    /** Columns of one name may mean something else in another service: who was trained on that is left out. */
    private void judge(String version, TrainingSet gate, RetrainResult result) throws IOException {
        ModelRegistry.Registered registered = registry.read(config.model(), version);
        String trainedOn = registered.manifest().serviceHash();
        if (!trainedOn.equals(gate.manifest().serviceHash())) {
            LOG.warn(
                    "version {} was trained on {} {}, the gate asks with {}: it is not judged",
                    version,
                    registered.manifest().service(),
                    trainedOn,
                    gate.manifest().serviceHash());
            return;
        }
        if (gate.rows() == 0) {
            result.notJudged(version);
        } else {
            result.judged(version, Judging.judge(registered, gate));
        }
    }

    private record Sets(TrainingSet train, TrainingSet gate) {}

    private Sets build(DefinitionsFile file) throws IOException, InterruptedException {
        ModelPlan plan = file.definitions().modelPlan(config.model());
        TrainingSetSpec spec = TrainingSetSpec.of(
                        plan, file.serviceHash(plan.service().name()), file.lineages())
                .asOf(config.knownBy());
        Path train = config.folder().resolve("train");
        Path gate = config.folder().resolve("gate");
        try (Warehouse warehouse = Warehouse.open(config.warehouse())) {
            TrainingSets sets = new TrainingSets(file.definitions(), new WarehouseHistories(warehouse));
            Ask ask = new Ask.Model(plan);
            List<TrainingSets.Order> orders = List.of(
                    new TrainingSets.Order(
                            spec.between(config.train().from(), config.train().to()), ask, train),
                    new TrainingSets.Order(
                            spec.between(config.gate().from(), config.gate().to()), ask, gate));
            sets.build(orders, snapshots(file, sets, warehouse), TrainingSets.Progress.NONE);
        }
        return new Sets(TrainingSet.open(train), TrainingSet.open(gate));
    }

    /** Which snapshots to read: those of an earlier run, or the newest that hold enough. */
    private Map<String, Long> snapshots(DefinitionsFile file, TrainingSets sets, Warehouse warehouse)
            throws IOException, InterruptedException {
        Path noted = config.folder().resolve(SNAPSHOTS);
        if (Files.exists(noted)) {
            return JSON.readValue(noted.toFile(), new TypeReference<TreeMap<String, Long>>() {});
        }
        RawCoverage coverage = new RawCoverage(warehouse, config.deadline());
        Map<String, Long> snapshots = new TreeMap<>();
        for (String source : sets.sources(config.model())) {
            List<String> topics = file.definitions().source(source).topics();
            snapshots.put(source, coverage.await(source, config.untilOf(topics)));
        }
        AtomicFile.write(noted, JSON.writeValueAsString(snapshots) + "\n");
        return snapshots;
    }
}
