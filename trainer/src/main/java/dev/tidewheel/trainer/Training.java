package dev.tidewheel.trainer;

import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.trainer.evaluation.Evaluation;
import dev.tidewheel.trainer.logistic.Examples;
import dev.tidewheel.trainer.logistic.LogisticFit;
import dev.tidewheel.trainer.logistic.LogisticModel;
import dev.tidewheel.trainer.onnx.OnnxModel;
import dev.tidewheel.trainer.onnx.OnnxWriter;
import dev.tidewheel.trainer.registry.ModelManifest;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training set → fit → ONNX → proof that the artifact predicts what was fitted → reference profile → registry. Nothing is registered that
 * fails the proof. The same training set gives the same bytes.
 */
final class Training {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    /** The artifact answers in float: about 6e-8 is lost at 1. */
    private static final double TOLERANCE = 1e-6;

    private final ModelRegistry registry;

    Training(ModelRegistry registry) {
        this.registry = registry;
    }

    /**
     * Trains and registers a model.
     *
     * @return what was registered
     */
    ModelManifest run(TrainerConfig.Training config) throws IOException {
        return run(config, TrainingSet.open(config.trainingSet()));
    }

    /** The same with the set at hand. */
    ModelManifest run(TrainerConfig.Training config, TrainingSet set) throws IOException {
        List<String> inputs = config.inputs().isEmpty() ? set.numericColumns() : config.inputs();
        Examples examples = Examples.read(set, inputs);
        LogisticModel model = new LogisticFit(config.ridge(), LogisticFit.DEFAULT.maxSteps()).fit(examples);
        byte[] onnx = OnnxWriter.write(model);
        double[] predictions = prove(model, onnx, examples);
        String profile = Profiles.of(set, predictions, config.model(), config.version(), config.profile());
        ModelManifest manifest = new ModelManifest(
                config.model(),
                config.version(),
                ModelRegistry.digest(onnx),
                set.manifest().service(),
                set.manifest().serviceHash(),
                inputs,
                ModelManifest.TrainedOn.of(set.manifest()),
                ModelRegistry.digest(profile.getBytes(StandardCharsets.UTF_8)),
                Evaluation.of(predictions, examples.labels()));
        boolean written = registry.register(manifest, onnx, Optional.of(profile));
        LOG.info(
                "model {} version {}: {} rows, {} inputs, AUC {} on them, {}",
                config.model(),
                config.version(),
                examples.rows(),
                inputs.size(),
                manifest.metrics().auc(),
                written ? "registered" : "registered already");
        return manifest;
    }

    /** Compares the artifact with the fit on every row. */
    private static double[] prove(LogisticModel model, byte[] onnx, Examples examples) {
        double[] fitted = model.predict(examples);
        double[] served;
        try (OnnxModel artifact = OnnxModel.load(onnx)) {
            served = artifact.predict(examples);
        }
        for (int row = 0; row < fitted.length; row++) {
            if (!(Math.abs(fitted[row] - served[row]) <= TOLERANCE)) {
                throw new IllegalStateException("the artifact predicts " + served[row] + " for row " + row
                        + ", the fitted model " + fitted[row] + "; nothing was registered");
            }
        }
        return served;
    }
}
