package dev.tidewheel.workbench.sets;

import java.nio.file.Path;

/** Where rows stand, or are to stand: a file or folder, or a table of the warehouse. */
public sealed interface Place {
    /** What a text that names a table begins with. */
    String TABLE = "table:";

    /** A file, or a folder. */
    record OfFile(Path path) implements Place {}

    /** A table, such as {@code sets.late}. */
    record OfTable(String name) implements Place {}

    /** Reads {@code table:sets.late} as a table, all else as a path. */
    static Place of(String text) {
        return text.startsWith(TABLE) ? new OfTable(text.substring(TABLE.length())) : new OfFile(Path.of(text));
    }
}
