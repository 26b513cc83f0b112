package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.profile.TrainingSetProfile;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A set of files in a folder, with their profile. */
final class FolderOutput implements SetOutput {
    private final Path folder;
    private final Duration profileWindow;

    FolderOutput(Path folder, Duration profileWindow) {
        this.folder = folder;
        this.profileWindow = profileWindow;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public RowLayout layout() {
        return RowLayout.FILE;
    }

    @Override
    public Optional<Earlier> there() throws IOException {
        Path manifest = folder.resolve(TrainingSetManifest.FILE);
        if (!Files.exists(manifest)) {
            requireNoData();
            return Optional.empty();
        }
        return Optional.of(new Earlier(TrainingSetManifest.read(manifest), manifest.toString(), RowLayout.FILE));
    }

    /** Files that no manifest names may be anybody's. */
    private void requireNoData() throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.anyMatch(file -> file.toString().endsWith(".parquet"))) {
                    throw new WorkbenchException(
                            folder + " holds Parquet files that no manifest names: name another folder,"
                                    + " or remove them if they are left of a build that was stopped");
                }
            }
        }
    }

    @Override
    public TrainingSetManifest take(TrainingSetManifest built) throws IOException {
        return built.rows() == 0 ? built : TrainingSetProfile.beside(folder, profileWindow, List.of());
    }

    @Override
    public void close() {}
}
