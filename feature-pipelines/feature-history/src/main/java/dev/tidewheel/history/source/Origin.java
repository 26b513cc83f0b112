package dev.tidewheel.history.source;

import java.util.Objects;

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
     */
    record File(String name, String digest) implements Origin {
        public File {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(digest, "digest");
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
