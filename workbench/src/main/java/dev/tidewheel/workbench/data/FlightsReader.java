package dev.tidewheel.workbench.data;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.jspecify.annotations.Nullable;

/** Reads flights one after the other, in file order. Not safe for use by several threads. */
public final class FlightsReader implements AutoCloseable {

    private final Path file;
    private final ParquetReader<Group> rows;

    FlightsReader(Path file, ParquetReader<Group> rows) {
        this.file = file;
        this.rows = rows;
    }

    /**
     * The next flight, or null after the last.
     *
     * @throws IOException if the file is damaged, or its columns are not those of a flights file
     */
    public @Nullable Flight next() throws IOException {
        Group row = rows.read();
        if (row == null) {
            return null;
        }
        try {
            return new Flight(
                    row.getInteger("flight_id", 0),
                    row.getLong("date", 0),
                    row.getString("origin", 0),
                    row.getString("destination", 0),
                    row.getInteger("distance", 0),
                    row.getInteger("delay", 0));
        } catch (RuntimeException e) {
            throw new IOException(
                    file + " is not a flights file with the columns of examples/flights/README.md; fetch it again", e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
