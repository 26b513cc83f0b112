package dev.tidewheel.drift.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.measure.Measure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long FROM = 11_330 * DAY;

    @Test
    void isReadAsItWasWritten() {
        Profile profile = random(new Random(1), 5_000, 3, 7);

        Profile read = ProfileJson.read(ProfileJson.write(profile));

        assertThat(read).isEqualTo(profile);
        assertThat(read.id()).isEqualTo(profile.id()).startsWith("sha256:");
    }

    @Test
    void aMonthOfManyFeaturesFitsIntoARecord() {
        Profile profile = random(new Random(2), 60_000, 27, 28);

        assertThat(ProfileJson.write(profile).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(150_000);
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        Rows rows = new Rows(new Random(3), 2_000, 2, 4);

        assertThat(rows.shuffled(new Random(4)).profile().id())
                .isEqualTo(rows.profile().id());
    }

    @Test
    void everyRowIsInOneWindow() {
        Profile profile = random(new Random(5), 3_000, 2, 5);

        assertThat(profile.wholeWindows()).hasSize(5);
        assertThat(profile.wholeWindows().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(profile.rows());
        for (FeatureProfile feature : profile.features()) {
            assertThat(feature.total().rows()).isEqualTo(3_000);
        }
    }

    @Test
    void aWindowThatTheReferenceCutsOffIsNotWhole() {
        Rows rows = new Rows(new Random(6), 1_000, 1, 4);
        Profile profile = rows.builder(FROM + HOUR, FROM + 4 * DAY - HOUR).build();

        assertThat(profile.wholeWindows().keySet()).containsExactly(FROM + DAY, FROM + 2 * DAY);
        assertThat(profile.label().windows()).hasSize(4);
    }

    @Test
    void predictionsAreCutInTheMiddle() {
        Profile profile = random(new Random(7), 2_000, 1, 3);
        Counts predictions = profile.feature(Profile.PREDICTION).orElseThrow().total();

        assertThat(predictions.edges().indexOf(0.5)).isPositive();
        assertThat(Measure.SHARE.of(predictions, predictions)).isBetween(0.4, 0.6);
    }

    @Test
    void segmentsAddUpAndOtherIsNoValue() {
        String[] origins = {"ORD", "LAX", "ORD", "other", "other", "other", null, "DEN", "ATL"};
        Profile profile = new ProfileBuilder(
                        "m", "1", "sha256:0", FROM, FROM + DAY, DAY, filled(9, FROM), new double[9])
                .segment("origin", origins, 3)
                .build();

        SegmentProfile segment = profile.segment("origin").orElseThrow();
        assertThat(segment.top())
                .containsExactly(
                        new SegmentProfile.SegmentValue("ORD", 2),
                        new SegmentProfile.SegmentValue("ATL", 1),
                        new SegmentProfile.SegmentValue("DEN", 1));
        assertThat(segment.other()).isEqualTo(5);
        assertThat(segment.segmentOf("ATL")).isEqualTo("origin=ATL");
        assertThat(segment.segmentOf("other")).isEqualTo("origin=other");
        assertThat(segment.segmentOf(null)).isEqualTo("origin=other");
    }

    @Test
    void aSegmentThatIsTakenOutIsOthers() {
        String[] origins = {"ORD", "LAX", "ORD", null, "DEN", "ORD"};
        String[] carriers = {"AA", "ORD", "AA", "AA", "UA", "UA"};
        Profile profile = new ProfileBuilder(
                        "m", "1", "sha256:0", FROM, FROM + DAY, DAY, filled(6, FROM), new double[6])
                .segment("origin", origins, 3)
                .segment("carrier", carriers, 3)
                .build();

        Profile without = profile.withoutSegments("origin=ORD"::equals);

        SegmentProfile segment = without.segment("origin").orElseThrow();
        assertThat(segment.top()).extracting(SegmentProfile.SegmentValue::value).containsExactly("DEN", "LAX");
        assertThat(segment.other()).isEqualTo(1 + 3);
        assertThat(List.of(segment.has("origin=DEN"), segment.has("origin=other"), segment.has("origin=ORD")))
                .containsExactly(true, true, false);
        assertThat(without.segment("carrier")).isEqualTo(profile.segment("carrier"));
        assertThat(ProfileJson.write(without)).contains("\"ORD\"").isNotEqualTo(ProfileJson.write(profile));
        assertThat(without.withoutSegments("carrier=ORD"::equals))
                .satisfies(clean -> assertThat(ProfileJson.write(clean)).doesNotContain("ORD"));
        assertThat(profile.withoutSegments("origin=other"::equals))
                .as("who is not among the top has no name to lose")
                .isEqualTo(profile);
    }

    @Test
    void countsOfAProfileCannotBeChanged() {
        Profile profile = random(new Random(8), 100, 1, 2);

        assertThatThrownBy(() -> profile.features().get(0).total().add(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEmptyTrainingSetHasAProfile() {
        Profile profile = new ProfileBuilder("m", "1", "sha256:0", FROM, FROM + DAY, DAY, new long[0], new double[0])
                .feature("f", new double[0])
                .prediction(new double[0])
                .build();

        assertThat(ProfileJson.read(ProfileJson.write(profile))).isEqualTo(profile);
        assertThat(profile.performance().orElseThrow().total().logLoss()).isNaN();
    }

    @Test
    void whatIsNoProfileIsRefused() {
        assertThatThrownBy(() -> ProfileJson.read("{")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProfileJson.read("{\"format\":2}")).hasMessageContaining("format 2");
        assertThatThrownBy(() -> ProfileJson.read("{\"format\":1}")).hasMessageContaining("'starts' is missing");
    }

    @Test
    void numbersHaveTheFewestDigits() {
        assertThat(ProfileJson.number(0.1)).hasToString("0.1");
        assertThat(ProfileJson.number(-0.0)).hasToString("0");
        assertThat(ProfileJson.number(2.0E-3)).hasToString("0.002");
        assertThat(ProfileJson.number(Double.NaN)).isNull();
        Random random = new Random(9);
        for (int i = 0; i < 10_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(String.valueOf(ProfileJson.number(value))))
                        .isEqualTo(value);
            }
        }
    }

    private static long[] filled(int rows, long t) {
        return Collections.nCopies(rows, t).stream().mapToLong(Long::longValue).toArray();
    }

    private static Profile random(Random random, int rows, int features, int days) {
        return new Rows(random, rows, features, days).profile();
    }

    /** Random rows with nulls, heavy values and drift from day to day. */
    private static final class Rows {
        private final List<double[]> rows = new ArrayList<>();
        private final int features;
        private final int days;

        Rows(Random random, int count, int features, int days) {
            this.features = features;
            this.days = days;
            for (int row = 0; row < count; row++) {
                double[] values = new double[features + 3];
                int day = row % days;
                values[0] = FROM + day * DAY + random.nextInt((int) DAY);
                values[1] = random.nextInt(2);
                values[2] = random.nextDouble();
                for (int feature = 0; feature < features; feature++) {
                    boolean missing = random.nextInt(20) == 0;
                    values[3 + feature] = missing ? Double.NaN : random.nextGaussian() + day * 0.1 + feature;
                }
                rows.add(values);
            }
        }

        Rows shuffled(Random random) {
            Collections.shuffle(rows, random);
            return this;
        }

        Profile profile() {
            return builder(FROM, FROM + days * DAY).build();
        }

        ProfileBuilder builder(long from, long to) {
            long[] times = rows.stream().mapToLong(row -> (long) row[0]).toArray();
            ProfileBuilder builder =
                    new ProfileBuilder("model", "1", "sha256:0", from, to, DAY, times, column(1)).prediction(column(2));
            for (int feature = 0; feature < features; feature++) {
                builder.feature("view.feature_number_" + feature, column(3 + feature));
            }
            return builder;
        }

        private double[] column(int number) {
            return rows.stream().mapToDouble(row -> row[number]).toArray();
        }
    }
}
