package dev.tidewheel.history.profile;

import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileBuilder;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes the reference profile of a training set: all its numeric columns, its label, and what the model makes of it. */
public final class TrainingSetProfile {
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
                set.labels());
        for (String column : set.numericColumns()) {
            builder.feature(column, set.numbers(column));
        }
        for (String segment : segments) {
            builder.segment(segment, set.strings(segment), topSegments);
        }
        predictions.ifPresent(builder::prediction);
        return builder.build();
    }
}
