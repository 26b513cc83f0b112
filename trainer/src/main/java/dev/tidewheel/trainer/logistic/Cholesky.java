package dev.tidewheel.trainer.logistic;

/** The factor L of a symmetric positive definite matrix A = L · Lᵀ, to solve A · x = b. Immutable by agreement. */
final class Cholesky {

    private final double[][] factor;

    private Cholesky(double[][] factor) {
        this.factor = factor;
    }

    /**
     * Factors a matrix.
     *
     * @param lower its lower triangle: row i has i + 1 values
     * @throws IllegalStateException if it is not positive definite
     */
    static Cholesky of(double[][] lower) {
        int size = lower.length;
        double[][] factor = new double[size][];
        for (int i = 0; i < size; i++) {
            factor[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double rest = lower[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= factor[i][k] * factor[j][k];
                }
                factor[i][j] = i == j ? root(rest, i) : rest / factor[j][j];
            }
        }
        return new Cholesky(factor);
    }

    private static double root(double pivot, int at) {
        if (!(pivot > 0)) {
            throw new IllegalStateException(
                    "the matrix is not positive definite: pivot " + at + " is " + pivot + "; use a greater ridge");
        }
        return Math.sqrt(pivot);
    }

    /** Solves L · y = b, then Lᵀ · x = y. */
    double[] solve(double[] b) {
        int size = factor.length;
        double[] x = b.clone();
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= factor[i][k] * x[k];
            }
            x[i] /= factor[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                x[i] -= factor[k][i] * x[k];
            }
            x[i] /= factor[i][i];
        }
        return x;
    }
}
