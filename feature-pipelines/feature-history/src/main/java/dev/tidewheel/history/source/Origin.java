package dev.tidewheel.history.source;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Which data a history was read from, exactly enough to read the same again. */
public sealed interface Origin {

    /** One line for people. */
    String describe();

    /**
     * A table at a pinned snapshot.
     *
     * @param table the table's name, such as {@code raw.flights}
     * @param snapshotId the Iceberg snapshot
     */
    record Snapshot(String table, long snapshotId) implements Origin {
        public Snapshot {
            Objects.requireNonNull(table, "table");
        }

        @Override
        public String describe() {
            return table + " at snapshot " + snapshotId;
        }
    }

    /**
     * A file.
     *
     * @param name the file's name, without its folder: a folder says nothing on another machine
     * @param digest {@code sha256:…} of its bytes
     * @param computed columns that it does not store: expressions over those that it does, by name
     */
    record File(String name, String digest, Map<String, String> computed) implements Origin {
        public File {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(digest, "digest");
            computed = Collections.unmodifiableMap(new TreeMap<>(computed));
        }

        /** A file that stores all its columns. */
        public File(String name, String digest) {
            this(name, digest, Map.of());
        }

        @Override
        public String describe() {
            return name + " with " + digest;
        }
    }

    /**
     * Rows made by hand, for tests.
     *
     * @param name what they are
     */
    record Memory(String name) implements Origin {
        public Memory {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public String describe() {
            return name;
        }
    }
}
