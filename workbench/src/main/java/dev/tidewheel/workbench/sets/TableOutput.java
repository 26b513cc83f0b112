package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.run.SetTable;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A set in a table of the warehouse. It is built in a temporary folder and put into the table as a whole. */
final class TableOutput implements SetOutput {
    private final SetTable table;
    private final String name;
    private final Path folder;

    private TableOutput(SetTable table, String name, Path folder) {
        this.table = table;
        this.name = name;
        this.folder = folder;
    }

    static TableOutput of(SetTable table, String name) throws IOException {
        return new TableOutput(table, name, Files.createTempDirectory("tidewheel-set"));
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public RowLayout layout() {
        return RowLayout.TABLE;
    }

    @Override
    public Optional<Earlier> there() throws IOException {
        try {
            return table.manifest().map(manifest -> new Earlier(manifest, "the set in table " + name, RowLayout.TABLE));
        } catch (IllegalArgumentException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Commits nothing where the table holds the same set. */
    @Override
    public TrainingSetManifest take(TrainingSetManifest built) throws IOException {
        try {
            if (!table.manifest().equals(Optional.of(built))) {
                table.put(folder, built);
            }
            return built;
        } catch (IllegalArgumentException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        Folders.remove(folder);
    }
}
