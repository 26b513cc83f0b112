package dev.tidewheel.history.profile;

import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileBuilder;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.questions.Role;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetManifest.ProfileFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes the reference profile of a training set: all its numeric columns, its label, and what the model makes of it. */
public final class TrainingSetProfile {
    /** The file beside a training set's data. */
    public static final String FILE = "profile.json";
    /** How many values of a segment are told apart, unless said otherwise. */
    public static final int TOP_SEGMENTS = 10;

    private TrainingSetProfile() {}

    /** The same with {@link #TOP_SEGMENTS}. */
    public static Profile of(
            TrainingSet set,
            Optional<double[]> predictions,
            String model,
            String version,
            Duration window,
            List<String> segments)
            throws IOException {
        return of(set, predictions, model, version, window, segments, TOP_SEGMENTS);
    }

    /**
     * The profile of a training set. Columns are read one after the other, so memory holds one at a time.
     *
     * @param predictions the probability of class 1 for every row, where the model is at hand
     * @param window length of the windows, aligned to the epoch: that of the monitor whose rules will be calibrated
     * @param segments names of entities or string columns
     * @param topSegments how many values of each are told apart
     * @throws IllegalArgumentException if a segment is no column of strings, or the predictions are not one per row
     */
    public static Profile of(
            TrainingSet set,
            Optional<double[]> predictions,
            String model,
            String version,
            Duration window,
            List<String> segments,
            int topSegments)
            throws IOException {
        TrainingSetManifest manifest = set.manifest();
        ProfileBuilder builder = new ProfileBuilder(
                model,
                version,
                manifest.digest(),
                Instant.parse(manifest.from()).toEpochMilli(),
                Instant.parse(manifest.to()).toEpochMilli(),
                window.toMillis(),
                set.times(),
                labels(set));
        for (String column : set.numericColumns()) {
            builder.feature(column, set.numbers(column));
        }
        for (String segment : segments) {
            builder.segment(segment, set.strings(segment), topSegments);
        }
        predictions.ifPresent(builder::prediction);
        return builder.build();
    }

    /** A profile counts yes and no; of any other label, or none, it knows nothing. */
    private static double[] labels(TrainingSet set) throws IOException {
        boolean isTruth = set.manifest().columns().stream()
                .anyMatch(column -> column.role() == Role.LABEL && column.type() == ColumnType.BOOL);
        if (isTruth) {
            return set.labels();
        }
        double[] unknown = new double[set.rows()];
        Arrays.fill(unknown, Double.NaN);
        return unknown;
    }

    /**
     * Makes the profile of a set in a folder and puts it beside the data, as {@code profile.json}; the manifest names it.
     *
     * @param window as in {@link #of}
     * @return the manifest as it is then
     */
    public static TrainingSetManifest beside(Path folder, Duration window, List<String> segments) throws IOException {
        TrainingSet set = TrainingSet.open(folder);
        String model = Optional.ofNullable(set.manifest().model()).orElse("");
        Profile profile = of(set, Optional.empty(), model, "", window, segments);
        Files.writeString(folder.resolve(FILE), ProfileJson.write(profile), StandardCharsets.UTF_8);
        TrainingSetManifest manifest = set.manifest().with(new ProfileFile(FILE, profile.id()));
        manifest.write(folder);
        return manifest;
    }
}
