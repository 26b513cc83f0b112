package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AggregateLawsTest {
    private static final Map<String, List<ColumnType>> INPUTS = Map.ofEntries(
            Map.entry("count", List.of(ColumnType.values())),
            Map.entry("sum", List.of(ColumnType.INT64, ColumnType.FLOAT64)),
            Map.entry("mean", List.of(ColumnType.INT64, ColumnType.FLOAT64)),
            Map.entry("variance", List.of(ColumnType.INT64, ColumnType.FLOAT64)),
            Map.entry("stddev", List.of(ColumnType.INT64, ColumnType.FLOAT64)),
            Map.entry("min", List.of(ColumnType.values())),
            Map.entry("max", List.of(ColumnType.values())),
            Map.entry("first", List.of(ColumnType.values())),
            Map.entry("last", List.of(ColumnType.values())),
            Map.entry("latest", List.of()), // LatestTest: it reads two slots
            Map.entry("distinct", List.of(ColumnType.values())),
            Map.entry("quantile", List.of(ColumnType.INT64, ColumnType.FLOAT64)));

    static Stream<Arguments> allAggregatesAndInputs() {
        List<Arguments> all = new ArrayList<>();
        for (Aggregate aggregate : Aggregates.all()) {
            INPUTS.getOrDefault(aggregate.name(), List.of())
                    .forEach(type -> all.add(arguments(aggregate.name(), type)));
        }
        return all.stream();
    }

    @Test
    void everyAggregateIsChecked() {
        assertThat(Aggregates.all()).extracting(Aggregate::name).containsExactlyInAnyOrderElementsOf(INPUTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("allAggregatesAndInputs")
    void lawsHold(String name, ColumnType type) {
        BoundAggregate<?> aggregate = Aggregates.byName(name).bind(Operands.of(type), Map.of());
        for (long seed = 0; seed < 100; seed++) {
            AggregateLaws.check(aggregate, values(type, seed), seed);
        }
    }

    /** Tame for even seeds, wild for odd ones. */
    private static Function<Random, Row> values(ColumnType type, long seed) {
        boolean wild = seed % 2 == 1;
        return random -> {
            Row row = new Row(1);
            return switch (type) {
                case INT64, TIMESTAMP -> row.setLong(0, wild ? random.nextLong() : random.nextInt(100) - 50);
                case FLOAT64 -> row.setDouble(0, wild ? wild(random) : random.nextInt(100) / 10.0);
                case BOOL -> row.setBoolean(0, random.nextBoolean());
                case STRING, JSON -> row.setString(0, wild ? "\ud800é" + random.nextInt() : "s" + random.nextInt(9));
            };
        };
    }

    private static double wild(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> -0.0;
            case 4 -> Double.MIN_VALUE;
            case 5 -> -Double.MAX_VALUE;
            default -> Double.longBitsToDouble(random.nextLong() & ~(1L << (52 + random.nextInt(11))));
        };
    }
}
