package dev.tidewheel.trainer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.trainer.evaluation.DailyLoss;
import dev.tidewheel.trainer.evaluation.Evaluation;
import dev.tidewheel.trainer.evaluation.Influence;
import dev.tidewheel.trainer.logistic.Examples;
import dev.tidewheel.trainer.onnx.OnnxModel;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges a registered artifact, computed as it is served, on the rows of a training set. */
final class Judging {

    private final ModelRegistry registry;

    Judging(ModelRegistry registry) {
        this.registry = registry;
    }

    /**
     * One line of the report.
     *
     * @param mode what the judged rows could know
     * @param trainedMode what the rows that the model learnt from could know
     * @param from first moment judged, ISO-8601
     * @param to before which the last one lies
     * @param days where the loss of every day was asked for
     * @param influence of every input, where it was asked for
     */
    record Judgement(
            String name,
            String model,
            String version,
            String trainedMode,
            String mode,
            String from,
            String to,
            Evaluation metrics,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<DailyLoss> days,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Influence> influence) {}

    /** A version's predictions for a set, judged. */
    record Judged(Evaluation metrics, List<DailyLoss> days) {}

    Judgement run(TrainerConfig.Judging config) throws IOException {
        ModelRegistry.Registered registered = registry.read(config.model(), config.version());
        TrainingSet set = TrainingSet.open(config.trainingSet());
        Judged judged = judge(registered, set);
        return new Judgement(
                config.name(),
                config.model(),
                config.version(),
                registered.manifest().trainingSet().mode(),
                set.manifest().knowledge().name(),
                set.manifest().from(),
                set.manifest().to(),
                judged.metrics(),
                config.daily() ? judged.days() : null,
                config.influence() ? influence(registered, set) : null);
    }

    private static List<Influence> influence(ModelRegistry.Registered registered, TrainingSet set) throws IOException {
        Examples examples = Examples.read(set, registered.manifest().inputs());
        try (OnnxModel model = OnnxModel.load(registered.onnx())) {
            return Influence.of(model::predict, examples);
        }
    }

    /**
     * Judges a version.
     *
     * @param set with at least one row
     */
    static Judged judge(ModelRegistry.Registered registered, TrainingSet set) throws IOException {
        Examples examples = Examples.read(set, registered.manifest().inputs());
        try (OnnxModel model = OnnxModel.load(registered.onnx())) {
            double[] predictions = model.predict(examples);
            return new Judged(
                    Evaluation.of(predictions, examples.labels()),
                    DailyLoss.of(set.times(), predictions, examples.labels()));
        }
    }
}
