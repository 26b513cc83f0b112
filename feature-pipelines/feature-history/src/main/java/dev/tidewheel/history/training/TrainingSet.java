package dev.tidewheel.history.training;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.history.parquet.ColumnSink;
import dev.tidewheel.history.parquet.ParquetColumns;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.questions.Role;
import dev.tidewheel.history.source.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A built training set. Columns are read when they are asked for, each as one array with a value per row; nothing is
 * kept. Immutable and thread-safe.
 */
public final class TrainingSet {
    private final Path folder;
    private final List<SetFile> files;
    private final TrainingSetManifest manifest;

    private TrainingSet(Path folder, List<SetFile> files, TrainingSetManifest manifest) {
        this.folder = folder;
        this.files = List.copyOf(files);
        this.manifest = manifest;
    }

    /**
     * Opens a folder that {@link TrainingSetBuilder} wrote, now or in an earlier version.
     *
     * @throws IOException if it is not there, or if the data are not those of the manifest
     */
    public static TrainingSet open(Path folder) throws IOException {
        TrainingSetManifest manifest = TrainingSetManifest.read(folder.resolve(TrainingSetManifest.FILE));
        for (SetFile file : manifest.files()) {
            String digest = FileDigest.of(folder.resolve(file.name()));
            if (!digest.equals(file.digest())) {
                throw new IOException(folder.resolve(file.name()) + " has " + digest + ", but its manifest says "
                        + file.digest() + ": build the training set again");
            }
        }
        return new TrainingSet(folder, manifest.files(), manifest);
    }

    /**
     * One part of the set.
     *
     * @throws IllegalArgumentException if it has no part of that name
     */
    public TrainingSet split(String name) {
        List<SetFile> ofSplit =
                files.stream().filter(file -> file.split().equals(name)).toList();
        if (ofSplit.isEmpty()) {
            throw new IllegalArgumentException("the training set has no split '" + name + "', only "
                    + files.stream().map(SetFile::split).distinct().toList());
        }
        return new TrainingSet(folder, ofSplit, manifest);
    }

    /** What the whole set is. */
    public TrainingSetManifest manifest() {
        return manifest;
    }

    public int rows() {
        return Math.toIntExact(files.stream().mapToLong(SetFile::rows).sum());
    }

    /** The names of the vector's columns that are numbers or truth values, in the service's order. */
    public List<String> numericColumns() {
        return manifest.columns().stream()
                .filter(column -> column.role() == Role.VECTOR && !column.type().isText())
                .map(ColumnOf::name)
                .toList();
    }

    /**
     * A column as doubles: NaN for null, 0 and 1 for false and true.
     *
     * @throws IllegalArgumentException if there is no such column or it holds strings
     */
    public double[] numbers(String name) throws IOException {
        ColumnOf column = column(name);
        if (column.type().isText()) {
            throw new IllegalArgumentException("column '" + name + "' holds strings");
        }
        Numbers numbers = new Numbers(rows());
        read(column, numbers);
        return numbers.values;
    }

    /**
     * A column of strings: null where the row has none.
     *
     * @throws IllegalArgumentException if there is no such column or it holds something else
     */
    public @Nullable String[] strings(String name) throws IOException {
        ColumnOf column = column(name);
        if (!column.type().isText()) {
            throw new IllegalArgumentException("column '" + name + "' holds no strings, but " + column.type());
        }
        Texts texts = new Texts(rows());
        read(column, texts);
        return texts.values;
    }

    /**
     * The label of every row.
     *
     * @throws IllegalArgumentException if the set has no label, or one that is a string
     */
    public double[] labels() throws IOException {
        String label = manifest.label();
        if (label == null) {
            throw new IllegalArgumentException("the training set in " + folder + " has no label: nobody told one");
        }
        return numbers(label);
    }

    /** The moment asked of every row, epoch milliseconds. */
    public long[] times() throws IOException {
        Words words = new Words(rows());
        read(column("t"), words);
        return words.values;
    }

    /**
     * Goes through a column, in the order of the rows.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public void read(String name, ColumnSink sink) throws IOException {
        read(column(name), sink);
    }

    private ColumnOf column(String name) {
        return manifest.columns().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no column '" + name + "' in "
                        + manifest.columns().stream().map(ColumnOf::name).toList()));
    }

    private void read(ColumnOf wanted, ColumnSink sink) throws IOException {
        Column column = new Column(wanted.name(), wanted.type());
        for (SetFile file : files) {
            try (ParquetColumns parquet = ParquetColumns.open(folder.resolve(file.name()))) {
                parquet.require(column);
                while (parquet.nextRowGroup()) {
                    parquet.read(column, sink);
                }
            }
        }
    }

    private static final class Numbers implements ColumnSink {
        private final double[] values;
        private int next;

        Numbers(int rows) {
            values = new double[rows];
        }

        @Override
        public void appendNull() {
            values[next++] = Double.NaN;
        }

        @Override
        public void appendWord(long word) {
            values[next++] = word;
        }

        @Override
        public void appendDouble(double value) {
            values[next++] = value;
        }

        @Override
        public void appendString(String value) {
            throw new IllegalStateException("a number was announced, not '" + value + "'");
        }
    }

    private static final class Words implements ColumnSink {
        private final long[] values;
        private int next;

        Words(int rows) {
            values = new long[rows];
        }

        @Override
        public void appendNull() {
            throw new IllegalStateException("row " + next + " has no time");
        }

        @Override
        public void appendWord(long word) {
            values[next++] = word;
        }

        @Override
        public void appendDouble(double value) {
            throw new IllegalStateException("a time was announced, not " + value);
        }

        @Override
        public void appendString(String value) {
            throw new IllegalStateException("a time was announced, not '" + value + "'");
        }
    }

    private static final class Texts implements ColumnSink {
        private final @Nullable String[] values;
        private int next;

        Texts(int rows) {
            values = new String[rows];
        }

        @Override
        public void appendNull() {
            next++;
        }

        @Override
        public void appendWord(long word) {
            throw new IllegalStateException("a string was announced, not " + word);
        }

        @Override
        public void appendDouble(double value) {
            throw new IllegalStateException("a string was announced, not " + value);
        }

        @Override
        public void appendString(String value) {
            values[next++] = value;
        }
    }
}
