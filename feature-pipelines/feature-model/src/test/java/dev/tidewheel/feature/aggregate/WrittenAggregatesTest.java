package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.row.ColumnType;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes and keys as they were when they were first stored: a change here is a new format, never a new expectation. */
class WrittenAggregatesTest {

    static Stream<Arguments> written() {
        ColumnType i = ColumnType.INT64;
        ColumnType d = ColumnType.FLOAT64;
        ColumnType s = ColumnType.STRING;
        return Stream.of(
                arguments("count", Operands.of(i), "count", "06"),
                arguments("sum", Operands.of(i), "sum(INT64)", "0c01"),
                arguments("sum", Operands.of(d), "sum(FLOAT64)", "0e000000016907fccccccccccccd"),
                arguments(
                        "variance",
                        Operands.of(d),
                        "moments(FLOAT64)",
                        "0e000000016907fccccccccccccd01d3010e02ae147ae147ae3eb851eb851eb9"),
                arguments("skewness", Operands.of(i), "powers(INT64)", "0c018601c1048628"),
                arguments(
                        "kurtosis",
                        Operands.of(d),
                        "powers(FLOAT64)",
                        "0e000000016907fccccccccccccd01d3010e02ae147ae147ae3eb851eb851eb901bd0214db020c49ba5e3295810624dd2f0ba5e353f7ced901a7031b0419ce075f6fd29460aa64c2f83ca161e4f765fda31f8a0902de01"),
                arguments("min", Operands.of(s), "min(STRING)", "03732d37"),
                arguments("last", Operands.of(d), "last(FLOAT64)", "f02e00043fd3333333333334"),
                arguments("distinct", Operands.of(s), "distinct(STRING, 1000)", "0303732d370202733304"),
                arguments("distinct", Operands.of(i), "distinct(INT64, 1000)", "030d020604"),
                arguments("quantile", Operands.of(d), "quantile(FLOAT64, 0.01)", "0002abd208d7d10804"),
                arguments(
                        "first_k",
                        Operands.of(s),
                        "first_k(STRING, 10)",
                        "03af6d000203732d37f02e0000027333f02e0004027333"),
                arguments("last_k", Operands.of(i), "last_k(INT64, 10)", "03f02e000406f02e000006af6d00020d"),
                arguments("top_k", Operands.of(i), "top_k(INT64, 10)", "0306060d"),
                arguments(
                        "bottom_k",
                        Operands.of(s, i),
                        "bottom_k(STRING by INT64, 10)",
                        "03af6d00020d03732d37f02e000006027333f02e000406027333"),
                arguments("approx_distinct", Operands.of(i), "hll(INT64, 12)", "02c1bd08848902"),
                arguments("histogram", Operands.of(i), "histogram(INT64, [0.0, 10.0, 100.0])", "0200020004"),
                arguments("frequent", Operands.of(s), "frequent(STRING, 256)", "030203732d370202733304"),
                arguments("ratio", Operands.of(i, d), "ratio(INT64, FLOAT64)", "0c010e000000016907fccccccccccccd"),
                arguments("rate", Operands.of(i), "count", "06"),
                arguments("time_since_last", Operands.of(i), "latest", "f02e"),
                arguments(
                        "decayed_sum",
                        Operands.of(d),
                        "decay(FLOAT64, 3600000)",
                        "0c000201011807f4d0a969ba93210116071ff4f76434127d0001690713360a3a3a43cb01650710025ddb308dd3"),
                arguments("trend", Operands.of(i), "trend(INT64)", "0c00cf0f0080dbf23f000100f09608"),
                arguments(
                        "correlation",
                        Operands.of(d, i),
                        "pairs(FLOAT64, INT64)",
                        "0c0001008601016907fccccccccccccd01690800d666666666666d01d3010e02ae147ae147ae3eb851eb851eb9"),
                arguments(
                        "sum",
                        Operands.of(i).perBucket(s),
                        "buckets(sum(INT64), STRING, 100)",
                        "0303732d3706040d0273330a080c"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void bytesAndKeysStay(String name, Operands operands, String key, String hex) {
        BoundAggregate<?> aggregate = Aggregates.byName(name).example(operands);
        assertThat(aggregate.partial().key()).isEqualTo(key);
        Fold fold = Fold.of(aggregate);
        for (int n : List.of(3, -7, 3)) {
            fold.addAt(1_000L * n, row(operands, n));
        }
        assertThat(fold.hex()).isEqualTo(hex);
        ByteReader in = new ByteReader(HexFormat.of().parseHex(hex));
        aggregate.partial().decode(in);
        in.expectEnd();
    }

    private static Object[] row(Operands operands, int n) {
        return Stream.of(operands.of(), operands.by(), operands.bucket())
                .flatMap(java.util.Optional::stream)
                .map(type -> switch (type) {
                    case INT64, TIMESTAMP -> (Object) (long) n;
                    case FLOAT64 -> n * 0.1;
                    case BOOL -> n > 0;
                    case STRING, JSON -> "s" + n;
                })
                .toArray();
    }

    /** Many registers are written as they are, six bits each. */
    @Test
    void denseRegistersStay() {
        BoundAggregate<?> aggregate =
                Aggregates.byName("approx_distinct").bind(Operands.of(ColumnType.INT64), Map.of("precision", 4.0));
        Fold fold = Fold.of(aggregate);
        for (long value = 0; value < 40; value++) {
            fold.add(value);
        }
        assertThat(fold.hex()).isEqualTo("0f0820c50400c6084084202083");
    }

    @Test
    void everyEmptyWindowIsWhatItsAggregateSays() {
        for (Aggregate aggregate : Aggregates.all()) {
            Fold fold = Fold.of(aggregate.example(aggregate.operands().get(0)));
            String expected = aggregate.empty().equals("null") ? "NULL" : aggregate.empty();
            assertThat(fold.value().replaceAll("\\{.*0.*}", "counts of 0"))
                    .as(aggregate.name())
                    .isEqualTo(expected);
        }
    }
}
