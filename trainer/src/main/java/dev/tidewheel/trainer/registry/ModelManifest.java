package dev.tidewheel.trainer.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.trainer.evaluation.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is registered with a version ({@code model.json}): which artifact, what it takes, what it learnt from, and how well
 * it did there. It holds no time and no place of its making: the same training gives the same bytes.
 *
 * @param artifactDigest {@code sha256:} and the digest of {@code model.onnx} in lower-case hexadecimal
 * @param service whose vector the model takes
 * @param serviceHash of that service's definition, with its views' and sources'
 * @param inputs columns of the vector, in the order of the model's tensor
 * @param profile id of the reference profile of the training set, {@code profile.json}; null where none was made
 * @param metrics on the rows that it was trained on
 */
public record ModelManifest(
        String model,
        String version,
        String artifactDigest,
        String service,
        String serviceHash,
        List<String> inputs,
        TrainedOn trainingSet,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String profile,
        Evaluation metrics) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Copies the inputs and checks that nothing is missing. */
    public ModelManifest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(artifactDigest, "artifactDigest");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(serviceHash, "serviceHash");
        Objects.requireNonNull(trainingSet, "trainingSet");
        Objects.requireNonNull(metrics, "metrics");
        inputs = List.copyOf(inputs);
    }

    /**
     * The training set, exactly enough to find or build it again.
     *
     * @param table that the questions come from, or the name of a file
     * @param snapshotId of the table
     * @param tag that keeps the snapshot from expiring
     * @param from first moment asked, ISO-8601
     * @param to before which the last one lies
     * @param digest {@code sha256:…} of its rows
     * @param mode what its questions could know, see {@link dev.tidewheel.history.training.Knowledge}
     * @param servingDelay ISO-8601 duration by which they saw less
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TrainedOn(
            String table,
            @Nullable Long snapshotId,
            @Nullable String tag,
            String from,
            String to,
            long rows,
            String digest,
            String mode,
            String servingDelay) {

        /** What a training set says of itself. */
        public static TrainedOn of(TrainingSetManifest set) {
            TrainingSetManifest.Data data = set.questions();
            if (data == null) {
                throw new IllegalArgumentException(
                        "the training set does not say where its questions come from; build it again");
            }
            return new TrainedOn(
                    data.name(),
                    data.snapshotId(),
                    data.tag(),
                    set.from(),
                    set.to(),
                    set.rows(),
                    set.digest(),
                    set.knowledge().name(),
                    set.servingDelay());
        }
    }

    /** As JSON, indented; equal manifests give equal texts. */
    public String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is plain data", e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if the text is not one
     */
    public static ModelManifest fromJson(String json) throws IOException {
        return JSON.readValue(json, ModelManifest.class);
    }
}
