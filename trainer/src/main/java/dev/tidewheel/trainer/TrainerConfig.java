package dev.tidewheel.trainer;

import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.trainer.logistic.LogisticFit;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Configuration of one run of the trainer: first all trainings, then all evaluations and profiles, then the
 * retraining.
 *
 * @param registry folder of registered models
 * @param profile profiles of training sets to make
 * @param retrain a version to train and judge from raw tables, as a lifecycle asks for it
 * @param report file for the evaluations, as JSON; they are printed in any case
 */
public record TrainerConfig(
        Path registry,
        @Default("[]") List<Training> train,
        @Default("[]") List<Judging> evaluate,
        @Default("[]") List<Profiling> profile,
        Optional<Retrain> retrain,
        Optional<Path> report) {

    /** Checks that there is something to do. */
    public TrainerConfig {
        train = List.copyOf(train);
        evaluate = List.copyOf(evaluate);
        profile = List.copyOf(profile);
        if (train.isEmpty() && evaluate.isEmpty() && profile.isEmpty() && retrain.isEmpty()) {
            throw new IllegalArgumentException("nothing to do: give 'train', 'evaluate', 'profile' or 'retrain'");
        }
    }

    /**
     * A model to train and register.
     *
     * @param trainingSet folder of a built training set
     * @param inputs columns to learn from, in the order of the model's tensor; all numeric ones of the vector if left out
     * @param ridge penalty on the squares of the weights, see {@link LogisticFit}
     * @param profile what its reference profile tells apart
     */
    public record Training(
            Path trainingSet,
            String model,
            @Default("\"1\"") String version,
            @Default("[]") List<String> inputs,
            @Default("1e-6") double ridge,
            @Default("{}") Reference profile) {

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
     * What a reference profile tells apart.
     *
     * @param window that the rows are cut into, from which thresholds are calibrated: a monitor's
     * @param segments entities or text columns whose values are counted apart
     * @param topSegments how many values of each, by count
     */
    public record Reference(
            @Default("1d") Duration window,
            @Default("[]") List<String> segments,
            @Default("10") int topSegments) {
        /** Checks ranges. */
        public Reference {
            segments = List.copyOf(segments);
            if (window.toMillis() < 1 || topSegments < 1) {
                throw new IllegalArgumentException(
                        "window and topSegments must be positive: " + window + ", " + topSegments);
            }
        }
    }

    /**
     * A profile to make of a training set, with what a registered version predicts for its rows.
     *
     * @param trainingSet folder of a built training set
     * @param reference what it tells apart
     * @param output file for the profile, as canonical JSON
     */
    public record Profiling(
            Path trainingSet,
            String model,
            @Default("\"1\"") String version,
            @Default("{}") Reference reference,
            Path output) {
        /** Checks names. */
        public Profiling {
            ModelRegistry.requireName("model", model);
            ModelRegistry.requireName("version", version);
        }
    }

    /**
     * A registered model to judge on labelled rows.
     *
     * @param name of the result in the report
     * @param trainingSet folder of a built training set with the rows to judge on
     * @param daily whether the report tells the loss of every day, too
     * @param influence whether it tells what every input does for the predictions, which asks for five of each row and input
     */
    public record Judging(
            String name,
            Path trainingSet,
            String model,
            @Default("\"1\"") String version,
            @Default("false") boolean daily,
            @Default("false") boolean influence) {
        /** Checks names. */
        public Judging {
            ModelRegistry.requireName("model", model);
            ModelRegistry.requireName("version", version);
        }
    }

    /**
     * A version to train on the newest history and to judge, beside others, on what came after. All that it needs stands
     * here or in the files named here: run again, it gives the same bytes.
     *
     * @param definitions file with the registry's entries that the version is trained by, see {@link DefinitionsFile}
     * @param warehouse with the raw tables
     * @param version to register
     * @param train the questions to learn from
     * @param gate the questions to judge on, and against whom
     * @param knownBy what became known later is not used, labels included
     * @param until what the raw tables must hold; waited for
     * @param deadline of that wait, wall time
     * @param folder for the training sets and for which snapshots they were built from
     * @param result file for the outcome, as JSON, see {@link Retraining}
     * @param inputs as in {@link Training}
     * @param ridge as in {@link Training}
     * @param profile as in {@link Training}
     */
    public record Retrain(
            Path definitions,
            WarehouseConfig warehouse,
            String model,
            String version,
            Range train,
            Gate gate,
            Instant knownBy,
            @Default("[]") List<Until> until,
            @Default("2m") Duration deadline,
            Path folder,
            Path result,
            @Default("[]") List<String> inputs,
            @Default("1e-6") double ridge,
            @Default("{}") Reference profile) {

        /** Checks names and ranges. */
        public Retrain {
            ModelRegistry.requireName("model", model);
            ModelRegistry.requireName("version", version);
            until = List.copyOf(until);
            inputs = List.copyOf(inputs);
            if (gate.from().isBefore(train.to())) {
                throw new IllegalArgumentException("the gate begins at " + gate.from() + ", before the training's end "
                        + train.to() + ": a version must not be judged on what it has learnt");
            }
            if (!(ridge > 0)) {
                throw new IllegalArgumentException("ridge must be greater than 0: " + ridge);
            }
        }

        /** Offsets of a source's topics by partition; empty if nothing is waited for. */
        Map<TopicPartition, Long> untilOf(Collection<String> topics) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (Until each : until) {
                if (topics.contains(each.topic())) {
                    offsets.put(new TopicPartition(each.topic(), each.partition()), each.offset());
                }
            }
            return offsets;
        }
    }

    /**
     * How far a topic's partition must be in its raw table.
     *
     * @param offset the first that need not be in
     */
    public record Until(String topic, int partition, long offset) {
        /** Checks ranges. */
        public Until {
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException(
                        "partitions and offsets begin with 0: " + topic + "/" + partition + ", " + offset);
            }
        }
    }

    /**
     * A time of questions.
     *
     * @param from the first moment
     * @param to before which the last one lies
     */
    public record Range(Instant from, Instant to) {
        /** Checks the order. */
        public Range {
            requireOrder(from, to);
        }
    }

    /**
     * What a new version is judged on.
     *
     * @param from the first moment of a question
     * @param to before which the last one lies
     * @param against registered versions that are judged on the same rows
     */
    public record Gate(
            Instant from, Instant to, @Default("[]") List<String> against) {
        /** Checks order and names. */
        public Gate {
            requireOrder(from, to);
            against = List.copyOf(against);
            against.forEach(version -> ModelRegistry.requireName("version", version));
        }
    }

    private static void requireOrder(Instant from, Instant to) {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("from " + from + " to " + to + " is no time; 'to' must be later");
        }
    }
}
