package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantileAccuracyTest {

    @ParameterizedTest
    @CsvSource({"0.01, 1", "0.001, 2", "0.1, 3", "0.5, 4", "0.0001, 5"})
    void everyQuantileIsWithinTheRelativeAccuracy(double accuracy, long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            double[] values = random.doubles(1 + random.nextInt(400)).toArray();
            double spread = Math.pow(10, random.nextInt(300));
            Arrays.setAll(values, i -> (values[i] - 0.3) * Math.pow(spread, random.nextDouble()));
            for (double q : new double[] {0, 0.1, 0.5, 0.9, 0.99, 1}) {
                double actual = quantile(q, accuracy, values);
                double[] sorted = values.clone();
                Arrays.sort(sorted);
                double exact = sorted[(int) Math.floor(q * (sorted.length - 1))];
                assertThat(actual)
                        .as("seed %d, q %s of %d values", seed, q, values.length)
                        .isCloseTo(exact, within(Math.abs(exact) * (accuracy + 1e-12)));
            }
        }
    }

    @Test
    void theEndsOfTheDoublesHaveBuckets() {
        double huge = Double.MAX_VALUE;
        assertThat(quantile(1, 0.01, huge)).isCloseTo(huge, within(huge * 0.0101));
        assertThat(quantile(0, 0.01, -huge)).isCloseTo(-huge, within(huge * 0.0101));
        assertThat(quantile(0.5, 0.01, Double.MIN_NORMAL))
                .isCloseTo(Double.MIN_NORMAL, within(Double.MIN_NORMAL * 0.0101));
        assertThat(quantile(0.5, 0.01, Double.MIN_VALUE)).isZero();
        assertThat(quantile(1, 0.01, 1, Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(quantile(0, 0.01, 1, Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(quantile(0, 0.01, 1, Double.NaN)).isNaN();
    }

    private static double quantile(double q, double accuracy, double... values) {
        BoundAggregate<?> aggregate = Aggregates.byName("quantile")
                .bind(Operands.of(ColumnType.FLOAT64), Map.of("q", q, "accuracy", accuracy));
        Accumulator<?> sketch = aggregate.partial().create();
        for (double value : values) {
            sketch.add(new Row(1).setDouble(0, value), 0, 0, EventId.of(0));
        }
        Row out = new Row(1);
        assertThat(aggregate.finish(sketch, new ReadPoint(0, 0), out, 0).code()).isZero();
        return out.getDouble(0);
    }
}
