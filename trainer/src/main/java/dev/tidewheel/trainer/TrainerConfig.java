package dev.tidewheel.trainer;

import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.trainer.logistic.LogisticFit;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Configuration of one run of the trainer: first all trainings, then all evaluations.
 *
 * @param registry folder of registered models
 * @param report file for the evaluations, as JSON; they are printed in any case
 */
public record TrainerConfig(
        Path registry,
        @Default("[]") List<Training> train,
        @Default("[]") List<Judging> evaluate,
        Optional<Path> report) {

    /** Checks that there is something to do. */
    public TrainerConfig {
        train = List.copyOf(train);
        evaluate = List.copyOf(evaluate);
        if (train.isEmpty() && evaluate.isEmpty()) {
            throw new IllegalArgumentException("nothing to do: give 'train', 'evaluate' or both");
        }
    }

    /**
     * A model to train and register.
     *
     * @param trainingSet folder of a built training set
     * @param inputs columns to learn from, in the order of the model's tensor; all numeric ones of the vector if left out
     * @param ridge penalty on the squares of the weights, see {@link LogisticFit}
     */
    public record Training(
            Path trainingSet,
            String model,
            @Default("\"1\"") String version,
            @Default("[]") List<String> inputs,
            @Default("1e-6") double ridge) {

        /** Checks names and ranges. */
        public Training {
            ModelRegistry.requireName("model", model);
            ModelRegistry.requireName("version", version);
            inputs = List.copyOf(inputs);
            if (!(ridge > 0)) {
                throw new IllegalArgumentException("ridge must be greater than 0: " + ridge);
            }
        }
    }

    /**
     * A registered model to judge on labelled rows.
     *
     * @param name of the result in the report
     * @param trainingSet folder of a built training set with the rows to judge on
     */
    public record Judging(
            String name,
            Path trainingSet,
            String model,
            @Default("\"1\"") String version) {
        /** Checks names. */
        public Judging {
            ModelRegistry.requireName("model", model);
            ModelRegistry.requireName("version", version);
        }
    }
}
