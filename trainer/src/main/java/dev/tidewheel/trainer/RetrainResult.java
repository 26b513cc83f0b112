package dev.tidewheel.trainer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.trainer.registry.ModelManifest;

/**
 * What a retraining tells whoever started it, as JSON: {@code modelVersion}, {@code artifactDigest}, {@code snapshotId} (of
 * the questions' table), {@code profile} (its id), {@code trainingRows}, {@code gateRows} and {@code gate}, an array with
 * version, rows, logLoss, brier, auc and days for the new version and, after it, those that it was held against, without
 * those of another service. A measure
 * that is not defined, such as the AUC of rows with one label, is null. Not thread-safe.
 *
 * <p>A retraining that failed for good tells {@code failure}, the reason, and nothing else.
 */
final class RetrainResult {

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode gate;

    RetrainResult(ModelManifest manifest, long gateRows) {
        root.put("modelVersion", manifest.version());
        root.put("artifactDigest", manifest.artifactDigest());
        Long snapshot = manifest.trainingSet().snapshotId();
        root.put("snapshotId", snapshot == null ? "" : Long.toString(snapshot));
        root.put("profile", manifest.profile());
        root.put("trainingRows", manifest.trainingSet().rows());
        root.put("gateRows", gateRows);
        gate = root.putArray("gate");
    }

    void judged(String version, Judging.Judged judged) {
        ObjectNode entry = gate.addObject().put("version", version);
        entry.put("rows", judged.metrics().rows());
        entry.put("logLoss", judged.metrics().logLoss());
        entry.put("brier", judged.metrics().brier());
        double auc = judged.metrics().auc();
        entry.put("auc", Double.isNaN(auc) ? null : (Double) auc);
        entry.set("days", JSON.valueToTree(judged.days()));
    }

    /** There was nothing to judge on. */
    void notJudged(String version) {
        ObjectNode entry = gate.addObject().put("version", version).put("rows", 0);
        entry.putNull("logLoss").putNull("brier").putNull("auc").putArray("days");
    }

    String toJson() {
        return root.toPrettyString() + "\n";
    }

    static String failure(Exception reason) {
        return JSON.createObjectNode()
                        .put("failure", reason.getMessage() == null ? reason.toString() : reason.getMessage())
                        .toPrettyString()
                + "\n";
    }
}
