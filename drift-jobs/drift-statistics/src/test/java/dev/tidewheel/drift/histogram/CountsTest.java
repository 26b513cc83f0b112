package dev.tidewheel.drift.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CountsTest {
    private static final Edges EDGES = Edges.of(-1, 0, 0.5, 2);

    @Test
    void countsEveryKindApart() {
        Counts counts = new Counts(EDGES);
        counts.addNull();
        counts.addNull();
        counts.addUnavailable();
        for (double value : new double[] {
            Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -2, -1, 0.25, 0.5, 2, 2.5, 3
        }) {
            counts.add(value);
        }

        assertThat(counts.nulls()).isEqualTo(2);
        assertThat(counts.nans()).isEqualTo(1);
        assertThat(counts.infinities()).isEqualTo(2);
        assertThat(counts.unavailable()).isEqualTo(1);
        assertThat(counts.below()).isEqualTo(1);
        assertThat(counts.bins()).containsExactly(1, 1, 2);
        assertThat(counts.above()).isEqualTo(2);
        assertThat(counts.values()).isEqualTo(7);
        assertThat(counts.missing()).isEqualTo(5);
        assertThat(counts.observed()).isEqualTo(12);
        assertThat(counts.rows()).isEqualTo(13);
        assertThat(counts.mean()).isCloseTo(5.25 / 7, within(1e-12));
    }

    @Test
    void mergedPartsAreTheWholeInAnyOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            List<Double> values = values(random);
            Counts whole = count(values);
            Collections.shuffle(values, random);
            int cut = random.nextInt(values.size() + 1);
            Counts first = count(values.subList(0, cut));
            Counts second = count(values.subList(cut, values.size()));

            assertThat(first.plus(second)).as("seed %d", seed).isEqualTo(whole);
            assertThat(second.plus(first)).as("seed %d", seed).isEqualTo(whole);
            assertThat(whole.minus(first)).as("seed %d", seed).isEqualTo(second);
            assertThat(Counts.of(EDGES, whole.cells())).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void removingWhatWasAddedLeavesWhatWasThere() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Double> kept = values(random);
        List<Double> taken = values(random);
        Counts counts = count(kept);
        taken.forEach(value -> add(counts, value));
        counts.addUnavailable();

        Collections.shuffle(taken, random);
        counts.removeUnavailable();
        for (Double value : taken) {
            if (value == null) {
                counts.removeNull();
            } else {
                counts.remove(value);
            }
        }

        assertThat(counts).as("seed %d", seed).isEqualTo(count(kept));
    }

    @Test
    void nothingHasNoMean() {
        Counts counts = new Counts(EDGES);
        counts.addNull();
        assertThat(counts.mean()).isNaN();
    }

    @Test
    void whatIsNoPartCannotBeTakenAway() {
        Counts one = new Counts(EDGES);
        one.add(1);
        assertThatThrownBy(() -> new Counts(EDGES).minus(one)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsOnOtherEdgesDoNotMix() {
        Counts other = new Counts(Edges.BINARY);
        assertThatThrownBy(() -> new Counts(EDGES).merge(other)).hasMessageContaining("different edges");
        assertThatThrownBy(() -> Counts.of(EDGES, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFrozenRefuseChangesAndTheirCopiesDoNot() {
        Counts counts = count(List.of(1.0));
        Counts frozen = counts.frozen();
        counts.add(1);

        assertThat(frozen.rows()).isEqualTo(1);
        assertThatThrownBy(frozen::addNull).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> frozen.merge(counts)).isInstanceOf(IllegalStateException.class);
        Counts copy = frozen.copy();
        copy.add(1);
        assertThat(copy).isEqualTo(counts);
    }

    private static List<Double> values(Random random) {
        List<Double> values = new ArrayList<>();
        for (int i = random.nextInt(80); i >= 0; i--) {
            values.add(
                    switch (random.nextInt(12)) {
                        case 0 -> null;
                        case 1 -> Double.NaN;
                        case 2 -> Double.POSITIVE_INFINITY;
                        case 3 -> EDGES.toArray()[random.nextInt(4)];
                        default -> random.nextGaussian() * 2;
                    });
        }
        return values;
    }

    private static Counts count(List<Double> values) {
        Counts counts = new Counts(EDGES);
        values.forEach(value -> add(counts, value));
        return counts;
    }

    private static void add(Counts counts, Double value) {
        if (value == null) {
            counts.addNull();
        } else {
            counts.add(value);
        }
    }
}
