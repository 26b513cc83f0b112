package dev.tidewheel.workbench.data;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads flights as the history of a source that has their columns, {@code landing} included. */
public final class FlightsHistory {
    private FlightsHistory() {}

    /**
     * Reads the flights that departed in a period.
     *
     * @param columns which columns the source has, and what they mean
     * @param from the first departure
     * @param to after the last departure
     * @throws IllegalArgumentException if the source wants a column that flights do not have
     */
    public static ChangeHistory read(Path file, SourceColumns columns, Instant from, Instant to) throws IOException {
        List<BiConsumer<Flight, ColumnBuffer>> values =
                columns.schema().columns().stream().map(FlightsHistory::value).toList();
        String name = String.valueOf(file.getFileName());
        ChangeHistory.Builder builder = new ChangeHistory.Builder(columns, new Origin.Memory(name), name);
        try (FlightsReader flights = FlightsFile.open(file)) {
            for (@Nullable Flight flight = flights.next(); flight != null; flight = flights.next()) {
                if (flight.date() >= from.toEpochMilli() && flight.date() < to.toEpochMilli()) {
                    for (int slot = 0; slot < values.size(); slot++) {
                        values.get(slot).accept(flight, builder.column(slot));
                    }
                    builder.record(0, flight.flightId(), flight.landing());
                }
            }
        }
        return builder.build();
    }

    private static BiConsumer<Flight, ColumnBuffer> value(Column column) {
        return switch (column.name()) {
            case "flight_id" -> (flight, out) -> out.appendWord(flight.flightId());
            case "date" -> (flight, out) -> out.appendWord(flight.date());
            case "landing" -> (flight, out) -> out.appendWord(flight.landing());
            case "origin" -> (flight, out) -> out.appendString(flight.origin());
            case "destination" -> (flight, out) -> out.appendString(flight.destination());
            case "distance" -> (flight, out) -> out.appendWord(flight.distance());
            case "delay" -> (flight, out) -> out.appendWord(flight.delay());
            default ->
                throw new IllegalArgumentException(
                        "flights have no column '" + column.name() + "': see examples/flights/README.md");
        };
    }
}
