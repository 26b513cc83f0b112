package dev.tidewheel.trainer;

import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.history.profile.TrainingSetProfile;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.trainer.logistic.Examples;
import dev.tidewheel.trainer.onnx.OnnxModel;
import dev.tidewheel.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.util.Optional;

/** Reference profiles of training sets, with what a version predicts for their rows. */
final class Profiles {

    private Profiles() {}

    /** Makes a profile of a training set and a registered version. */
    static void run(TrainerConfig.Profiling config, ModelRegistry registry) throws IOException {
        TrainingSet set = TrainingSet.open(config.trainingSet());
        ModelRegistry.Registered registered = registry.read(config.model(), config.version());
        Examples examples = Examples.read(set, registered.manifest().inputs());
        try (OnnxModel model = OnnxModel.load(registered.onnx())) {
            AtomicFile.write(
                    config.output(),
                    of(set, model.predict(examples), config.model(), config.version(), config.reference()));
        }
    }

    /**
     * A profile as canonical JSON.
     *
     * @param predictions one per row
     */
    static String of(
            TrainingSet set, double[] predictions, String model, String version, TrainerConfig.Reference reference)
            throws IOException {
        return ProfileJson.write(TrainingSetProfile.of(
                set,
                Optional.of(predictions),
                model,
                version,
                reference.window(),
                reference.segments(),
                reference.topSegments()));
    }
}
