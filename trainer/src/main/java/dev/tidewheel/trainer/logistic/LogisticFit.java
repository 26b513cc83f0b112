package dev.tidewheel.trainer.logistic;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Fits a logistic regression with Tribuo: stochastic gradient descent with AdaGrad over scaled inputs and their null
 * indicators. Runs on the calling thread from a fixed seed, so the same examples in the same order give the same weights,
 * bit for bit.
 *
 * @param epochs passes over the examples
 * @param learningRate AdaGrad's initial step
 * @param batch rows per step
 * @param seed of the order in which rows are visited
 */
public record LogisticFit(int epochs, double learningRate, int batch, long seed) {

    /** Good for tens of thousands of rows and up. */
    public static final LogisticFit DEFAULT = new LogisticFit(20, 0.05, 64, 2001);

    private static final Label TRUE = new Label("true");
    private static final Label FALSE = new Label("false");
    private static final double ADAGRAD_EPSILON = 1e-6;
    private static final int NO_LOGGING = -1;

    // Held here: a logger that nobody refers to loses its level.
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    /** Checks the ranges. */
    public LogisticFit {
        if (epochs < 1 || batch < 1 || !(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "epochs, batch and learning rate must be positive: " + epochs + ", " + batch + ", " + learningRate);
        }
    }

    /**
     * Fits a model.
     *
     * @throws IllegalArgumentException if all labels are the same, so that there is nothing to learn
     */
    public LogisticModel fit(Examples examples) {
        requireBothLabels(examples);
        TRIBUO.setLevel(Level.WARNING);
        List<Scaling> scalings = Scaling.fit(examples);
        LinearSGDTrainer trainer = new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(learningRate, ADAGRAD_EPSILON), epochs, NO_LOGGING, batch, seed);
        LinearSGDModel fitted = (LinearSGDModel) trainer.train(dataset(examples, scalings));
        return read(fitted, examples.inputs(), scalings);
    }

    private static void requireBothLabels(Examples examples) {
        int positives = 0;
        for (int row = 0; row < examples.rows(); row++) {
            positives += examples.label(row) ? 1 : 0;
        }
        if (positives == 0 || positives == examples.rows()) {
            throw new IllegalArgumentException(positives + " of " + examples.rows()
                    + " labels are true: a classifier needs both kinds; choose a longer time or another label");
        }
    }

    private static MutableDataset<Label> dataset(Examples examples, List<Scaling> scalings) {
        LabelFactory factory = new LabelFactory();
        MutableDataset<Label> dataset =
                new MutableDataset<>(new SimpleDataSourceProvenance("training set", factory), factory);
        int inputs = scalings.size();
        String[] names = new String[2 * inputs];
        for (int i = 0; i < inputs; i++) {
            names[i] = valueName(i);
            names[inputs + i] = nullName(i);
        }
        float[] row = new float[inputs];
        for (int r = 0; r < examples.rows(); r++) {
            examples.copyRow(r, row, 0);
            double[] values = new double[2 * inputs];
            for (int i = 0; i < inputs; i++) {
                values[i] = scalings.get(i).apply(row[i]);
                values[inputs + i] = Float.isNaN(row[i]) ? 1 : 0;
            }
            dataset.add(new ArrayExample<>(examples.label(r) ? TRUE : FALSE, names, values));
        }
        return dataset;
    }

    /** Two classes have two rows of weights; only their difference matters. */
    private static LogisticModel read(LinearSGDModel fitted, List<String> inputs, List<Scaling> scalings) {
        DenseMatrix weights = fitted.getWeightsCopy();
        ImmutableFeatureMap features = fitted.getFeatureIDMap();
        ImmutableOutputInfo<Label> labels = fitted.getOutputIDInfo();
        int yes = labels.getID(TRUE);
        int no = labels.getID(FALSE);
        List<LogisticModel.Term> terms = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int value = features.getID(valueName(i));
            int isNull = features.getID(nullName(i));
            terms.add(new LogisticModel.Term(
                    inputs.get(i),
                    scalings.get(i),
                    weights.get(yes, value) - weights.get(no, value),
                    weights.get(yes, isNull) - weights.get(no, isNull)));
        }
        int bias = features.size();
        return new LogisticModel(terms, weights.get(yes, bias) - weights.get(no, bias));
    }

    private static String valueName(int input) {
        return "value-%05d".formatted(input);
    }

    private static String nullName(int input) {
        return "null-%05d".formatted(input);
    }
}
