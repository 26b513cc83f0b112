package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.run.SetTable;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where a training set comes to stand. Close it: it may have files on the way. For one thread. */
public interface SetOutput extends AutoCloseable {

    /**
     * A folder, or a table of the warehouse.
     *
     * @param profileWindow length of the windows of the profile that stands beside the files of a folder
     * @throws WorkbenchException if it names no place for a set
     */
    static SetOutput of(Place place, OpenHistory history, Duration profileWindow) throws IOException {
        if (place instanceof Place.OfFile folder) {
            return new FolderOutput(folder.path(), profileWindow);
        }
        String name = ((Place.OfTable) place).name();
        try {
            return TableOutput.of(new SetTable(history.requireWarehouse("table " + name), name), name);
        } catch (IllegalArgumentException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The folder to build in. */
    Path folder();

    /** How files are laid out there. */
    RowLayout layout();

    /**
     * The set that stands there.
     *
     * @throws WorkbenchException if something else does
     */
    Optional<Earlier> there() throws IOException;

    /** Completes a set that was built in the folder, and returns its manifest as it is then. */
    TrainingSetManifest take(TrainingSetManifest built) throws IOException;

    @Override
    void close() throws IOException;
}
