package dev.tidewheel.feature.aggregate;

import static dev.tidewheel.feature.row.ColumnType.BOOL;
import static dev.tidewheel.feature.row.ColumnType.FLOAT64;
import static dev.tidewheel.feature.row.ColumnType.INT64;
import static dev.tidewheel.feature.row.ColumnType.STRING;
import static dev.tidewheel.feature.row.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists, histograms and categories: their order, their JSON, and their bounds. */
class CollectionsTest {
    private static final Map<String, Double> TWO = Map.of("k", 2.0);

    @Test
    void firstAndLastListInTheTotalOrder() {
        assertThat(Fold.of("first_k", Operands.of(STRING), TWO)
                        .addAt(3, "c")
                        .addAt(1, "a")
                        .addAt(2, "b")
                        .value())
                .isEqualTo("[\"a\",\"b\"]");
        assertThat(Fold.of("last_k", Operands.of(STRING), TWO)
                        .addAt(3, "c")
                        .addAt(1, "a")
                        .addAt(2, "b")
                        .value())
                .isEqualTo("[\"c\",\"b\"]");
        assertThat(Fold.of("last_k", Operands.of(STRING), TWO)
                        .addAt(1, "smaller id")
                        .addAt(1, "greater id")
                        .value())
                .isEqualTo("[\"greater id\",\"smaller id\"]");
    }

    @Test
    void topAndBottomListValuesByThemselves() {
        assertThat(Fold.of("top_k", Operands.of(INT64), TWO)
                        .add(5)
                        .add(9)
                        .add(9)
                        .add(1)
                        .value())
                .isEqualTo("[9,9]");
        assertThat(Fold.of("bottom_k", Operands.of(INT64), TWO)
                        .add(5)
                        .add(9)
                        .add(1)
                        .value())
                .isEqualTo("[1,5]");
        assertThat(Fold.of("top_k", FLOAT64)
                        .addAll(1, Double.NaN, Double.POSITIVE_INFINITY, 0.0, -0.0, 1e100)
                        .value())
                .isEqualTo("[\"NaN\",\"Infinity\",1.0E100,1.0,0.0,-0.0]");
        assertThat(Fold.of("bottom_k", FLOAT64)
                        .addAll(Double.NaN, 1, Double.NEGATIVE_INFINITY)
                        .value())
                .isEqualTo("[\"-Infinity\",1.0,\"NaN\"]");
        assertThat(Fold.of("top_k", BOOL).add(false).add(true).value()).isEqualTo("[true,false]");
        assertThat(Fold.of("top_k", TIMESTAMP).add(7).value()).isEqualTo("[7]");
        assertThat(Fold.of("top_k", INT64).value()).isEqualTo("NULL");
    }

    @Test
    void topByAnotherColumnTakesTheEarlierOfEquals() {
        assertThat(Fold.of("top_k", Operands.of(STRING, INT64), TWO)
                        .add("low", 1)
                        .add("first of the best", 7)
                        .add("second of the best", 7)
                        .add("third of the best", 7)
                        .value())
                .isEqualTo("[\"first of the best\",\"second of the best\"]");
        assertThat(Fold.of("bottom_k", Operands.of(STRING, FLOAT64), TWO)
                        .add("high", 9.0)
                        .add("low", -1.0)
                        .add("unknown", Double.NaN)
                        .value())
                .isEqualTo("[\"low\",\"high\"]");
    }

    @Test
    void jsonEscapesOnlyWhatItMust() {
        assertThat(Fold.of("first_k", STRING)
                        .add("\"\\/\b\f\n\r\t\u0001é😀\ud800x\udc00")
                        .value())
                .isEqualTo("[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001é😀\\ud800x\\udc00\"]");
    }

    @Test
    void binsAreClosedOnTheLeft() {
        assertThat(Fold.of("histogram", FLOAT64)
                        .addAll(-0.1, 0, 9.9, 10, 99.9, 100, Double.NaN, Double.POSITIVE_INFINITY, -1e300)
                        .value())
                .isEqualTo("{\"above\":2,\"below\":2,\"bins\":[2,2],\"nan\":1}");
        assertThat(Fold.of("histogram", INT64).value()).isEqualTo("{\"above\":0,\"below\":0,\"bins\":[0,0],\"nan\":0}");
        assertThat(Fold.of("histogram", INT64)
                        .add(5)
                        .retractAt(0, 5)
                        .retractAt(0, 5)
                        .value())
                .isEqualTo("{\"above\":0,\"below\":0,\"bins\":[-1,0],\"nan\":0}");
    }

    @Test
    void edgesAscend() {
        Aggregate histogram = Aggregates.byName("histogram");
        assertThatThrownBy(() ->
                        histogram.bind(Operands.of(INT64), new Parameters(Map.of("edges", List.of(1.0, 3.0, 3.0)))))
                .hasMessage("edges must ascend, got 3.0 behind 3.0");
        assertThatThrownBy(() -> histogram.bind(
                        Operands.of(INT64), new Parameters(Map.of("edges", List.of(1.0, Double.POSITIVE_INFINITY)))))
                .hasMessageStartingWith("edges lies between");
        List<Double> many =
                IntStream.rangeClosed(0, 1_000).mapToObj(edge -> (double) edge).toList();
        assertThat(histogram.bind(Operands.of(INT64), new Parameters(Map.of("edges", many.subList(1, 1_001)))))
                .isNotNull();
        assertThatThrownBy(() -> histogram.bind(Operands.of(INT64), new Parameters(Map.of("edges", many))))
                .hasMessage("edges is a list of at most 1000 numbers, got 1001");
    }

    @Test
    void frequentCountsDownAndTiesAscend() {
        assertThat(Fold.of("frequent", Operands.of(STRING), TWO)
                        .add("b")
                        .add("c")
                        .add("a")
                        .add("c")
                        .value())
                .isEqualTo("[[\"c\",2],[\"a\",1]]");
        assertThat(Fold.of("frequent", FLOAT64)
                        .addAll(-1, -2, 0.0, -0.0, Double.NaN)
                        .value())
                .isEqualTo("[[0.0,2],[-2.0,1],[-1.0,1],[\"NaN\",1]]");
        assertThat(Fold.of("frequent", STRING).value()).isEqualTo("NULL");
    }

    @Test
    void categoriesAreSortedTexts() {
        Fold fold = Fold.of(Aggregates.byName("sum").example(Operands.of(INT64).perBucket(STRING)));
        assertThat(fold.add(1, "b").add(2, "a").add(3, "b").value()).isEqualTo("{\"a\":2,\"b\":4}");
        Fold numbers =
                Fold.of(Aggregates.byName("count").example(Operands.rows().perBucket(FLOAT64)));
        assertThat(numbers.add(true, 0.0)
                        .add(true, -0.0)
                        .add(true, Double.NaN)
                        .add(true, 2.0)
                        .value())
                .isEqualTo("{\"0.0\":2,\"2.0\":1,\"NaN\":1}");
        Fold lists =
                Fold.of(Aggregates.byName("first_k").example(Operands.of(STRING).perBucket(BOOL)));
        assertThat(lists.add("x", true).add("y", false).add("z", true).value())
                .isEqualTo("{\"false\":[\"y\"],\"true\":[\"x\",\"z\"]}");
    }

    @Test
    void aCategoryWithoutAValueIsNullAndOneWithoutRowsIsNotThere() {
        Fold ratio = Fold.of(
                Aggregates.byName("ratio").example(Operands.of(INT64, INT64).perBucket(STRING)));
        assertThat(ratio.add(1, 0, "none").add(1, 2, "half").value()).isEqualTo("{\"half\":0.5,\"none\":null}");
        Fold count = Fold.of(Aggregates.byName("count").example(Operands.rows().perBucket(STRING)));
        assertThat(count.add(true, "a").add(true, "b").retractAt(0, true, "b").value())
                .isEqualTo("{\"a\":1}");
        assertThat(count.retractAt(0, true, "a").value()).isEqualTo("NULL");
    }

    @Test
    void aCategoryThatIsTruncatedOrOverflowsIsSaidByTheMapsStatus() {
        Operands texts = Operands.of(STRING).perBucket(STRING);
        Fold distinct = Fold.of(Aggregates.byName("distinct").bind(texts, Map.of("limit", 1.0)));
        assertThat(distinct.add("x", "a").add("y", "b").value()).isEqualTo("{\"a\":1,\"b\":1}");
        assertThat(distinct.add("z", "b").whole()).isEqualTo("{\"a\":1,\"b\":null} TRUNCATED");
        Fold sum = Fold.of(Aggregates.byName("sum").example(Operands.of(INT64).perBucket(STRING)));
        sum.add(Long.MAX_VALUE, "a").add(1, "a").add(7, "b");
        assertThat(sum.whole()).isEqualTo("{\"a\":null,\"b\":7} OVERFLOW");
    }

    @Test
    void tooManyCategoriesAreNoValue() {
        Operands operands = Operands.rows().perBucket(INT64);
        Fold fold = Fold.of(Aggregates.byName("count").bind(operands, Map.of("buckets", 2.0)));
        assertThat(fold.add(true, 1).add(true, 2).add(true, 1).value()).isEqualTo("{\"1\":2,\"2\":1}");
        assertThat(fold.retractAt(0, true, 2).add(true, 3).value()).isEqualTo("TRUNCATED");
    }
}
