package dev.tidewheel.feature.aggregate;

import static dev.tidewheel.feature.row.ColumnType.BOOL;
import static dev.tidewheel.feature.row.ColumnType.FLOAT64;
import static dev.tidewheel.feature.row.ColumnType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Skewness, kurtosis, trend, correlation, ratio and samples: known values, and what is no value. */
class StatisticsTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** From the documentation of scipy.stats.skew. */
    @Test
    void skewnessIsThatOfSciPy() {
        assertThat(Fold.of("skewness", FLOAT64).addAll(1, 2, 3, 4, 5).value()).isEqualTo("0.0");
        assertThat(Fold.of("skewness", FLOAT64).addAll(2, 8, 0, 4, 1, 9, 9, 0).value())
                .isEqualTo("0.2650554122698573");
        assertThat(Fold.of("skewness", FLOAT64)
                        .addAll(-2, -8, 0, -4, -1, -9, -9, 0)
                        .value())
                .isEqualTo("-0.2650554122698573");
    }

    /** m₂ = 2 and m₄ = 6.8: 6.8/4 − 3. */
    @Test
    void kurtosisIsTheExcess() {
        assertThat(Fold.of("kurtosis", FLOAT64).addAll(1, 2, 3, 4, 5).value()).isEqualTo("-1.3");
        assertThat(Fold.of("kurtosis", FLOAT64)
                        .addAll(1e-9, 2e-9, 3e-9, 4e-9, 5e-9)
                        .value())
                .startsWith("-1.3");
        assertThat(Fold.of("kurtosis", FLOAT64).addAll(0, 1).value()).isEqualTo("-2.0");
    }

    @Test
    void shapesOfEqualValuesAreNotANumber() {
        for (String name : new String[] {"skewness", "kurtosis"}) {
            assertThat(Fold.of(name, FLOAT64).addAll(3, 3, 3).value()).isEqualTo("NaN");
            assertThat(Fold.of(name, FLOAT64).addAll(3).value()).isEqualTo("NaN");
            assertThat(Fold.of(name, FLOAT64).addAll(1, 2, NAN).value()).isEqualTo("NaN");
            assertThat(Fold.of(name, FLOAT64).addAll(1, 2, INFINITY).value()).isEqualTo("NaN");
            assertThat(Fold.of(name, FLOAT64).value()).isEqualTo("NULL");
        }
    }

    @Test
    void shapesLoseNothingToCancellationOrRange() {
        assertThat(Fold.of("skewness", FLOAT64)
                        .addAll(1e16, 1e16 + 2, 1e16 + 4, 1e16 + 6, 1e16 + 8)
                        .value())
                .isEqualTo("0.0");
        assertThat(Fold.of("kurtosis", FLOAT64)
                        .addAll(1e300, 2e300, 3e300, 4e300, 5e300)
                        .value())
                .startsWith("-1.3");
        assertThat(Fold.of("kurtosis", INT64)
                        .add(Long.MIN_VALUE)
                        .add(Long.MAX_VALUE)
                        .value())
                .isEqualTo("-2.0");
    }

    @Test
    void aSampleHasOneFreedomLess() {
        Map<String, Double> sample = Map.of("ddof", 1.0);
        assertThat(Fold.of("variance", Operands.of(FLOAT64), sample)
                        .addAll(1, 2, 3, 4)
                        .value())
                .isEqualTo("1.6666666666666667");
        assertThat(Fold.of("stddev", Operands.of(FLOAT64), sample).addAll(1, 3).value())
                .isEqualTo("1.4142135623730951");
        assertThat(Fold.of("variance", Operands.of(FLOAT64), sample).addAll(7).value())
                .isEqualTo("NULL");
        assertThat(Fold.of("variance", FLOAT64).addAll(7).value()).isEqualTo("0.0");
    }

    /** The example of scipy.stats.pearsonr, which says …056; the nearest double to the exact value is one further. */
    @Test
    void correlationIsThatOfSciPy() {
        double[] y = {10, 9, 2.5, 6, 4};
        Fold fold = Fold.of("correlation", FLOAT64, INT64);
        for (int i = 0; i < y.length; i++) {
            fold.add(y[i], i + 1L);
        }
        assertThat(fold.value()).isEqualTo("-0.7426106572325057");
        assertThat(Fold.of("correlation", INT64, INT64)
                        .add(1, 10)
                        .add(2, 20)
                        .add(3, 30)
                        .value())
                .isEqualTo("1.0");
        assertThat(Fold.of("correlation", FLOAT64, FLOAT64)
                        .add(1.0, -0.1)
                        .add(2.0, -0.2)
                        .value())
                .isEqualTo("-1.0");
        assertThat(Fold.of("correlation", FLOAT64, FLOAT64)
                        .add(1e308, 1e-308)
                        .add(-1e308, -1e-308)
                        .value())
                .isEqualTo("1.0");
    }

    @Test
    void correlationWithWhatDoesNotVaryIsNotANumber() {
        assertThat(Fold.of("correlation", INT64, INT64).add(1, 5).add(2, 5).value())
                .isEqualTo("NaN");
        assertThat(Fold.of("correlation", INT64, INT64).add(1, 5).value()).isEqualTo("NaN");
        assertThat(Fold.of("correlation", FLOAT64, INT64)
                        .add(NAN, 5)
                        .add(2.0, 6)
                        .value())
                .isEqualTo("NaN");
        assertThat(Fold.of("correlation", INT64, FLOAT64)
                        .add(1, INFINITY)
                        .add(2, 1.0)
                        .value())
                .isEqualTo("NaN");
        assertThat(Fold.of("correlation", INT64, FLOAT64).value()).isEqualTo("NULL");
    }

    @Test
    void trendIsPerSecond() {
        assertThat(Fold.of("trend", INT64).add(10).add(13).add(16).value()).isEqualTo("3.0");
        assertThat(Fold.of("trend", FLOAT64)
                        .addAt(1_700_000_000_000L, 1.5)
                        .addAt(1_700_000_000_001L, 1.0)
                        .value())
                .isEqualTo("-500.0");
        assertThat(Fold.of("trend", INT64).add(1).value()).isEqualTo("NULL");
        assertThat(Fold.of("trend", INT64).addAt(5, 1).addAt(5, 9).value()).isEqualTo("NULL");
        assertThat(Fold.of("trend", FLOAT64).addAt(5, NAN).addAt(5, 9.0).value())
                .isEqualTo("NULL");
        assertThat(Fold.of("trend", FLOAT64).addAt(5, NAN).addAt(6, 9.0).value())
                .isEqualTo("NaN");
        assertThat(Fold.of("trend", FLOAT64).addAt(5, 3.0).addAt(6, 3.0).value())
                .isEqualTo("0.0");
    }

    @Test
    void ratioIsTheQuotientOfExactSums() {
        assertThat(Fold.of("ratio", INT64, INT64).add(1, 2).add(2, 4).value()).isEqualTo("0.5");
        assertThat(Fold.of("ratio", FLOAT64, FLOAT64)
                        .add(0.1, 0.1)
                        .add(0.2, 0.2)
                        .value())
                .isEqualTo("1.0");
        assertThat(Fold.of("ratio", INT64, INT64)
                        .add(Long.MAX_VALUE, 1)
                        .add(Long.MAX_VALUE, 1)
                        .value())
                .isEqualTo("9.223372036854776E18");
        assertThat(Fold.of("ratio", FLOAT64, INT64).add(1.0, -3).value()).isEqualTo("-0.3333333333333333");
        assertThat(Fold.of("ratio", FLOAT64, FLOAT64).add(1.0, 1e-320).value()).isEqualTo("Infinity");
    }

    @Test
    void ratioFollowsIeee754ButForADenominatorOfNought() {
        assertThat(Fold.of("ratio", INT64, INT64).value()).isEqualTo("NULL");
        assertThat(Fold.of("ratio", INT64, INT64).add(1, 0).value()).isEqualTo("NULL");
        assertThat(Fold.of("ratio", INT64, FLOAT64).add(1, 0.5).add(1, -0.5).value())
                .isEqualTo("NULL");
        assertThat(Fold.of("ratio", INT64, FLOAT64).add(1, INFINITY).value()).isEqualTo("0.0");
        assertThat(Fold.of("ratio", FLOAT64, FLOAT64).add(INFINITY, INFINITY).value())
                .isEqualTo("NaN");
        assertThat(Fold.of("ratio", FLOAT64, INT64).add(INFINITY, -2).value()).isEqualTo("-Infinity");
        assertThat(Fold.of("ratio", FLOAT64, INT64).add(NAN, 2).value()).isEqualTo("NaN");
    }

    @Test
    void rateIsPerSecondOfTheTimeThatTheWindowCovers() {
        Fold fold = Fold.of("rate", BOOL).add(true).add(true).add(true);
        assertThat(fold.value(new ReadPoint(10_000, 0))).isEqualTo("0.3");
        assertThat(fold.value(new ReadPoint(10_000, 0, 2_000))).isEqualTo("1.5");
        assertThat(fold.value(new ReadPoint(10_000, 10_000))).isEqualTo("NULL");
        assertThat(Fold.of("rate", BOOL).value()).isEqualTo("0.0");
    }

    @Test
    void timeSinceLastIsInMilliseconds() {
        assertThat(Fold.of("time_since_last", INT64).addAt(5, 1).addAt(3, 1).value(new ReadPoint(9, 0)))
                .isEqualTo("4");
        assertThat(Fold.of("time_since_last", INT64).addAt(Long.MIN_VALUE, 1).value(new ReadPoint(9, 0)))
                .isEqualTo("OVERFLOW");
        assertThat(Fold.of("time_since_last", INT64).value()).isEqualTo("NULL");
    }

    @Test
    void whatWasTakenAwayAndNeverCameIsNoValue() {
        assertThat(Fold.of("correlation", INT64, INT64)
                        .add(1, 1)
                        .add(2, 2)
                        .add(3, 3)
                        .retractAt(0, 100, 1)
                        .value())
                .isEqualTo("NULL");
        assertThat(Fold.of("skewness", INT64)
                        .add(1)
                        .add(2)
                        .add(3)
                        .retractAt(0, 50)
                        .value())
                .isEqualTo("NULL");
    }

    @Test
    void wrongInputsAreNamedWithARemedy() {
        assertThatThrownBy(() -> bind("correlation", Operands.of(INT64), Map.of()))
                .hasMessage("correlation needs a second input: write 'by: <expression>'");
        assertThatThrownBy(() -> bind("sum", Operands.of(INT64, INT64), Map.of()))
                .hasMessage("sum has one input: take 'by' out");
        assertThatThrownBy(() -> bind("ratio", Operands.of(INT64, BOOL), Map.of()))
                .hasMessage("the 'by' of ratio is INT64 or FLOAT64, got BOOL; write 'by: <expression> ? 1.0 : 0.0'");
        assertThatThrownBy(() -> bind("decayed_sum", Operands.of(INT64), Map.of()))
                .hasMessage("decayed_sum needs the parameter 'halfLife' (seconds until a value counts half, to the"
                        + " millisecond): write 'parameters: {halfLife: 3600.0}'");
        assertThatThrownBy(() -> bind("histogram", Operands.of(INT64), Map.of()))
                .hasMessage(
                        "histogram needs the parameter 'edges' (where the bins meet; one bin less than edges): write"
                                + " 'parameters: {edges: [0.0, 10.0, 100.0]}'");
        assertThatThrownBy(() -> bind("histogram", Operands.of(INT64), Map.of("edges", 1.0)))
                .hasMessage("edges is a list of at least 2 numbers, got [1.0]");
        assertThatThrownBy(() -> bind("count", Operands.of(INT64), Map.of("buckets", 5.0)))
                .hasMessage(
                        "count has no parameter 'buckets'; it takes none; for categories write 'bucket: <expression>'"
                                + " too");
    }

    private static BoundAggregate<?> bind(String name, Operands operands, Map<String, Double> parameters) {
        return Aggregates.byName(name).bind(operands, parameters);
    }
}
