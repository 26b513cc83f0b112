package dev.tidewheel.trainer.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A folder of registered models: {@code <registry>/<model>/<version>/model.onnx}, {@code model.json} and, where the version
 * has one, {@code profile.json}. A version is
 * written beside its place and moved there in one step, so whoever looks sees all of it or nothing; once there it is never
 * changed. Safe for use by many threads and processes.
 */
public final class ModelRegistry {

    private static final String ARTIFACT = "model.onnx";
    private static final String MANIFEST = "model.json";
    private static final String PROFILE = "profile.json";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path root;

    /** A registry in a folder, which is made when it is first written to. */
    public ModelRegistry(Path root) {
        this.root = root;
    }

    /**
     * A registered version.
     *
     * @param onnx its artifact, whose digest is that of the manifest; do not change
     */
    public record Registered(ModelManifest manifest, byte[] onnx) {}

    /** The digest of an artifact, as manifests write it. */
    public static String digest(byte[] onnx) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(onnx));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /**
     * Registers a version. Registering the same again changes nothing.
     *
     * @return whether it was written; false if exactly this version was there already
     * @throws IllegalArgumentException if the manifest does not belong to the artifact, or a name is no folder's
     * @throws FileAlreadyExistsException if the version is there with other contents
     */
    public boolean register(ModelManifest manifest, byte[] onnx) throws IOException {
        return register(manifest, onnx, Optional.empty());
    }

    /**
     * Registers a version with its reference profile. Registering the same again changes nothing.
     *
     * @param profile canonical JSON, whose digest the manifest names
     * @return whether it was written; false if exactly this version was there already
     * @throws IllegalArgumentException if the manifest does not belong to the artifact or the profile, or a name is no
     *     folder's
     * @throws FileAlreadyExistsException if the version is there with other contents
     */
    public boolean register(ModelManifest manifest, byte[] onnx, Optional<String> profile) throws IOException {
        Optional<byte[]> reference = profile.map(json -> json.getBytes(StandardCharsets.UTF_8));
        Optional<String> named = Optional.ofNullable(manifest.profile());
        if (!named.equals(reference.map(ModelRegistry::digest))) {
            throw new IllegalArgumentException(
                    "the profile has " + reference.map(ModelRegistry::digest) + ", its manifest says " + named);
        }
        if (!digest(onnx).equals(manifest.artifactDigest())) {
            throw new IllegalArgumentException(
                    "the artifact has " + digest(onnx) + ", its manifest says " + manifest.artifactDigest());
        }
        Path place = folder(manifest.model(), manifest.version());
        Path model = root.resolve(manifest.model());
        Files.createDirectories(model);
        // The dot keeps readers away from what is not complete yet.
        Path prepared = Files.createDirectory(model.resolve(".preparing-" + UUID.randomUUID()));
        try {
            write(prepared.resolve(ARTIFACT), onnx);
            if (reference.isPresent()) {
                write(prepared.resolve(PROFILE), reference.get());
            }
            write(prepared.resolve(MANIFEST), manifest.toJson().getBytes(StandardCharsets.UTF_8));
            return moveTo(place, prepared, manifest, onnx);
        } finally {
            Files.deleteIfExists(prepared.resolve(ARTIFACT));
            Files.deleteIfExists(prepared.resolve(PROFILE));
            Files.deleteIfExists(prepared.resolve(MANIFEST));
            Files.deleteIfExists(prepared);
        }
    }

    private boolean moveTo(Path place, Path prepared, ModelManifest manifest, byte[] onnx) throws IOException {
        try {
            // A folder cannot be renamed onto another one that holds anything.
            Files.move(prepared, place, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            return requireSame(place, manifest, onnx, e);
        } catch (FileSystemException e) {
            if (!Files.exists(place)) {
                throw e;
            }
            return requireSame(place, manifest, onnx, e);
        }
    }

    private boolean requireSame(Path place, ModelManifest manifest, byte[] onnx, IOException cause) throws IOException {
        Registered there = read(manifest.model(), manifest.version());
        if (there.manifest().equals(manifest) && MessageDigest.isEqual(there.onnx(), onnx)) {
            return false;
        }
        FileAlreadyExistsException e = new FileAlreadyExistsException(
                place.toString(),
                null,
                "another model is registered as " + manifest.model() + "/" + manifest.version()
                        + ", and versions are never changed; choose a new version");
        e.initCause(cause);
        throw e;
    }

    /**
     * Reads a version and checks its digest.
     *
     * @throws NoSuchFileException if it is not registered
     * @throws IOException if it cannot be read, or its artifact is not the registered one
     */
    public Registered read(String model, String version) throws IOException {
        Path folder = folder(model, version);
        ModelManifest manifest = ModelManifest.fromJson(Files.readString(folder.resolve(MANIFEST)));
        byte[] onnx;
        try (InputStream in = Files.newInputStream(folder.resolve(ARTIFACT))) {
            onnx = in.readAllBytes();
        }
        if (!digest(onnx).equals(manifest.artifactDigest())) {
            throw new IOException(folder.resolve(ARTIFACT) + " has " + digest(onnx) + ", but "
                    + manifest.artifactDigest() + " was registered: the file was changed");
        }
        return new Registered(manifest, onnx);
    }

    private Path folder(String model, String version) {
        requireName("model", model);
        requireName("version", version);
        return root.resolve(model).resolve(version);
    }

    /**
     * Checks that a text can name a model or a version.
     *
     * @param what what it is to name, for the error
     */
    public static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a " + what + ": '" + name
                    + "'; use letters, digits, dots, dashes and underscores, starting with a letter or digit");
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
    }
}
