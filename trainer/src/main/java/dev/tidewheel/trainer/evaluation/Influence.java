package dev.tidewheel.trainer.evaluation;

import dev.tidewheel.trainer.logistic.Examples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * How much a model's predictions rest on one input: what is lost when its values stand in other rows (Breiman, <i>Random
 * Forests</i>, 2001, section 10). 0 for an input that the model does not use. Of inputs that tell the same, each has less
 * than they have together, since the others go on to tell it; and rows arise that never were.
 *
 * @param input name of the column
 * @param logLoss by how much the log loss rises, the mean over some permutations
 * @param logLossSpread the standard deviation of that rise from one permutation to another
 * @param auc by how much the AUC falls, the mean; NaN if all labels are the same
 */
public record Influence(String input, double logLoss, double logLossSpread, double auc) {

    private static final int PERMUTATIONS = 5;
    /** Fixed, so that the same rows give the same figures. */
    private static final long SEED = 20_261_122;

    /**
     * Of all inputs, the greatest rise of the log loss first. Asks for {@value #PERMUTATIONS} predictions of every row for
     * each.
     *
     * @param model gives the probability of a true label for every row
     * @throws IllegalArgumentException if a prediction is no probability
     */
    public static List<Influence> of(Function<Examples, double[]> model, Examples examples) {
        boolean[] labels = examples.labels();
        double[] predictions = model.apply(examples);
        double logLoss = Evaluation.logLoss(predictions, labels);
        double auc = Auc.of(predictions, labels);
        List<int[]> orders = orders(labels.length);
        List<Influence> all = new ArrayList<>();
        for (int input = 0; input < examples.inputs().size(); input++) {
            double[] rises = new double[orders.size()];
            double fall = 0;
            for (int i = 0; i < rises.length; i++) {
                double[] blind = model.apply(examples.permuted(input, orders.get(i)));
                rises[i] = Evaluation.logLoss(blind, labels) - logLoss;
                fall += auc - Auc.of(blind, labels);
            }
            double mean = mean(rises);
            all.add(new Influence(examples.inputs().get(input), mean, spread(rises, mean), fall / rises.length));
        }
        all.sort(Comparator.comparingDouble(Influence::logLoss).reversed());
        return all;
    }

    /** The same for every input, so that inputs are compared on the same rows. */
    private static List<int[]> orders(int rows) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<int[]> orders = new ArrayList<>();
        for (int i = 0; i < PERMUTATIONS; i++) {
            orders.add(shuffled(rows, random));
        }
        return orders;
    }

    private static int[] shuffled(int rows, SplittableRandom random) {
        int[] order = new int[rows];
        for (int row = 0; row < rows; row++) {
            int other = random.nextInt(row + 1);
            order[row] = order[other];
            order[other] = row;
        }
        return order;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double spread(double[] values, double mean) {
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }
}
