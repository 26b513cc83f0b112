package dev.tidewheel.drift.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.drift.distance.Psi;
import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.measure.Direction;
import dev.tidewheel.drift.measure.Measure;
import dev.tidewheel.drift.performance.Performance;
import dev.tidewheel.drift.profile.FeatureProfile;
import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CalibrationTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    /** Monday, 8 January 2001. */
    private static final long FROM = 11_330 * DAY;

    @Test
    void theThresholdIsTheQuantileOfEachDayAgainstTheOthers() {
        Rows rows = new Rows(new Random(1), 20, 300);
        Profile profile = rows.profile(FROM, FROM + 20 * DAY);
        FeatureProfile feature = profile.feature("f").orElseThrow();

        List<Double> scores = new ArrayList<>();
        for (int day = 0; day < 20; day++) {
            Counts window = new Counts(feature.edges());
            Counts rest = new Counts(feature.edges());
            for (int row = 0; row < rows.times.length; row++) {
                (rows.times[row] / DAY == FROM / DAY + day ? window : rest).add(rows.values[row]);
            }
            scores.add(new Psi().between(rest, window));
        }
        double[] sorted =
                scores.stream().mapToDouble(Double::doubleValue).sorted().toArray();

        Thresholds most = new Calibration(profile, 1).of("f", Measure.PSI, Direction.ABOVE, 0.99);
        assertThat(most.at(FROM)).isEqualTo(sorted[19]);
        assertThat(most.normal()).isZero();
        assertThat(most.windows()).isEqualTo(20);
        assertThat(most.slots()).isEmpty();
        // 0.9 · 19 = 17.1 gaps: the next whole one.
        assertThat(new Calibration(profile, 1)
                        .of("f", Measure.PSI, Direction.ABOVE, 0.9)
                        .at(FROM))
                .isEqualTo(sorted[18]);
        assertThat(new Calibration(profile, 1)
                        .of("f", Measure.PSI, Direction.ABOVE, 1)
                        .at(FROM))
                .isEqualTo(sorted[19]);
    }

    @Test
    void aValueIsMovedInTheBadDirection() {
        Rows rows = new Rows(new Random(2), 12, 200);
        Profile profile = rows.profile(FROM, FROM + 12 * DAY);
        double whole = Arrays.stream(rows.labels).average().orElseThrow();
        double most = 0;
        double least = 0;
        for (int day = 0; day < 12; day++) {
            double own = 0;
            double rest = 0;
            for (int row = 0; row < rows.labels.length; row++) {
                boolean here = rows.times[row] / DAY == FROM / DAY + day;
                own += here ? rows.labels[row] : 0;
                rest += here ? 0 : rows.labels[row];
            }
            double deviation = own / 200 - rest / (11 * 200);
            most = Math.max(most, deviation);
            least = Math.min(least, deviation);
        }
        Calibration calibration = new Calibration(profile, 1);
        Thresholds above = calibration.of(Profile.LABEL, Measure.LABEL_SHARE, Direction.ABOVE, 0.99);
        Thresholds below = calibration.of(Profile.LABEL, Measure.LABEL_SHARE, Direction.BELOW, 0.99);

        assertThat(above.normal()).isCloseTo(whole, within(1e-12));
        assertThat(above.pooled()).isCloseTo(whole + most, within(1e-12));
        assertThat(below.pooled()).isCloseTo(whole + least, within(1e-12));
        assertThat(above.level(FROM, 0.8).leave()).isCloseTo(whole + 0.8 * most, within(1e-12));
        assertThat(below.level(FROM, 0.8).leave()).isCloseTo(whole + 0.8 * least, within(1e-12));
        assertThat(calibration.of(Profile.LABEL, Measure.SHARE, Direction.ABOVE, 0.99))
                .isEqualTo(above);
    }

    @ParameterizedTest
    @EnumSource(
            value = Measure.class,
            names = {"ACCURACY", "LOG_LOSS", "BRIER"})
    void performanceOfTheRestIsExact(Measure measure) {
        Rows rows = new Rows(new Random(3), 10, 100);
        Profile profile = rows.profile(FROM, FROM + 10 * DAY);
        double worst = Double.NEGATIVE_INFINITY;
        Performance all = new Performance();
        for (int row = 0; row < rows.times.length; row++) {
            all.add(rows.predictions[row], rows.labels[row]);
        }
        int sign = measure.worse().sign();
        for (int day = 0; day < 10; day++) {
            Performance window = new Performance();
            Performance rest = new Performance();
            for (int row = 0; row < rows.times.length; row++) {
                (rows.times[row] / DAY == FROM / DAY + day ? window : rest)
                        .add(rows.predictions[row], rows.labels[row]);
            }
            worst = Math.max(worst, sign * (measure.of(window.values()) - measure.of(rest.values())));
        }

        double threshold = new Calibration(profile, 1)
                .of(Profile.PERFORMANCE, measure, measure.worse(), 0.99)
                .at(FROM);

        assertThat(threshold).isCloseTo(measure.of(all.values()) + sign * worst, within(1e-9));
    }

    @Test
    void everyMeasureOfPerformanceHasAThreshold() {
        Profile profile = new Rows(new Random(4), 10, 100).profile(FROM, FROM + 10 * DAY);
        for (Measure measure : Measure.values()) {
            Thresholds thresholds = new Calibration(profile, 1).of(Profile.PREDICTION, measure, measure.worse(), 0.99);
            boolean unknown = measure.family() == Measure.Family.SERVING && measure != Measure.ROWS;
            assertThat(Double.isNaN(thresholds.at(FROM))).as(measure.key()).isEqualTo(unknown);
        }
    }

    @Test
    void rowsAreHeldAgainstOtherWindows() {
        Profile profile = new Rows(new Random(5), 10, 100).profile(FROM, FROM + 10 * DAY);
        Thresholds few = new Calibration(profile, 1).of(Profile.HEALTH, Measure.ROWS, Direction.BELOW, 0.99);
        assertThat(few.normal()).isEqualTo(100);
        assertThat(few.pooled()).isEqualTo(100);
    }

    @Test
    void windowsThatAreCutOffOrTooSmallTeachNothing() {
        Rows rows = new Rows(new Random(6), 10, 100);

        assertThat(calibrate(rows.profile(FROM + HOUR, FROM + 10 * DAY - HOUR), 1)
                        .windows())
                .isEqualTo(8);
        assertThat(calibrate(rows.profile(FROM, FROM + 10 * DAY), 100).windows())
                .isEqualTo(10);
        assertThat(calibrate(rows.profile(FROM, FROM + 10 * DAY), 101).windows())
                .isZero();
        assertThat(calibrate(rows.profile(FROM, FROM + 10 * DAY), 101).at(FROM)).isNaN();
    }

    @Test
    void oneWindowTeachesNothing() {
        assertThat(calibrate(new Rows(new Random(7), 1, 100).profile(FROM, FROM + DAY), 1)
                        .at(FROM))
                .isNaN();
    }

    @Test
    void anHourOfTheWeekWithEnoughWindowsHasItsOwn() {
        // Nine Mondays that differ from all other days, which hardly differ.
        Rows rows = new Rows(new Random(8), 63, 200);
        for (int row = 0; row < rows.times.length; row++) {
            if ((rows.times[row] - FROM) / DAY % 7 == 0) {
                rows.values[row] += 5;
            }
        }
        Thresholds thresholds = calibrate(rows.profile(FROM, FROM + 63 * DAY), 1);

        assertThat(thresholds.slots()).hasSize(7).containsKeys(0, 24, 48, 72, 96, 120, 144);
        assertThat(thresholds.at(FROM + 63 * DAY)).isGreaterThan(3 * thresholds.at(FROM + 64 * DAY));
        assertThat(thresholds.at(FROM + HOUR)).isEqualTo(thresholds.pooled());
    }

    @Test
    void eightWindowsAreEnoughForAnHourAndSevenAreNot() {
        // 55 days: every day of the week eight times, but Sunday.
        Thresholds thresholds = calibrate(new Rows(new Random(10), 55, 20).profile(FROM, FROM + 55 * DAY), 1);
        assertThat(thresholds.slots()).containsOnlyKeys(0, 24, 48, 72, 96, 120);
    }

    @Test
    void hoursOfTheWeekBeginOnMonday() {
        assertThat(Thresholds.slot(FROM)).isZero();
        assertThat(Thresholds.slot(FROM + 7 * DAY - HOUR)).isEqualTo(167);
        assertThat(Thresholds.slot(0)).isEqualTo(72);
        assertThat(Thresholds.slot(-HOUR)).isEqualTo(71);
    }

    @Test
    void whatTheProfileLacksIsSaid() {
        Profile profile = new Rows(new Random(9), 3, 10).profile(FROM, FROM + 3 * DAY);
        assertThatThrownBy(() -> new Calibration(profile, 1).of("g", Measure.PSI, Direction.ABOVE, 0.99))
                .hasMessageContaining("no feature 'g'");
        assertThatThrownBy(() -> new Calibration(profile, 1).of("f", Measure.PSI, Direction.ABOVE, 99))
                .isInstanceOf(IllegalArgumentException.class);
        Profile blind =
                new ProfileBuilder("m", "1", "sha256:0", FROM, FROM + DAY, DAY, new long[0], new double[0]).build();
        assertThat(new Calibration(blind, 1)
                        .of(Profile.PERFORMANCE, Measure.AUC, Direction.BELOW, 0.99)
                        .at(FROM))
                .isNaN();
    }

    private static Thresholds calibrate(Profile profile, long minRows) {
        return new Calibration(profile, minRows).of("f", Measure.PSI, Direction.ABOVE, 0.99);
    }

    /** As many rows on every day, each day a little different from the others. */
    private static final class Rows {
        private final long[] times;
        private final double[] values;
        private final double[] labels;
        private final double[] predictions;

        Rows(Random random, int days, int perDay) {
            times = new long[days * perDay];
            values = new double[times.length];
            labels = new double[times.length];
            predictions = new double[times.length];
            double shift = 0;
            for (int row = 0; row < times.length; row++) {
                shift = row % perDay == 0 ? random.nextGaussian() * 0.2 : shift;
                times[row] = FROM + row / perDay * DAY + random.nextInt((int) DAY);
                values[row] = random.nextGaussian() + shift;
                predictions[row] = Math.max(0, Math.min(1, 0.4 + shift + random.nextGaussian() * 0.2));
                labels[row] = random.nextDouble() < 0.3 + shift / 2 ? 1 : 0;
            }
        }

        Profile profile(long from, long to) {
            return new ProfileBuilder("m", "1", "sha256:0", from, to, DAY, times, labels)
                    .feature("f", values)
                    .prediction(predictions)
                    .build();
        }
    }
}
