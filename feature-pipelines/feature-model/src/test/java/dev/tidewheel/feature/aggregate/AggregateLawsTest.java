package dev.tidewheel.feature.aggregate;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AggregateLawsTest {

    static Stream<Arguments> allAggregatesAndInputs() {
        List<Arguments> all = new ArrayList<>();
        for (Aggregate aggregate : Aggregates.all()) {
            if (!aggregate.name().equals("latest")) { // LatestTest: it reads two slots
                aggregate.operands().forEach(operands -> all.add(arguments(aggregate.name(), operands)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("allAggregatesAndInputs")
    void lawsHold(String name, Operands operands) {
        BoundAggregate<?> aggregate = Aggregates.byName(name).example(operands);
        int seeds = operands.by().isPresent() ? 20 : 100;
        for (long seed = 0; seed < seeds; seed++) {
            AggregateLaws.check(aggregate, rows(operands, seed), seed);
        }
    }

    static Stream<Arguments> allAggregatesAndCategories() {
        List<Arguments> all = new ArrayList<>();
        for (Aggregate aggregate : Aggregates.all()) {
            if (aggregate.name().equals("latest")) {
                continue; // It refuses categories.
            }
            for (ColumnType category : ColumnType.values()) {
                Operands first = aggregate.operands().get(aggregate.operands().size() - 1);
                all.add(arguments(aggregate.name(), first.perBucket(category)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("allAggregatesAndCategories")
    void lawsHoldPerCategory(String name, Operands operands) {
        BoundAggregate<?> aggregate = Aggregates.byName(name).example(operands);
        for (long seed = 0; seed < 20; seed++) {
            AggregateLaws.check(aggregate, rows(operands, seed), seed);
        }
    }

    /** Small bounds are met; great ones are not. */
    static Stream<Arguments> boundedOnes() {
        return Stream.of(
                arguments("distinct", Map.of("limit", 7.0)),
                arguments("first_k", Map.of("k", 1.0)),
                arguments("last_k", Map.of("k", 2.0)),
                arguments("top_k", Map.of("k", 3.0)),
                arguments("bottom_k", Map.of("k", 1_000.0)),
                arguments("approx_distinct", Map.of("precision", 4.0)),
                arguments("approx_distinct", Map.of("precision", 16.0)),
                arguments("decayed_sum", Map.of("halfLife", 0.001)),
                arguments("decayed_mean", Map.of("halfLife", 3.2e9)));
    }

    @ParameterizedTest
    @MethodSource("boundedOnes")
    void lawsHoldAtTheBounds(String name, Map<String, Double> parameters) {
        Operands operands = Operands.of(ColumnType.INT64);
        BoundAggregate<?> aggregate = Aggregates.byName(name).bind(operands, parameters);
        BoundAggregate<?> perCategory = Aggregates.byName(name)
                .bind(
                        operands.perBucket(ColumnType.STRING),
                        Stream.concat(parameters.entrySet().stream(), Map.of("buckets", 5.0).entrySet().stream())
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        for (long seed = 0; seed < 50; seed++) {
            AggregateLaws.check(aggregate, rows(operands, seed), seed);
            AggregateLaws.check(perCategory, rows(operands.perBucket(ColumnType.STRING), seed), seed);
        }
    }

    private static Function<Random, Row> rows(Operands operands, long seed) {
        List<ColumnType> types = new ArrayList<>(List.of(operands.of().orElse(ColumnType.BOOL)));
        operands.by().ifPresent(types::add);
        operands.bucket().ifPresent(types::add);
        return random -> {
            Row row = new Row(types.size());
            for (int slot = 0; slot < row.size(); slot++) {
                set(row, slot, types.get(slot), random, seed % 2 == 1);
            }
            return row;
        };
    }

    /** Tame for even seeds, wild for odd ones. */
    private static void set(Row row, int slot, ColumnType type, Random random, boolean wild) {
        switch (type) {
            case INT64, TIMESTAMP -> row.setLong(slot, wild ? random.nextLong() : random.nextInt(100) - 50);
            case FLOAT64 -> row.setDouble(slot, wild ? wild(random) : random.nextInt(100) / 10.0);
            case BOOL -> row.setBoolean(slot, random.nextBoolean());
            case STRING, JSON -> row.setString(slot, wild ? "\ud800é" + random.nextInt() : "s" + random.nextInt(9));
        }
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
