package dev.tidewheel.trainer.logistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CholeskyTest {

    @Test
    void solves_what_it_factored() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(30);
            double[][] root = new double[size][size];
            for (double[] row : root) {
                for (int j = 0; j < size; j++) {
                    row[j] = random.nextGaussian();
                }
            }
            double[][] lower = new double[size][];
            for (int i = 0; i < size; i++) {
                lower[i] = new double[i + 1];
                for (int j = 0; j <= i; j++) {
                    lower[i][j] = i == j ? 1 : 0;
                    for (int k = 0; k < size; k++) {
                        lower[i][j] += root[i][k] * root[j][k];
                    }
                }
            }
            double[] b = random.doubles(size).toArray();
            double[] x = Cholesky.of(lower).solve(b);
            for (int i = 0; i < size; i++) {
                double product = 0;
                for (int j = 0; j < size; j++) {
                    product += (j <= i ? lower[i][j] : lower[j][i]) * x[j];
                }
                assertThat(product).as("seed %d, row %d", seed, i).isCloseTo(b[i], within(1e-9));
            }
        }
    }

    @Test
    void refuses_what_is_not_positive_definite() {
        assertThatThrownBy(() -> Cholesky.of(new double[][] {{1}, {1, 1}}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the matrix is not positive definite: pivot 1 is 0.0");
    }
}
