package dev.tidewheel.drift.blocks;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How much better a column orders the label in one world than in another, and how much it might be by chance.
 *
 * @param before {@link BlockedAuc#alone} in the first world
 * @param after in the second
 * @param threshold by which chance alone would raise it; NaN where there are too few blocks to tell
 */
public record Rise(double before, double after, double threshold) {
    private static final int ROUNDS = 2_000;

    /**
     * Compares two worlds of the same rows. The threshold is so many standard errors of the rise as Student's t with one
     * degree of freedom less than there are blocks has at the quantile. The error is that of the block bootstrap (Künsch 1989,
     * blocks that do not overlap): blocks are drawn with replacement, both worlds alike; a draw of n blocks varies less than
     * n new ones would, by (n − 1)/n. A quantile of the draws themselves would promise too much: of ten days, none of them
     * lies as far out as one in some thousand honest sets does. The same seed gives the same threshold.
     *
     * @param quantile such as 0.99; of many comparisons each needs a greater one
     */
    public static Rise between(BlockedAuc first, BlockedAuc second, Blocks blocks, double quantile, long seed) {
        if (!(quantile > 0 && quantile < 1)) {
            throw new IllegalArgumentException("a quantile lies between 0 and 1, got " + quantile);
        }
        double rise = second.alone() - first.alone();
        double threshold = blocks.areEnough() && !Double.isNaN(rise)
                ? threshold(first, second, blocks.count(), rise, quantile, new Random(seed))
                : Double.NaN;
        return new Rise(first.alone(), second.alone(), threshold);
    }

    private static double threshold(
            BlockedAuc first, BlockedAuc second, int blocks, double rise, double quantile, Random random) {
        double squares = 0;
        int told = 0;
        int[] drawn = new int[blocks];
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.fill(drawn, 0);
            for (int draw = 0; draw < blocks; draw++) {
                drawn[random.nextInt(blocks)]++;
            }
            double difference = second.alone(drawn) - first.alone(drawn) - rise;
            if (!Double.isNaN(difference)) { // A draw without both labels says nothing.
                squares += difference * difference;
                told++;
            }
        }
        double error = Math.sqrt(squares / told * blocks / (blocks - 1));
        double errors = TDistribution.of(blocks - 1).inverseCumulativeProbability(quantile);
        return Math.max(0, errors * error);
    }

    /** Whether it is more than chance; false where nobody can tell. */
    public boolean isBeyondChance() {
        return after - before > threshold;
    }
}
