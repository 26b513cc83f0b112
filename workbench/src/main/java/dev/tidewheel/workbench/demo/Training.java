package dev.tidewheel.workbench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.definitions.ProfileNeeds;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.training.Retiming;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.workbench.report.ControlReport.Day;
import dev.tidewheel.workbench.report.ControlReport.Losses;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains two models on the same January, one that knows what was known and one that joins naively, and later asks all
 * that can be asked about them offline. The fitting itself happens in the trainer's own process.
 */
final class Training {
    /** The version that learns from what was known: the champion. */
    static final String HONEST = "1";
    /** The version that learns from a naive join. */
    static final String NAIVE = "2";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POINT_IN_TIME = "-point-in-time";
    private static final String NAIVE_OFFLINE = "naive-offline";
    private static final String HONEST_OFFLINE = "point-in-time-offline";
    private static final String NAIVE_SERVED = "naive-served";

    private final Script script;
    private final DemoStack stack;
    private final RunDirectory run;

    Training(Script script, DemoStack stack, RunDirectory run) {
        this.script = script;
        this.stack = stack;
        this.run = run;
    }

    /** Areas under the ROC curve, by what was trained and asked how. */
    record Offline(long rows, double naive, double pointInTime, double naiveServed) {}

    /** Whether both models are registered, from an earlier start of this run. */
    boolean done() {
        return Files.exists(modelFile(HONEST)) && Files.exists(modelFile(NAIVE));
    }

    /**
     * Builds both training sets and has both models trained.
     *
     * @return what the honest one was built from
     */
    TrainingSetManifest train(ChangeHistory history) throws InterruptedException {
        Instant from = script.model().from();
        Instant to = script.model().to();
        TrainingSetManifest honest = build("train-point-in-time", history, Retiming.POINT_IN_TIME, from, to);
        build("train-naive", history, Retiming.EVENT_TIME, from, to);
        runTrainer(
                "trainer",
                Map.of(
                        "registry",
                        run.models().toString(),
                        "train",
                        List.of(profiled("train-point-in-time", HONEST), profiled("train-naive", NAIVE))));
        return honest;
    }

    /** What the honest model was trained on. */
    TrainingSetManifest manifest() {
        try {
            return TrainingSetManifest.read(set("train-point-in-time").resolve(TrainingSetManifest.FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Judges both models on the flights of a period, offline.
     *
     * @param name of the period, for the files that are made on the way
     */
    Offline judge(String name, ChangeHistory history, Instant from, Instant to) throws InterruptedException {
        String honest = name + POINT_IN_TIME;
        String naive = name + "-naive";
        long rows = build(honest, history, Retiming.POINT_IN_TIME, from, to).rows();
        build(naive, history, Retiming.EVENT_TIME, from, to);
        Path report = run.root().resolve("data").resolve(name + "-evaluation.json");
        runTrainer(
                name + "-evaluation",
                Map.of(
                        "registry",
                        run.models().toString(),
                        "evaluate",
                        List.of(
                                judging(NAIVE_OFFLINE, naive, NAIVE),
                                judging(HONEST_OFFLINE, honest, HONEST),
                                judging(NAIVE_SERVED, honest, NAIVE)),
                        "report",
                        report.toString()));
        Map<String, Double> aucs = read(report);
        return new Offline(rows, auc(aucs, NAIVE_OFFLINE), auc(aucs, HONEST_OFFLINE), auc(aucs, NAIVE_SERVED));
    }

    /**
     * The daily losses of versions on the flights of a period that {@link #judge} was asked about, with what was known.
     *
     * @param name of the period
     * @param versions those of them that are registered are judged
     */
    List<Losses> losses(String name, List<String> versions) throws InterruptedException {
        List<Map<String, Object>> entries = versions.stream()
                .filter(version -> Files.exists(modelFile(version)))
                .map(version -> {
                    Map<String, Object> entry = judging(version, name + POINT_IN_TIME, version);
                    entry.put("daily", true);
                    return entry;
                })
                .toList();
        if (entries.isEmpty()) {
            return List.of();
        }
        Path report = run.root().resolve("data").resolve(name + "-losses.json");
        runTrainer(
                name + "-losses",
                Map.of("registry", run.models().toString(), "evaluate", entries, "report", report.toString()));
        List<Losses> losses = new ArrayList<>();
        for (JsonNode entry : json(report)) {
            List<Day> days = new ArrayList<>();
            entry.path("days")
                    .forEach(day -> days.add(new Day(
                            LocalDate.parse(day.path("day").asText()),
                            day.path("rows").asLong(),
                            day.path("logLoss").asDouble())));
            losses.add(new Losses(entry.path("version").asText(), days));
        }
        return losses;
    }

    /** A registered version's model.json. */
    Path modelFile(String version) {
        return run.models().resolve(script.model().name()).resolve(version).resolve("model.json");
    }

    private TrainingSetManifest build(String name, ChangeHistory history, Retiming what, Instant from, Instant to)
            throws InterruptedException {
        Map<String, ChangeScan> views = new HashMap<>();
        for (ViewRead read : script.service().reads()) {
            views.put(read.view().spec().name(), new HistoryScan(history));
        }
        TrainingSetSpec spec = TrainingSetSpec.of(script.plan(), script.serviceHash(), Map.of())
                .between(from, to)
                .knowing(what)
                .defined(script.viewHashes());
        try {
            return TrainingSetBuilder.ofModel(spec, script.plan(), history, views)
                    .threads(Runtime.getRuntime().availableProcessors())
                    .build(set(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot build the training set " + name, e);
        }
    }

    private Path set(String name) {
        return run.root().resolve("data/sets").resolve(name);
    }

    /** A training whose profile has what the model's monitors need. */
    private Map<String, Object> profiled(String set, String version) {
        ProfileNeeds needs =
                ProfileNeeds.of(script.model().name(), script.definitions().monitors());
        Map<String, Object> training = new LinkedHashMap<>(training(set, version));
        training.put(
                "profile",
                Map.of(
                        "window", needs.window().toMillis() + "ms",
                        "segments", needs.segments(),
                        "topSegments", needs.topSegments()));
        return training;
    }

    private Map<String, Object> training(String set, String version) {
        return Map.of(
                "trainingSet", set(set).toString(), "model", script.model().name(), "version", version);
    }

    private Map<String, Object> judging(String name, String set, String version) {
        Map<String, Object> judging = new LinkedHashMap<>(training(set, version));
        judging.put("name", name);
        return judging;
    }

    private void runTrainer(String name, Map<String, Object> config) throws InterruptedException {
        stack.supervisor().run(stack.machine().trainer(name, config));
    }

    private static double auc(Map<String, Double> aucs, String name) {
        Double auc = aucs.get(name);
        if (auc == null) {
            throw new IllegalStateException("the trainer's report has no '" + name + "', only " + aucs.keySet());
        }
        return auc;
    }

    private static Map<String, Double> read(Path report) {
        Map<String, Double> aucs = new HashMap<>();
        for (JsonNode entry : json(report)) {
            aucs.put(
                    entry.path("name").asText(),
                    entry.path("metrics").path("auc").asDouble());
        }
        return aucs;
    }

    private static JsonNode json(Path report) {
        try {
            return JSON.readTree(report.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + report, e);
        }
    }
}
