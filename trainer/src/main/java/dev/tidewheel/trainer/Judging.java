package dev.tidewheel.trainer;

import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.trainer.evaluation.Evaluation;
import dev.tidewheel.trainer.logistic.Examples;
import dev.tidewheel.trainer.onnx.OnnxModel;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;

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
     */
    record Judgement(
            String name,
            String model,
            String version,
            String trainedMode,
            String mode,
            String from,
            String to,
            Evaluation metrics) {}

    Judgement run(TrainerConfig.Judging config) throws IOException {
        ModelRegistry.Registered registered = registry.read(config.model(), config.version());
        TrainingSet set = TrainingSet.open(config.trainingSet());
        Examples examples = Examples.read(set, registered.manifest().inputs());
        try (OnnxModel model = OnnxModel.load(registered.onnx())) {
            return new Judgement(
                    config.name(),
                    config.model(),
                    config.version(),
                    registered.manifest().trainingSet().mode(),
                    set.manifest().knowledge().name(),
                    set.manifest().from(),
                    set.manifest().to(),
                    Evaluation.of(model.predict(examples), examples.labels()));
        }
    }
}
