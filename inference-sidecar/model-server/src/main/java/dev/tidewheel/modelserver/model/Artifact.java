package dev.tidewheel.modelserver.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a registered version, checked against what was registered: {@code model.json} must name the version that
 * its folder names, and the digest of {@code model.onnx} must be the one that it states. What was checked is what is
 * loaded: the file is read once.
 *
 * @param onnx the model; do not change
 * @param digest {@code sha256:} and the digest in lower-case hexadecimal
 */
record Artifact(ModelId id, byte[] onnx, String digest) {

    private static final JsonMapper JSON = new JsonMapper();

    /** What the server needs from {@code model.json}; the rest is for others. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Manifest(
            @Nullable String model,
            @Nullable String version,
            @Nullable String artifactDigest) {}

    /** Reads and checks the artifact in a version's folder. */
    static Artifact read(ModelId id, Path folder) throws RefusedModelException {
        Manifest manifest = manifest(id, folder.resolve(ModelFolder.MANIFEST));
        if (!id.model().equals(manifest.model()) || !id.version().equals(manifest.version())) {
            throw new RefusedModelException(
                    id, "its model.json is that of " + manifest.model() + "/" + manifest.version());
        }
        byte[] onnx = bytes(id, folder.resolve(ModelFolder.MODEL));
        String digest = "sha256:" + HexFormat.of().formatHex(sha256().digest(onnx));
        if (!digest.equals(manifest.artifactDigest())) {
            throw new RefusedModelException(
                    id,
                    "model.onnx has the digest " + digest + ", but " + manifest.artifactDigest()
                            + " was registered; register the model again under a new version");
        }
        return new Artifact(id, onnx, digest);
    }

    private static Manifest manifest(ModelId id, Path file) throws RefusedModelException {
        try {
            return JSON.readValue(bytes(id, file), Manifest.class);
        } catch (JsonProcessingException e) {
            throw new RefusedModelException(id, "its model.json cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new RefusedModelException(id, "its model.json cannot be read: " + e, e);
        }
    }

    private static byte[] bytes(ModelId id, Path file) throws RefusedModelException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new RefusedModelException(id, file.getFileName() + " cannot be read: " + e, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
