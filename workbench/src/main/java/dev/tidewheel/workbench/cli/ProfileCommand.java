package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.drift.verdict.Calibration;
import dev.tidewheel.drift.verdict.Thresholds;
import dev.tidewheel.history.profile.BacktestRule;
import dev.tidewheel.history.profile.ProfileBacktest;
import dev.tidewheel.history.profile.TrainingSetProfile;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes reference profiles and says what their thresholds would do. */
@Command(
        name = "profile",
        description = {
            "Makes the reference profile of a training set and shows the thresholds that are calibrated on it.",
            "What a model predicted on the set is in the profile that the trainer registers with it: --profile FILE.",
            "With --against, shows how often the rules would have fired on later days, before anybody is woken by them."
        },
        mixinStandardHelpOptions = true)
final class ProfileCommand implements Callable<Integer> {
    private static final List<Measure> MEASURES = List.of(Measure.PSI, Measure.JS, Measure.KS, Measure.NULL_SHARE);
    private static final String DEFAULT_SET = "data/sets/train-point-in-time";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private RunOption run = new RunOption();

    @Option(
            names = "--set",
            paramLabel = "DIR",
            description = "The training set (default: that of the run's first model).")
    private Optional<Path> set = Optional.empty();

    @Option(names = "--profile", paramLabel = "FILE", description = "Take this profile instead of making one.")
    private Optional<Path> profile = Optional.empty();

    @Option(names = "--against", paramLabel = "DIR", description = "A training set of later days to judge.")
    private Optional<Path> against = Optional.empty();

    @Option(
            names = "--window",
            paramLabel = "TIME",
            defaultValue = "1d",
            converter = DurationConverter.class,
            description = "Length of the windows: that of the monitor (default: ${DEFAULT-VALUE}).")
    private Duration window = Duration.ofDays(1);

    @Option(
            names = "--segment",
            paramLabel = "NAME",
            description = "An entity or string column whose most frequent values the profile names; repeatable.")
    private List<String> segments = List.of();

    @Option(
            names = "--quantile",
            paramLabel = "Q",
            description = "Of the reference's own windows (default: ${DEFAULT-VALUE}).")
    private double quantile = 0.99;

    @Option(
            names = "--min-rows",
            paramLabel = "N",
            description = "Windows with fewer rows are not judged (default: ${DEFAULT-VALUE}).")
    private long minRows = 200;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the profile here, as canonical JSON.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Profile reference = reference();
        if (out.isPresent()) {
            Files.writeString(out.get(), ProfileJson.write(reference));
        }
        ObjectNode json = JSON.createObjectNode();
        json.put("profile", reference.id());
        json.put("rows", reference.rows());
        json.put("from", Instant.ofEpochMilli(reference.from()).toString());
        json.put("to", Instant.ofEpochMilli(reference.to()).toString());
        json.put("windows", reference.wholeWindows().size());
        thresholds(reference, json.putArray("thresholds"));
        if (against.isPresent()) {
            backtest(reference, against.get(), json.putArray("backtest"));
        }
        PrintWriter writer = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            writer.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } else {
            print(writer, json);
        }
        writer.flush();
        return ExitCode.OK;
    }

    private Profile reference() throws IOException {
        if (profile.isPresent()) {
            return ProfileJson.read(Files.readString(profile.get()).strip());
        }
        Path folder = set.isPresent()
                ? set.get()
                : run.directory(Checkout.find()).root().resolve(DEFAULT_SET);
        return TrainingSetProfile.of(open(folder), Optional.empty(), "", "", window, segments);
    }

    private void thresholds(Profile reference, ArrayNode list) {
        Calibration calibration = new Calibration(reference, minRows);
        Stream<String> names = Stream.concat(
                reference.features().stream().map(feature -> feature.name()),
                reference.prediction().stream().map(feature -> feature.name()));
        names.forEach(name -> MEASURES.forEach(measure -> add(list, name, measure, calibration)));
        add(list, Profile.LABEL, Measure.PSI, calibration);
    }

    private void add(ArrayNode list, String feature, Measure measure, Calibration calibration) {
        Thresholds thresholds = calibration.of(feature, measure, measure.worse(), quantile);
        list.addObject()
                .put("feature", feature)
                .put("measure", measure.key())
                .put("threshold", thresholds.pooled())
                .put("windows", thresholds.windows());
    }

    private void backtest(Profile reference, Path folder, ArrayNode list) throws IOException {
        List<BacktestRule> rules =
                new ProfileBacktest(reference, quantile, minRows).judge(open(folder), Optional.empty());
        for (BacktestRule rule : rules) {
            ObjectNode entry = list.addObject();
            entry.put("feature", rule.feature());
            entry.put("measure", rule.measure().key());
            entry.put("direction", rule.thresholds().direction().name().toLowerCase(Locale.ROOT));
            entry.put("windows", rule.values().size());
            entry.put("threshold", rule.thresholds().pooled());
            ArrayNode fires = entry.putArray("calibratedFires");
            rule.calibratedFires()
                    .forEach(start -> fires.add(Instant.ofEpochMilli(start).toString()));
            if (!Double.isNaN(rule.fixed())) {
                entry.put("fixed", rule.fixed());
                entry.put("fixedFires", rule.fixedFires().size());
                entry.put("fixedFiresOnReference", rule.fixedFiresOnReference().size());
            }
        }
    }

    private static void print(PrintWriter out, ObjectNode json) {
        out.printf(
                "Profile %s%n%,d rows from %s to %s, %d whole windows%n%n",
                json.path("profile").asText(),
                json.path("rows").asLong(),
                json.path("from").asText(),
                json.path("to").asText(),
                json.path("windows").asInt());
        if (!json.has("backtest")) {
            out.printf("%-36s %-12s %12s %8s%n", "feature", "measure", "threshold", "windows");
            json.path("thresholds")
                    .forEach(row -> out.printf(
                            Locale.ROOT,
                            "%-36s %-12s %12.4f %8d%n",
                            row.path("feature").asText(),
                            row.path("measure").asText(),
                            row.path("threshold").asDouble(),
                            row.path("windows").asInt()));
            return;
        }
        out.printf(
                "%-36s %-18s %10s %18s %20s %12s%n",
                "feature", "measure", "threshold", "calibrated fires", "fixed rule fires", "on reference");
        json.path("backtest")
                .forEach(row -> out.printf(
                        Locale.ROOT,
                        "%-36s %-18s %10.4f %11d of %3d %13s of %3d %12s%n",
                        row.path("feature").asText(),
                        row.path("measure").asText() + " "
                                + row.path("direction").asText(),
                        row.path("threshold").asDouble(),
                        row.path("calibratedFires").size(),
                        row.path("windows").asInt(),
                        row.path("fixedFires").asText("-"),
                        row.path("windows").asInt(),
                        row.path("fixedFiresOnReference").asText("-")));
    }

    private static TrainingSet open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new WorkbenchException(
                    "there is no training set in " + folder + "; 'tidewheel demo' makes one, or name one with --set");
        }
        return TrainingSet.open(folder);
    }
}
