package dev.tidewheel.trainer.logistic;

import java.util.List;
import java.util.Random;

/** Rows drawn from a known logistic model, with nulls in one column, and another that never varies. */
public final class RandomExamples {

    private RandomExamples() {}

    /** margin = −1 + 2·a − b/100 + 1.5·[c is null]; d is constant, e always null. */
    public static Examples draw(long seed, int rows) {
        Random random = new Random(seed);
        float[][] columns = new float[5][rows];
        boolean[] labels = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            double a = random.nextGaussian();
            double b = 100 * random.nextGaussian() + 50;
            boolean isNull = random.nextInt(3) == 0;
            columns[0][row] = (float) a;
            columns[1][row] = (float) b;
            columns[2][row] = isNull ? Float.NaN : random.nextFloat();
            columns[3][row] = 7;
            columns[4][row] = Float.NaN;
            double margin = -1 + 2 * a - b / 100 + (isNull ? 1.5 : 0);
            labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-margin));
        }
        return new Examples(List.of("a", "b", "c", "d", "e"), columns, labels);
    }
}
