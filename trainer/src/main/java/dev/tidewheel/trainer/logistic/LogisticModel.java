package dev.tidewheel.trainer.logistic;

import java.util.List;

/**
 * A fitted logistic regression. With x the scaled inputs and m ∈ {0, 1} whether each was null,
 * p = 1 / (1 + exp(−(bias + Σ weight · x + Σ nullWeight · m))).
 *
 * @param terms one per input, in the order of the model's tensor
 * @param bias added to every sum
 */
public record LogisticModel(List<Term> terms, double bias) {

    /** Copies the terms and checks that the model can predict. */
    public LogisticModel {
        terms = List.copyOf(terms);
        if (!Double.isFinite(bias)) {
            throw new IllegalArgumentException("the bias is " + bias + ": the fit did not converge");
        }
    }

    /**
     * One input and what it weighs.
     *
     * @param input name of the column
     * @param weight of the scaled value
     * @param nullWeight of its being null
     */
    public record Term(String input, Scaling scaling, double weight, double nullWeight) {
        /** Checks that the weights are numbers. */
        public Term {
            if (!Double.isFinite(weight) || !Double.isFinite(nullWeight)) {
                throw new IllegalArgumentException("input '" + input + "' has the weights " + weight + " and "
                        + nullWeight + ": the fit did not converge");
            }
        }
    }

    /** Names of the inputs, in the order of the model's tensor. */
    public List<String> inputs() {
        return terms.stream().map(Term::input).toList();
    }

    /**
     * Predicts one row.
     *
     * @param row one value per input, NaN for null
     * @return the probability of a true label
     */
    public double predict(float[] row) {
        double margin = bias;
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            margin += Float.isNaN(row[i])
                    ? term.nullWeight()
                    : term.weight() * term.scaling().apply(row[i]);
        }
        return 1 / (1 + Math.exp(-margin));
    }

    /** Predicts all rows. */
    public double[] predict(Examples examples) {
        double[] predictions = new double[examples.rows()];
        float[] row = new float[terms.size()];
        for (int i = 0; i < predictions.length; i++) {
            examples.copyRow(i, row, 0);
            predictions[i] = predict(row);
        }
        return predictions;
    }
}
