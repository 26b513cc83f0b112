package dev.tidewheel.history.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.measure.Direction;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.drift.profile.SegmentProfile;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSetProfileTest {
    private static final String MEAN = "origin_delays.mean_delay_1h";

    @TempDir
    private Path folder;

    private TrainingSet reference;
    private TrainingSet later;

    @BeforeEach
    void buildTrainingSets() throws Exception {
        ChangeHistory history = Flights.random(new Random(17), 4_000);
        reference = build(history, 2, 6);
        later = build(history, 6, 9);
    }

    @Test
    void knowsEveryRowOfEveryColumn() throws Exception {
        Profile profile = profile(reference);

        assertThat(profile.rows()).isEqualTo(reference.rows());
        assertThat(profile.trainingSet()).isEqualTo(reference.manifest().digest());
        assertThat(profile.wholeWindows()).hasSize(4);
        assertThat(profile.features())
                .extracting(FeatureProfile::name)
                .containsExactlyElementsOf(reference.numericColumns());
        for (FeatureProfile feature : profile.features()) {
            double[] values = reference.numbers(feature.name());
            assertThat(feature.total().rows()).isEqualTo(values.length);
            assertThat(feature.total().nulls())
                    .isEqualTo(Arrays.stream(values).filter(Double::isNaN).count());
            assertThat(feature.total().below() + feature.total().above()).isZero();
        }
        assertThat(profile.label().total().mean())
                .isCloseTo(Arrays.stream(reference.labels()).average().orElseThrow(), within(1e-12));
        assertThat(ProfileJson.read(ProfileJson.write(profile))).isEqualTo(profile);
    }

    @Test
    void theCountOfOneWindowIsThatOfItsRows() throws Exception {
        FeatureProfile feature = profile(reference).feature(MEAN).orElseThrow();
        long start = Flights.START + 3 * Flights.DAY;
        double[] values = reference.numbers(MEAN);
        long[] times = reference.times();
        double[] edges = feature.edges().toArray();

        long[] expected = new long[feature.edges().bins()];
        for (int row = 0; row < values.length; row++) {
            for (int bin = 0; bin < expected.length; bin++) {
                boolean last = bin == expected.length - 1;
                boolean inside = values[row] >= edges[bin]
                        && (values[row] < edges[bin + 1] || last && values[row] == edges[bin + 1]);
                boolean here = times[row] >= start && times[row] < start + Flights.DAY;
                expected[bin] += inside && here ? 1 : 0;
            }
        }
        Counts window = feature.windows().get(start);
        assertThat(window.bins()).containsExactly(expected);
    }

    @Test
    void segmentsAreThoseOfTheEntities() throws Exception {
        SegmentProfile segment = profile(reference).segment("origin").orElseThrow();

        assertThat(segment.top()).extracting(SegmentProfile.SegmentValue::value).containsExactly("LAX", "ORD");
        assertThat(segment.top().stream()
                        .mapToLong(SegmentProfile.SegmentValue::rows)
                        .sum())
                .isEqualTo(reference.rows());
        assertThatThrownBy(() ->
                        TrainingSetProfile.of(reference, Optional.empty(), "m", "1", Duration.ofDays(1), List.of(MEAN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no strings");
    }

    @Test
    void predictionsComeWithTheirPerformance() throws Exception {
        double[] labels = reference.labels();
        double[] predictions =
                Arrays.stream(labels).map(label -> label == 1 ? 0.75 : 0.25).toArray();

        Profile profile = TrainingSetProfile.of(
                reference, Optional.of(predictions), "late-arrival", "1", Duration.ofDays(1), List.of());

        assertThat(profile.performance().orElseThrow().total().accuracy()).isEqualTo(1);
        assertThat(profile.performance().orElseThrow().windows()).hasSize(4);
        assertThat(profile.feature(Profile.PREDICTION).orElseThrow().total().rows())
                .isEqualTo(labels.length);
    }

    @Test
    void backtestsOnLaterDays() throws Exception {
        Profile profile = profile(reference);

        List<BacktestRule> rules = new ProfileBacktest(profile, 0.99, 1).judge(later, Optional.empty());

        assertThat(rules).hasSize(4 * reference.numericColumns().size() + 3 + 2);
        BacktestRule psi = rules.stream()
                .filter(rule -> rule.feature().equals(MEAN) && rule.measure() == Measure.PSI)
                .findFirst()
                .orElseThrow();
        assertThat(psi.values()).hasSize(3);
        assertThat(psi.own()).hasSize(4);
        assertThat(psi.fixed()).isEqualTo(0.3);
        assertThat(psi.fixedFires())
                .containsExactlyElementsOf(psi.values().entrySet().stream()
                        .filter(value -> value.getValue() > 0.3)
                        .map(Map.Entry::getKey)
                        .toList());
        // By the definition: the greatest distance of a day of the reference from the other days.
        FeatureProfile feature = profile.feature(MEAN).orElseThrow();
        double greatest = feature.windows().values().stream()
                .mapToDouble(window -> Measure.PSI.of(feature.total().minus(window), window))
                .max()
                .orElseThrow();
        assertThat(psi.thresholds().at(later.times()[0])).isEqualTo(greatest);
        assertThat(rules.get(rules.size() - 1).thresholds().direction()).isEqualTo(Direction.BELOW);
    }

    private static Profile profile(TrainingSet set) throws Exception {
        return TrainingSetProfile.of(set, Optional.empty(), "late-arrival", "1", Duration.ofDays(1), List.of("origin"));
    }

    private TrainingSet build(ChangeHistory history, int fromDay, int toDay) throws Exception {
        Instant start = Instant.ofEpochMilli(Flights.START);
        TrainingSetSpec spec = TrainingSetSpec.of(
                        Flights.model(), "sha256:none", Map.of("origin_delays", 1L, "route_delays", 1L))
                .between(start.plus(Duration.ofDays(fromDay)), start.plus(Duration.ofDays(toDay)));
        Path to = folder.resolve("days-" + fromDay);
        TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history))
                .build(to);
        return TrainingSet.open(to);
    }
}
