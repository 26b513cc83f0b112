package dev.tidewheel.modelserver.model;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The registry's folder, {@code <registry>/<model>/<version>/model.json} beside {@code model.onnx}. A version exists as
 * soon as its {@code model.json} does; registering is one rename, so there are no halves. Folders whose names are not
 * those of models or versions are passed over.
 *
 * <p>Holds what the last {@link #scan} saw; what was registered since is found when it is asked for by name. Safe for use
 * by many threads.
 */
public final class ModelFolder {

    static final String MANIFEST = "model.json";
    static final String MODEL = "model.onnx";

    private final Path root;
    private volatile Map<String, List<String>> seen = Map.of();

    /** A folder that has not been looked at. */
    public ModelFolder(Path root) {
        this.root = Objects.requireNonNull(root, "root");
    }

    /**
     * Looks at the folder anew.
     *
     * @throws IOException if it cannot be read; what was seen before stays
     */
    public void scan() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        for (String model : names(root)) {
            List<String> versions = versionsOnDisk(model);
            if (!versions.isEmpty()) {
                found.put(model, versions);
            }
        }
        seen = Map.copyOf(found);
    }

    /** Number of models seen. */
    public int models() {
        return seen.size();
    }

    /** A model's versions, the newest last; empty if there is no such model. */
    public List<String> versions(String model) throws IOException {
        List<String> versions = seen.get(model);
        return versions != null || !ModelId.isName(model)
                ? Objects.requireNonNullElse(versions, List.of())
                : versionsOnDisk(model);
    }

    /** A version, if it exists. */
    public Optional<ModelId> find(String model, String version) {
        if (!ModelId.isName(model) || !ModelId.isName(version)) {
            return Optional.empty();
        }
        ModelId id = new ModelId(model, version);
        return Files.isRegularFile(folder(id).resolve(MANIFEST)) ? Optional.of(id) : Optional.empty();
    }

    /** The newest version of a model, by {@link VersionOrder}, if there is any. */
    public Optional<ModelId> newest(String model) throws IOException {
        List<String> versions = versions(model);
        return versions.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelId(model, versions.get(versions.size() - 1)));
    }

    Path folder(ModelId id) {
        return root.resolve(id.model()).resolve(id.version());
    }

    private List<String> versionsOnDisk(String model) throws IOException {
        List<String> versions = new ArrayList<>();
        for (String version : names(root.resolve(model))) {
            if (find(model, version).isPresent()) {
                versions.add(version);
            }
        }
        versions.sort(VersionOrder.INSTANCE);
        return List.copyOf(versions);
    }

    private List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (ModelId.isName(name)) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // A model that is not there, or was removed meanwhile, has no versions; a registry must be there.
            if (folder.equals(root)) {
                throw e;
            }
        }
        return names;
    }
}
