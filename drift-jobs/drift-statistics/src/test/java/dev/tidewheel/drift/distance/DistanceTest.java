package dev.tidewheel.drift.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.drift.histogram.Edges;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DistanceTest {
    private static final Edges EDGES = Edges.of(1, 3, 5, 8, 10);
    /** Stands for null in the arrays below. */
    private static final double NULL = Double.MIN_VALUE;

    private static final double[] REFERENCE = {1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 6, 7, 8, 9, 10, NULL};
    private static final double[] WINDOW = {0.5, 2, 3, 5, 5, 8, 8.5, 10, 10, 11, 12, NULL, NULL, Double.NaN};

    static Distance[] all() {
        return new Distance[] {new Psi(), new JensenShannon(), new KolmogorovSmirnov()};
    }

    /** The expected numbers come from a script that shares no code with ours; its formulas are those of the Javadoc. */
    @Test
    void givesTheNumbersOfAnIndependentScript() {
        Counts reference = count(REFERENCE);
        Counts window = count(WINDOW);
        assertThat(new Psi().between(reference, window)).isCloseTo(2.261936569227808, within(1e-12));
        assertThat(new JensenShannon().between(reference, window)).isCloseTo(0.48510430300722474, within(1e-12));
        assertThat(new KolmogorovSmirnov().between(reference, window)).isCloseTo(0.3454545454545455, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theSameSharesAreNoDistanceApart(Distance distance) {
        Counts once = count(REFERENCE);
        Counts thrice = once.plus(once).plus(once);
        assertThat(distance.between(once, thrice)).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofNothingThereIsNoDistance(Distance distance) {
        Counts nothing = new Counts(EDGES);
        Counts unavailable = new Counts(EDGES);
        unavailable.addUnavailable();
        Counts some = count(REFERENCE);

        assertThat(distance.between(nothing, some)).isNaN();
        assertThat(distance.between(some, nothing)).isNaN();
        assertThat(distance.between(nothing, nothing)).isNaN();
        assertThat(distance.between(some, unavailable)).isNaN();
    }

    @Test
    void missingIsACellOfItsOwnExceptForKolmogorovSmirnov() {
        Counts allNull = count(NULL, NULL, NULL);
        Counts some = count(REFERENCE);

        assertThat(new Psi().between(allNull, allNull)).isZero();
        assertThat(new Psi().between(some, allNull)).isGreaterThan(1);
        assertThat(new JensenShannon().between(some, allNull)).isBetween(0.8, 1.0);
        assertThat(new KolmogorovSmirnov().between(some, allNull)).isNaN();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatCouldNotBeReadChangesNothing(Distance distance) {
        Counts window = count(WINDOW);
        Counts broken = window.copy();
        for (int i = 0; i < 100; i++) {
            broken.addUnavailable();
        }
        Counts reference = count(REFERENCE);
        assertThat(distance.between(reference, broken)).isEqualTo(distance.between(reference, window));
    }

    @Test
    void whatHasNothingInCommonIsAtTheGreatestDistance() {
        Counts low = count(1, 2, 2);
        Counts high = count(9, 9);
        assertThat(new JensenShannon().between(low, high)).isEqualTo(1);
        assertThat(new KolmogorovSmirnov().between(low, high)).isEqualTo(1);
        // Two cells differ by a whole, one side of each at the floor.
        assertThat(new Psi().between(low, high)).isCloseTo(2 * (1 - 1e-4) * Math.log(1e4), within(1e-12));
    }

    @Test
    void hasBoundsAndSymmetry() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            Counts one = random(random);
            Counts other = random(random);
            for (Distance distance : all()) {
                double there = distance.between(one, other);
                assertThat(there).as("seed %d", seed).isGreaterThanOrEqualTo(0);
                assertThat(distance.between(other, one)).as("seed %d", seed).isCloseTo(there, within(1e-12));
            }
            assertThat(new JensenShannon().between(one, other)).isLessThanOrEqualTo(1);
            assertThat(new KolmogorovSmirnov().between(one, other)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void kolmogorovSmirnovIsTheGapOfTheRawValuesBeforeTheEdges() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            double[] one = random.doubles(1 + random.nextInt(50), 0, 11).toArray();
            double[] other = random.doubles(1 + random.nextInt(50), 2, 12).toArray();
            double greatest = 0;
            for (double edge : EDGES.toArray()) {
                greatest = Math.max(greatest, Math.abs(shareBelow(one, edge) - shareBelow(other, edge)));
            }
            greatest = Math.max(
                    greatest, Math.abs(shareBelow(one, Math.nextUp(10.0)) - shareBelow(other, Math.nextUp(10.0))));
            assertThat(new KolmogorovSmirnov().between(count(one), count(other)))
                    .as("seed %d", seed)
                    .isCloseTo(greatest, within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void edgesMustBeTheSame(Distance distance) {
        Counts other = new Counts(Edges.BINARY);
        other.add(1);
        assertThatThrownBy(() -> distance.between(count(1), other)).hasMessageContaining("different edges");
    }

    private static double shareBelow(double[] values, double edge) {
        return (double) Arrays.stream(values).filter(value -> value < edge).count() / values.length;
    }

    private static Counts random(Random random) {
        Counts counts = new Counts(EDGES);
        for (int i = random.nextInt(30); i >= 0; i--) {
            counts.add(random.nextDouble() * 14 - 2);
            if (random.nextBoolean()) {
                counts.addNull();
            }
        }
        return counts;
    }

    private static Counts count(double... values) {
        Counts counts = new Counts(EDGES);
        for (double value : values) {
            if (value == NULL) {
                counts.addNull();
            } else {
                counts.add(value);
            }
        }
        return counts;
    }
}
