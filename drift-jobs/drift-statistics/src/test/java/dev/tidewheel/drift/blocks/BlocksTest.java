package dev.tidewheel.drift.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is learnt from blocks of days, against pairs that are counted one by one and against worlds that are made up. */
class BlocksTest {
    private static final long DAY = 86_400_000;
    private static final int SEEDS = 20;
    private static final double FALSE_SUSPECTS = 0.01;

    @Test
    void daysAreBlocksAndManyShareOne() {
        Blocks few = Blocks.of(new long[] {5 * DAY, 2 * DAY + 1, 2 * DAY, -1});
        assertThat(IntStream.range(0, 4).map(few::of)).containsExactly(2, 1, 1, 0);
        assertThat(few.count()).isEqualTo(3);
        assertThat(few.areEnough()).isFalse();

        Blocks many = Blocks.of(LongStream.range(0, 365).map(day -> day * DAY).toArray());
        assertThat(many.days()).isEqualTo(365);
        assertThat(many.count()).isEqualTo(61);
        assertThat(many.of(5)).isZero();
        assertThat(many.of(6)).isEqualTo(1);
        assertThat(many.of(364)).isEqualTo(60);
        assertThat(Blocks.of(new long[0]).count()).isZero();
    }

    @Test
    void theAucIsThatOfAllPairs() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int rows = 2 + random.nextInt(60);
            double[] values = new double[rows];
            double[] labels = new double[rows];
            long[] times = new long[rows];
            for (int row = 0; row < rows; row++) {
                values[row] = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(6) - 2;
                labels[row] = row < 2 ? row : random.nextInt(2);
                times[row] = random.nextInt(9) * DAY;
            }
            BlockedAuc auc = BlockedAuc.of(values, labels, Blocks.of(times));
            double pairs = pairs(values, labels);
            assertThat(auc.auc()).as("seed %d", seed).isCloseTo(pairs, within(1e-12));
            assertThat(auc.alone()).isCloseTo(Math.max(pairs, 1 - pairs), within(1e-12));
        }
    }

    private static double pairs(double[] values, double[] labels) {
        double ordered = 0;
        double all = 0;
        for (int yes = 0; yes < values.length; yes++) {
            for (int no = 0; no < values.length; no++) {
                if (labels[yes] == 1 && labels[no] == 0) {
                    boolean tied = !(values[yes] < values[no]) && !(values[yes] > values[no]);
                    ordered += tied ? 0.5 : values[yes] > values[no] ? 1 : 0;
                    all++;
                }
            }
        }
        return ordered / all;
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Blocks one = Blocks.of(new long[] {0});
        assertThatThrownBy(() -> BlockedAuc.of(new double[2], new double[1], one))
                .hasMessageContaining("1 rows");
        assertThatThrownBy(() -> BlockedAuc.of(new double[1], new double[] {2}, one))
                .hasMessageContaining("0 or 1 is needed, got 2");
        assertThat(BlockedAuc.of(new double[1], new double[1], one).auc())
                .as("no positives")
                .isNaN();
    }

    @Test
    void aPlantedLeakIsFoundAndAnHonestColumnIsNot() {
        int honest = 10;
        double quantile = 1 - FALSE_SUSPECTS / (honest + 1);
        int falseSuspects = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            for (int column = 0; column < honest; column++) {
                falseSuspects +=
                        world.honest(column / (double) honest, quantile).isBeyondChance() ? 1 : 0;
            }
            Rise leak = world.leak(quantile);
            assertThat(leak.isBeyondChance()).as("seed %d: %s", seed, leak).isTrue();
            assertThat(leak.after()).isGreaterThan(leak.before());
        }
        assertThat(falseSuspects / (double) (SEEDS * honest)).isLessThanOrEqualTo(FALSE_SUSPECTS);
    }

    /** Few days vary by more than draws of them do. */
    @Test
    void ofTenDaysAnHonestSetIsASuspectAsSeldomAsOfForty() {
        int sets = 400;
        int columns = 16;
        double quantile = 1 - FALSE_SUSPECTS / columns;
        int suspects = 0;
        for (int seed = 0; seed < sets; seed++) {
            World world = new World(seed, Blocks.FEWEST, 20);
            boolean suspect = false;
            for (int column = 0; column < columns; column++) {
                suspect |= world.honest(column / (double) columns, quantile).isBeyondChance();
            }
            suspects += suspect ? 1 : 0;
        }
        assertThat(suspects)
                .as("of %d sets; more than 9 are met with 1 %% once in a hundred times", sets)
                .isLessThanOrEqualTo(9);
    }

    @Test
    void anAucOfAFewPairsIsKnownAsOne() {
        Blocks days =
                Blocks.of(LongStream.range(0, 60).map(row -> row / 6 * DAY).toArray());
        double[] values = IntStream.range(0, 60).asDoubleStream().toArray();
        double[] rare =
                IntStream.range(0, 60).mapToDouble(row -> row == 59 ? 1 : 0).toArray();
        double[] oneDay =
                IntStream.range(0, 60).mapToDouble(row -> row > 53 ? 1 : 0).toArray();
        double[] spread =
                IntStream.range(0, 60).mapToDouble(row -> row % 6 == 5 ? 1 : 0).toArray();
        assertThat(BlockedAuc.of(values, rare, days).alone()).isEqualTo(1);
        assertThat(BlockedAuc.of(values, rare, days).isOfManyPairs()).isFalse();
        assertThat(BlockedAuc.of(values, oneDay, days).isOfManyPairs()).isFalse();
        assertThat(BlockedAuc.of(values, spread, days).isOfManyPairs()).isTrue();
    }

    @Test
    void theSameWorldTwiceIsNoRiseAndFewDaysSayNothing() {
        World world = new World(1);
        BlockedAuc auc = BlockedAuc.of(world.labels, world.labels, world.blocks);
        assertThat(Rise.between(auc, auc, world.blocks, 0.99, 1)).isEqualTo(new Rise(1, 1, 0));

        Blocks few = Blocks.of(new long[] {0, DAY});
        BlockedAuc before = BlockedAuc.of(new double[] {1, 1}, new double[] {0, 1}, few);
        BlockedAuc after = BlockedAuc.of(new double[] {1, 2}, new double[] {0, 1}, few);
        Rise rise = Rise.between(before, after, few, 0.99, 1);
        assertThat(rise.after() - rise.before()).isEqualTo(0.5);
        assertThat(rise.threshold()).isNaN();
        assertThat(rise.isBeyondChance()).isFalse();
    }

    @Test
    void daysThatMoveOnDriftAndDaysThatOnlyDifferDoNot() {
        int found = 0;
        int falseDrifts = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            found += world.drift(0.15).isBeyondChance() ? 1 : 0;
            falseDrifts += world.drift(0).isBeyondChance() ? 1 : 0;
        }
        assertThat(found).isEqualTo(SEEDS);
        assertThat(falseDrifts).as("two measures at 1 % each, of %d", SEEDS).isLessThanOrEqualTo(1);
    }

    /** Some days of some rows; what a day is like decides much of its labels. */
    private static final class World {
        private final int days;
        private final int rows;
        private final Random random;
        private final Blocks blocks;
        private final double[] mood;
        private final double[] labels;

        World(int seed) {
            this(seed, 40, 50);
        }

        World(int seed, int days, int rowsOfADay) {
            this.days = days;
            this.rows = days * rowsOfADay;
            this.mood = new double[days];
            this.labels = new double[rows];
            random = new Random(seed);
            for (int day = 0; day < days; day++) {
                mood[day] = random.nextGaussian();
            }
            for (int row = 0; row < rows; row++) {
                labels[row] = mood[day(row)] + random.nextGaussian() > 0.5 ? 1 : 0;
            }
            blocks = Blocks.of(
                    IntStream.range(0, rows).mapToLong(row -> day(row) * DAY).toArray());
        }

        private int day(int row) {
            return row * days / rows;
        }

        /** A column that knows the day in both worlds, and in the second is fresher without knowing more. */
        Rise honest(double ofDay, double quantile) {
            double[] before = new double[rows];
            double[] after = new double[rows];
            for (int row = 0; row < rows; row++) {
                double same = random.nextGaussian();
                before[row] = ofDay * mood[day(row)] + same + 0.3 * random.nextGaussian();
                after[row] = ofDay * mood[day(row)] + same + 0.3 * random.nextGaussian();
            }
            return between(before, after, quantile);
        }

        /** A column that knows a little of the label itself in the second world. */
        Rise leak(double quantile) {
            double[] before = new double[rows];
            double[] after = new double[rows];
            for (int row = 0; row < rows; row++) {
                before[row] = 0.5 * mood[day(row)] + random.nextGaussian();
                after[row] = before[row] + 0.5 * labels[row];
            }
            return between(before, after, quantile);
        }

        private Rise between(double[] before, double[] after, double quantile) {
            return Rise.between(
                    BlockedAuc.of(before, labels, blocks), BlockedAuc.of(after, labels, blocks), blocks, quantile, 7);
        }

        StartToEnd drift(double perDay) {
            double[] values = new double[rows];
            for (int row = 0; row < rows; row++) {
                values[row] = mood[day(row)] + random.nextGaussian() + perDay * day(row);
            }
            return StartToEnd.of(values, blocks, 0.99, 3);
        }
    }
}
