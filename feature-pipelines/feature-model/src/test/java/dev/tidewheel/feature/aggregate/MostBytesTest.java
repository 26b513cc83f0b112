package dev.tidewheel.feature.aggregate;

import static dev.tidewheel.feature.row.ColumnType.FLOAT64;
import static dev.tidewheel.feature.row.ColumnType.INT64;
import static dev.tidewheel.feature.row.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidewheel.feature.row.ColumnType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What limits are held against is not exceeded, whatever comes. */
class MostBytesTest {
    private static final List<Double> EDGES =
            IntStream.range(-100, 100).mapToObj(edge -> edge * 2e8).toList();

    static Stream<Arguments> bounded() {
        return Stream.of(
                arguments("distinct", List.of(INT64), Map.of("limit", List.of(300.0))),
                arguments("distinct", List.of(FLOAT64), Map.of("limit", List.of(300.0))),
                arguments("distinct", List.of(STRING), Map.of("limit", List.of(300.0))),
                arguments("approx_distinct", List.of(INT64), Map.of("precision", List.of(8.0))),
                arguments("frequent", List.of(INT64), Map.of("counters", List.of(40.0))),
                arguments("frequent", List.of(STRING), Map.of("counters", List.of(40.0))),
                arguments("first_k", List.of(INT64), Map.of("k", List.of(30.0))),
                arguments("last_k", List.of(FLOAT64), Map.of("k", List.of(30.0))),
                arguments("top_k", List.of(STRING, INT64), Map.of("k", List.of(30.0))),
                arguments("bottom_k", List.of(INT64), Map.of("k", List.of(30.0))),
                arguments("histogram", List.of(FLOAT64), Map.of("edges", EDGES)));
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void noValuesTakeMore(String name, List<ColumnType> types, Map<String, List<Double>> parameters) {
        Operands operands = types.size() == 1 ? Operands.of(types.get(0)) : Operands.of(types.get(0), types.get(1));
        Aggregate aggregate = Aggregates.byName(name);
        assertKeeps(aggregate.bind(operands, new Parameters(parameters)), types);

        List<ColumnType> withCategory =
                Stream.concat(types.stream(), Stream.of(STRING)).toList();
        Map<String, List<Double>> perBucket = new HashMap<>(parameters);
        perBucket.put("buckets", List.of(7.0));
        assertKeeps(aggregate.bind(operands.perBucket(STRING), new Parameters(perBucket)), withCategory);
    }

    private static void assertKeeps(BoundAggregate<?> bound, List<ColumnType> types) {
        Random random = new Random(11);
        Fold fold = Fold.of(bound);
        long greatest = 0;
        for (int i = 0; i < 2_000; i++) {
            int event = i;
            Object[] values =
                    types.stream().map(type -> value(type, random, event)).toArray();
            if (types.get(types.size() - 1) == STRING && types.size() > 1) {
                values[types.size() - 1] = "category " + random.nextInt(7);
            }
            fold.addAt(1_700_000_000_000L + random.nextInt(1_000_000_000), values);
            if (i % 50 == 0) {
                greatest = Math.max(greatest, fold.hex().length() / 2);
            }
        }
        assertThat(greatest)
                .as(bound.partial().key())
                .isLessThanOrEqualTo(bound.partial().mostBytes())
                .isGreaterThan(bound.partial().mostBytes() / 12);
        assertThat(bound.partial().mostBytes())
                .isGreaterThanOrEqualTo(bound.partial().typicalBytes());
    }

    private static Object value(ColumnType type, Random random, int event) {
        return switch (type) {
            case FLOAT64 -> random.nextGaussian() * 1e10;
            case STRING -> "text " + event;
            default -> random.nextLong();
        };
    }
}
