package dev.tidewheel.drift.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EdgesTest {
    @Test
    void aBinHoldsItsFirstEdgeAndTheLastBinBoth() {
        Edges edges = Edges.of(1, 3, 5);

        assertThat(edges.cell(Math.nextDown(1.0))).isZero();
        assertThat(edges.cell(1)).isEqualTo(1);
        assertThat(edges.cell(Math.nextDown(3.0))).isEqualTo(1);
        assertThat(edges.cell(3)).isEqualTo(2);
        assertThat(edges.cell(5)).isEqualTo(2);
        assertThat(edges.cell(Math.nextUp(5.0))).isEqualTo(3);
    }

    @Test
    void oneEdgeIsABinOfOneValue() {
        Edges edges = Edges.of(7);
        assertThat(edges.bins()).isEqualTo(1);
        assertThat(new int[] {edges.cell(6), edges.cell(7), edges.cell(8)}).containsExactly(0, 1, 2);
    }

    @Test
    void withoutEdgesEverythingIsAbove() {
        assertThat(Edges.NONE.bins()).isZero();
        assertThat(Edges.NONE.cell(-1e300)).isEqualTo(1);
    }

    @Test
    void findsTheCellThatALinearSearchFinds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            double[] sorted = random.ints(random.nextInt(6), -5, 6)
                    .sorted()
                    .distinct()
                    .asDoubleStream()
                    .toArray();
            Edges edges = Edges.of(sorted);
            double value = random.nextInt(24) / 2.0 - 6;
            assertThat(edges.cell(value))
                    .as("seed %d: %s in %s", seed, value, edges)
                    .isEqualTo(naive(sorted, value));
        }
    }

    private static int naive(double[] edges, double value) {
        int bins = Math.max(edges.length == 1 ? 1 : 0, edges.length - 1);
        if (edges.length == 0 || value > edges[edges.length - 1]) {
            return bins + 1;
        }
        if (value < edges[0]) {
            return 0;
        }
        for (int bin = 0; bin < bins; bin++) {
            if (bin == bins - 1 || value < edges[bin + 1]) {
                return bin + 1;
            }
        }
        throw new AssertionError();
    }

    @Test
    void quantilesCutIntoEqualParts() {
        double[] values = new Random(1).doubles(10_000).toArray();
        Counts counts = count(Edges.quantiles(values, 10), values);

        assertThat(Arrays.stream(counts.bins()).boxed())
                .hasSize(10)
                .allSatisfy(bin -> assertThat(bin).isBetween(999L, 1_001L));
    }

    @Test
    void quantileEdgesKeepTheirPromises() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 3_000; run++) {
            int bins = 1 + random.nextInt(8);
            double[] values = heavy(random);
            Edges edges = Edges.quantiles(values, bins);
            String what = "seed " + seed + ": " + Arrays.toString(values) + " in " + bins + ": " + edges;

            Counts counts = count(edges, values);
            assertThat(edges.bins()).as(what).isLessThanOrEqualTo(bins);
            assertThat(counts.below() + counts.above()).as(what).isZero();
            assertThat(Arrays.stream(counts.bins()).boxed())
                    .as(what)
                    .allSatisfy(bin -> assertThat(bin).isPositive());
            long distinct = Arrays.stream(values).distinct().count();
            if (distinct <= bins) {
                assertThat(edges.bins()).as(what).isEqualTo((int) distinct);
            } else {
                for (double value : values) {
                    long own = Arrays.stream(values)
                            .filter(other -> other == value)
                            .count();
                    if (own >= 2.0 * values.length / bins + 1) {
                        assertThat(counts.valueCell(edges.cell(value))).as(what).isEqualTo(own);
                    }
                }
            }
        }
    }

    @Test
    void rareValuesOfAColumnThatIsMostlyZeroStaySeen() {
        double[] values = new double[1_000];
        for (int i = 0; i < 40; i++) {
            values[i] = 1 + i;
        }
        assertThat(Edges.quantiles(values, 10)).isEqualTo(Edges.of(0, 1, 40));
        assertThat(Edges.quantiles(new double[] {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 10))
                .isEqualTo(Edges.BINARY);
    }

    @Test
    void aGreatestValueThatIsHeavyHasABinOfItsOwn() {
        double[] values = new double[1_000];
        Arrays.setAll(values, i -> i < 100 ? i / 100.0 : 1);
        Edges edges = Edges.quantiles(values, 5);
        assertThat(count(edges, values).valueCell(edges.bins())).isEqualTo(900);
    }

    @Test
    void referencesWithoutValuesHaveNoEdges() {
        assertThat(Edges.quantiles(new double[0], 10)).isEqualTo(Edges.NONE);
        assertThat(Edges.quantiles(new double[] {Double.NaN, Double.POSITIVE_INFINITY}, 10))
                .isEqualTo(Edges.NONE);
        assertThat(Edges.quantiles(new double[] {3, 3, Double.NaN}, 10)).isEqualTo(Edges.of(3));
    }

    @Test
    void bothZerosAreOne() {
        assertThat(Edges.of(-0.0, 1)).isEqualTo(Edges.of(0.0, 1));
        assertThat(Edges.of(-0.0, 1).id()).isEqualTo(Edges.of(0.0, 1).id()).matches("edges:[0-9a-f]{16}");
        assertThat(Edges.of(0.0, 1).cell(-0.0)).isEqualTo(1);
        assertThat(Edges.quantiles(new double[] {-0.0, 0.0, -0.0}, 4)).isEqualTo(Edges.of(0));
    }

    @Test
    void anEdgeIsAddedOnlyInside() {
        assertThat(Edges.of(0.1, 0.9).with(0.5)).isEqualTo(Edges.of(0.1, 0.5, 0.9));
        assertThat(Edges.of(0.1, 0.5, 0.9).with(0.5)).isEqualTo(Edges.of(0.1, 0.5, 0.9));
        assertThat(Edges.of(0.6, 0.9).with(0.5)).isEqualTo(Edges.of(0.6, 0.9));
        assertThat(Edges.NONE.with(0.5)).isEqualTo(Edges.NONE);
    }

    @Test
    void refusesWhatDoesNotAscend() {
        assertThatThrownBy(() -> Edges.of(1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Edges.of(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Edges.of(0, Double.POSITIVE_INFINITY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Edges.quantiles(new double[] {1}, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] heavy(Random random) {
        int spread = 1 + random.nextInt(20);
        double[] values = new double[1 + random.nextInt(60)];
        Arrays.setAll(values, i -> random.nextInt(3) == 0 ? 4 : random.nextInt(spread) - 3);
        return values;
    }

    private static Counts count(Edges edges, double[] values) {
        Counts counts = new Counts(edges);
        Arrays.stream(values).forEach(counts::add);
        return counts;
    }
}
