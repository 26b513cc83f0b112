package dev.tidewheel.workbench.cli;

import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.WorkbenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A warehouse for a command that reads: to open one that is not there would make an empty one, and find nothing in it. */
final class ExistingWarehouse {
    private ExistingWarehouse() {}

    /**
     * The same, if it is there. Other databases than SQLite refuse by themselves.
     *
     * @throws WorkbenchException if its folder or the file of its catalog is not
     */
    static WarehouseConfig require(WarehouseConfig named) {
        Optional<Path> file = named.catalogFile();
        if (!Files.isDirectory(named.path()) || file.isPresent() && !Files.isRegularFile(file.get())) {
            throw new WorkbenchException("there is no warehouse in " + named.path()
                    + file.map(path -> " with its catalog in " + path).orElse("")
                    + ": name the folder and the file that jobs write to");
        }
        return named;
    }
}
