package dev.tidewheel.history.training;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.source.FileDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a training set's rows, in the order of their ranks, to Parquet files: {@code <split>-00000.parquet} and so on,
 * each full before the next one begins. Where a file ends depends on the rows alone. Not thread-safe.
 */
final class SetWriter implements AutoCloseable {
    /** Rows of a file. */
    static final long ROWS_PER_FILE = 8_000_000;

    private static final String UNFINISHED = ".unfinished";

    private final Path folder;
    private final RowSchema schema;
    private final Moments moments;
    private final long rowsPerFile;
    private final RowLayout layout;
    private final List<SetFile> files = new ArrayList<>();
    private @Nullable ParquetRows open;
    private int split = -1;
    private int number;
    private long rows;

    SetWriter(Path folder, RowSchema schema, Moments moments, long rowsPerFile, RowLayout layout) throws IOException {
        this.folder = folder;
        this.schema = schema;
        this.moments = moments;
        this.rowsPerFile = rowsPerFile;
        this.layout = layout;
        Files.createDirectories(folder);
        removeUnfinished();
    }

    /** Those of a build that was killed, too. */
    private void removeUnfinished() throws IOException {
        List<Path> unfinished;
        try (Stream<Path> all = Files.list(folder)) {
            unfinished =
                    all.filter(file -> file.toString().endsWith(UNFINISHED)).toList();
        }
        for (Path file : unfinished) {
            Files.deleteIfExists(file);
        }
    }

    /** Files of an earlier set would look as if they belonged to this one; what no manifest names is not touched. */
    private void removeEarlier() throws IOException {
        Path manifest = folder.resolve(TrainingSetManifest.FILE);
        if (Files.exists(manifest)) {
            TrainingSetManifest earlier = TrainingSetManifest.read(manifest);
            for (SetFile old : earlier.files()) {
                Files.deleteIfExists(folder.resolve(old.name()));
            }
            if (earlier.profile() != null) {
                Files.deleteIfExists(folder.resolve(earlier.profile().file()));
            }
            Files.delete(manifest);
        }
    }

    /** @param t the moment asked: not before that of the row before */
    void write(long t, Row row) throws IOException {
        int wanted = moments.split(t).orElseThrow();
        if (wanted != split) {
            goTo(wanted);
        } else if (rows == rowsPerFile) {
            next(number + 1);
        }
        out().write(row);
        rows++;
    }

    /** A split without rows has a file too, so that whoever reads it finds its columns. */
    private void goTo(int wanted) throws IOException {
        while (split < wanted) {
            finish();
            split++;
            next(0);
        }
    }

    private void next(int wanted) throws IOException {
        finish();
        number = wanted;
        rows = 0;
        open = ParquetRows.create(unfinished(name()), "training_set", schema, layout);
    }

    private void finish() throws IOException {
        if (open != null) {
            open.close();
            open = null;
            files.add(new SetFile(name(), splitName(), rows, FileDigest.of(unfinished(name()))));
        }
    }

    private ParquetRows out() {
        if (open == null) {
            throw new IllegalStateException("no file is open");
        }
        return open;
    }

    private String splitName() {
        return moments.splits().get(split).name();
    }

    private String name() {
        return String.format(Locale.ROOT, "%s-%05d.parquet", splitName(), number);
    }

    private Path unfinished(String name) {
        return folder.resolve(name + UNFINISHED);
    }

    /** Ends the last file, and returns all. None has its name yet. */
    List<SetFile> complete() throws IOException {
        goTo(moments.splits().size() - 1);
        finish();
        return List.copyOf(files);
    }

    /**
     * Puts what is complete in the place of an earlier set, the manifest last: a folder without one holds no set that could be
     * opened.
     */
    void publish(TrainingSetManifest manifest) throws IOException {
        removeEarlier();
        for (SetFile file : files) {
            Files.move(unfinished(file.name()), folder.resolve(file.name()), StandardCopyOption.REPLACE_EXISTING);
        }
        manifest.write(folder);
    }

    /** Leaves nothing open, and nothing that was not published. */
    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
        removeUnfinished();
    }
}
