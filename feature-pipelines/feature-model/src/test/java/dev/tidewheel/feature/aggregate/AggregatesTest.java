package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation says about nulls, NaN, infinity, overflow and empty windows. */
class AggregatesTest {
    private static final ReadPoint AT = new ReadPoint(0, 0);

    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @CsvSource({
        "count, OK, 0", "distinct, OK, 0", "sum, NULL, null", "mean, NULL, null", "variance, NULL, null",
        "stddev, NULL, null", "min, NULL, null", "max, NULL, null", "first, NULL, null", "last, NULL, null",
        "quantile, NULL, null"
    })
    void emptyIsZeroForCountsAndNullOtherwise(String name, Status status, String value) {
        assertThat(integers(name)).isEqualTo(status + " " + value);
        assertThat(doubles(name)).isEqualTo(status + " " + value);
    }

    @Test
    void integerSumsOverflowButTheirMeansDoNot() {
        long huge = Long.MAX_VALUE;
        assertThat(integers("sum", huge, 1)).isEqualTo("OVERFLOW null");
        assertThat(integers("sum", huge, 1, -1)).isEqualTo("OK " + huge);
        assertThat(integers("mean", huge, huge)).isEqualTo("OK " + (double) huge);
        assertThat(integers("variance", Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo("OK " + 0x1p126);
    }

    @Test
    void doubleSumsAreRoundedOnceAndMayBeInfinite() {
        assertThat(doubles("sum", 0.1, 0.2, 0.3)).isEqualTo("OK 0.6");
        assertThat(doubles("sum", 1e16, 1, -1e16)).isEqualTo("OK 1.0");
        assertThat(doubles("sum", Double.MAX_VALUE, Double.MAX_VALUE)).isEqualTo("OK Infinity");
        assertThat(doubles("mean", Double.MAX_VALUE, Double.MAX_VALUE)).isEqualTo("OK " + Double.MAX_VALUE);
        assertThat(doubles("sum", -0.0)).isEqualTo("OK 0.0");
        assertThat(doubles("variance", 1e-200, 3e-200)).isEqualTo("OK 0.0");
        assertThat(doubles("variance", 1e200, 3e200)).isEqualTo("OK Infinity");
        assertThat(doubles("stddev", 1, 3)).isEqualTo("OK 1.0");
        assertThat(doubles("variance", 5)).isEqualTo("OK 0.0");
    }

    @Test
    void notANumberAndInfinityFollowIeee754() {
        assertThat(doubles("sum", 1, INFINITY)).isEqualTo("OK Infinity");
        assertThat(doubles("mean", 1, -INFINITY)).isEqualTo("OK -Infinity");
        assertThat(doubles("sum", INFINITY, -INFINITY)).isEqualTo("OK NaN");
        assertThat(doubles("mean", 1, NAN)).isEqualTo("OK NaN");
        assertThat(doubles("variance", 1, INFINITY)).isEqualTo("OK NaN");
        assertThat(doubles("min", 1, NAN)).isEqualTo("OK NaN");
        assertThat(doubles("max", 1, NAN)).isEqualTo("OK NaN");
        assertThat(doubles("min", 0.0, -0.0)).isEqualTo("OK -0.0");
        assertThat(doubles("count", NAN)).isEqualTo("OK 1");
        assertThat(doubles("distinct", NAN, -NAN, 0.0, -0.0)).isEqualTo("OK 2");
    }

    @Test
    void distinctRefusesToGuessBeyondItsLimit() {
        BoundAggregate<?> aggregate =
                Aggregates.byName("distinct").bind(Operands.of(ColumnType.INT64), Map.of("limit", 2.0));
        Accumulator<?> values = aggregate.partial().create();
        Row out = new Row(1);
        for (long value : new long[] {1, 2, 1}) {
            values.add(new Row(1).setLong(0, value), 0, 0, EventId.of(value));
        }
        assertThat(aggregate.finish(values, AT, out, 0)).isEqualTo(Status.OK);
        assertThat(out.getLong(0)).isEqualTo(2);
        values.add(new Row(1).setLong(0, 3), 0, 0, EventId.of(3));
        assertThat(aggregate.finish(values, AT, new Row(1), 0)).isEqualTo(Status.TRUNCATED);
    }

    @Test
    void sumAndMeanShareTheirPartial() {
        assertThat(bind("sum", ColumnType.INT64).partial())
                .isEqualTo(bind("mean", ColumnType.INT64).partial());
        assertThat(bind("variance", ColumnType.INT64).partial())
                .isEqualTo(bind("stddev", ColumnType.INT64).partial());
    }

    @Test
    void wrongUsesAreNamedWithARemedy() {
        assertThatThrownBy(() -> Aggregates.byName("median"))
                .hasMessageStartingWith("no aggregate is called 'median'; there are count, sum, mean");
        assertThatThrownBy(() -> bind("sum", ColumnType.BOOL))
                .hasMessage("sum aggregates INT64 or FLOAT64, got BOOL; write 'of: <expression> ? 1.0 : 0.0'");
        assertThatThrownBy(() -> Aggregates.byName("last").bind(Operands.rows(), Map.of()))
                .hasMessage("last needs something to aggregate: write 'of: <expression>'");
        assertThatThrownBy(() -> Aggregates.byName("quantile").bind(Operands.of(ColumnType.INT64), Map.of("q", 1.5)))
                .hasMessage("q lies between 0.0 and 1.0, got 1.5");
        assertThatThrownBy(
                        () -> Aggregates.byName("distinct").bind(Operands.of(ColumnType.INT64), Map.of("limit", 1.5)))
                .hasMessage("limit is a whole number, got 1.5");
        assertThatThrownBy(() -> Aggregates.byName("mean").bind(Operands.of(ColumnType.INT64), Map.of("q", 1.0)))
                .hasMessage("mean has no parameter 'q'; it takes none");
    }

    private static BoundAggregate<?> bind(String name, ColumnType type) {
        return Aggregates.byName(name).bind(Operands.of(type), Map.of());
    }

    private static String integers(String name, long... values) {
        BoundAggregate<?> aggregate = bind(name, ColumnType.INT64);
        Accumulator<?> accumulator = aggregate.partial().create();
        for (int i = 0; i < values.length; i++) {
            accumulator.add(new Row(1).setLong(0, values[i]), 0, i, EventId.of(i));
        }
        return finish(aggregate, accumulator);
    }

    private static String doubles(String name, double... values) {
        BoundAggregate<?> aggregate = bind(name, ColumnType.FLOAT64);
        Accumulator<?> accumulator = aggregate.partial().create();
        for (int i = 0; i < values.length; i++) {
            accumulator.add(new Row(1).setDouble(0, values[i]), 0, i, EventId.of(i));
        }
        return finish(aggregate, accumulator);
    }

    private static String finish(BoundAggregate<?> aggregate, Accumulator<?> accumulator) {
        Row out = new Row(1);
        Status status = aggregate.finish(accumulator, AT, out, 0);
        if (out.isNull(0)) {
            return status + " null";
        }
        return status + " "
                + (aggregate.result() == ColumnType.FLOAT64
                        ? Double.toString(out.getDouble(0))
                        : Long.toString(out.getLong(0)));
    }
}
