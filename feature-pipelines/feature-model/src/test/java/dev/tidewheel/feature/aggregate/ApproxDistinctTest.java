package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApproxDistinctTest {

    /**
     * Computed with lz4-java's XXH64, seed 0, over the same bytes: 8 of a word, 2 per unit of a text, little-endian.
     */
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, e513e02c99167f96",
        "ab, 2b4d0fc9e4bf29e2",
        "abc, aff0f2a2f8b32731",
        "abcd, ad9338b32cda24c1",
        "abcdefghijklmno, e4992c56cd2d051f",
        "abcdefghijklmnop, 60db6bde64d53b78",
        "abcdefghijklmnopq, 44730cbf2ee4e17b",
        "Nobody inspects the spammish repetition, 6062078894c4915",
        "é😀, 2eef81596c697fa3"
    })
    void textsHashAsXxh64(String text, String expected) {
        assertThat(Long.toHexString(Hash64.of(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 34c96acdcadb1bbb",
        "1, 9f29cb17a2a49995",
        "-1, 85d136adb773c6c9",
        "-9223372036854775808, 3f425eacf01544e0",
        "1234567890123, d9d5580c14aa025d"
    })
    void wordsHashAsXxh64(long word, String expected) {
        assertThat(Long.toHexString(Hash64.of(word))).isEqualTo(expected);
    }

    /** Twenty trials per size: the root of the mean square of the relative errors, in units of 1.04/√m. */
    @ParameterizedTest
    @CsvSource({
        "8, 10",
        "8, 100",
        "8, 1000",
        "8, 100000",
        "12, 10",
        "12, 1000",
        "12, 4096",
        "12, 12000",
        "12, 100000",
        "14, 1000",
        "14, 40000",
        "14, 200000"
    })
    void theErrorIsWithinTheStandardError(int precision, int distinct) {
        double standard = 1.04 / Math.sqrt(1 << precision);
        double squares = 0;
        int trials = 20;
        for (int trial = 0; trial < trials; trial++) {
            long estimate = estimate(precision, distinct, new Random(31L * trial + distinct));
            double error = (double) (estimate - distinct) / distinct;
            assertThat(Math.abs(error)).isLessThan(4.5 * standard + 0.5 / distinct);
            squares += error * error;
        }
        // Of 20 trials, the root mean square is beyond 1.5 times the standard error about once in 1,000 times.
        assertThat(Math.sqrt(squares / trials)).isLessThan(1.5 * standard);
    }

    private static long estimate(int precision, int distinct, Random random) {
        BoundAggregate<?> aggregate = Aggregates.byName("approx_distinct")
                .bind(Operands.of(ColumnType.INT64), Map.of("precision", (double) precision));
        Accumulator<?> held = aggregate.partial().create();
        long start = random.nextLong();
        Row row = new Row(1);
        for (long i = 0; i < distinct; i++) {
            held.add(row.setLong(0, start + i), 0, 0, EventId.of(0)); // Neighbours: the hardest for a poor hash.
        }
        Row out = new Row(1);
        aggregate.finish(held, new ReadPoint(0, 0), out, 0);
        return out.getLong(0);
    }

    @Test
    void fewValuesAreCountedExactlyAndEqualOnesOnce() {
        assertThat(Fold.of("approx_distinct", ColumnType.FLOAT64)
                        .addAll(0.0, -0.0, Double.NaN, -Double.NaN, 1, 1)
                        .value())
                .isEqualTo("3");
        assertThat(Fold.of("approx_distinct", ColumnType.STRING).value()).isEqualTo("0");
    }
}
