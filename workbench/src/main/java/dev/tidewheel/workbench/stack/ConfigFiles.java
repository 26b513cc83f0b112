package dev.tidewheel.workbench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes the configuration files of child processes. The children read them strictly, as in production: a key that they
 * do not know is an error with its place.
 */
record ConfigFiles(Path folder) {
    private static final DumpSettings BLOCKS =
            DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();

    /** Writes {@code <name>.yaml} and returns it. */
    Path write(String name, Map<String, Object> values) {
        Path file = folder.resolve(name + ".yaml");
        try {
            return Files.writeString(file, new Dump(BLOCKS).dumpToString(values));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
