package dev.tidewheel.workbench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * Turns {@code flights-3m.parquet}, as vega-datasets publishes it, into a flights file: numbers the rows, keeps the
 * wanted origins, and stores numbers in the widths that they need. Times are read as the local clock says, without
 * a zone, and floored from micro- to milliseconds.
 */
public final class FlightsImport {

    private static final long MICROS_PER_MILLI = 1_000;

    private FlightsImport() {}

    /**
     * Writes the flights of some origins.
     *
     * @param source the published file
     * @param target replaced in one step, once it is complete
     * @param origins airports of departure to keep; empty keeps all
     * @return the number of flights written
     */
    public static long run(Path source, Path target, Set<String> origins) throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
        try {
            long rows = write(source, unfinished, origins);
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return rows;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static long write(Path source, Path target, Set<String> origins) throws IOException {
        long rows = 0;
        try (ParquetReader<Group> in = FlightsFile.reader(source);
                FlightsFile.FlightsWriter out = FlightsFile.create(target)) {
            long flightId = 0;
            for (Group row = in.read(); row != null; row = in.read()) {
                Flight flight = flight(flightId, row);
                if (origins.isEmpty() || origins.contains(flight.origin())) {
                    out.write(flight);
                    rows++;
                }
                flightId++;
            }
        }
        return rows;
    }

    private static Flight flight(long flightId, Group row) throws IOException {
        try {
            return new Flight(
                    flightId,
                    Math.floorDiv(row.getLong("date", 0), MICROS_PER_MILLI),
                    row.getString("origin", 0),
                    row.getString("destination", 0),
                    Math.toIntExact(row.getLong("distance", 0)),
                    Math.toIntExact(row.getLong("delay", 0)));
        } catch (RuntimeException e) {
            throw new IOException("row " + flightId + " cannot be read as a flight: " + e.getMessage(), e);
        }
    }
}
