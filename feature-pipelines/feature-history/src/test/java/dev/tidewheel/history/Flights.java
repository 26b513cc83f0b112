package dev.tidewheel.history;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.HistoryScan;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.ParquetHistory;
import dev.tidewheel.history.source.SourceColumns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** The flights of the examples, in the terms of the mathematics, with real and with random rows. */
public final class Flights {
    public static final long HOUR = Duration.ofHours(1).toMillis();
    public static final long DAY = 24 * HOUR;
    /** 8 January 2001. */
    public static final long START = 978_912_000_000L;

    public static final Definitions DEFINITIONS =
            Definitions.load(Path.of("../../examples/flights")).orThrow();
    public static final SourceColumns COLUMNS = SourceColumns.of(DEFINITIONS.source("flights"));
    public static final RowSchema SCHEMA = COLUMNS.schema();

    private Flights() {}

    public static ModelPlan model() {
        return DEFINITIONS.modelPlan("late-arrival");
    }

    public static ServicePlan service() {
        return DEFINITIONS.servicePlan("departure");
    }

    /** Every view of the service by the same history. */
    public static Map<String, ChangeHistory> views(ChangeHistory history) {
        return Map.of("origin_delays", history, "route_delays", history);
    }

    /** Every view of the service by a scan of the same history. */
    public static Map<String, ChangeScan> scans(ChangeHistory history) {
        return views(history).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new HistoryScan(entry.getValue())));
    }

    /** The real flights; empty where the examples are not at hand. */
    public static Optional<ChangeHistory> real() {
        Path file = Path.of("../../examples/flights/flights.parquet");
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** A file of flights like that of the examples. */
    public static ChangeHistory read(Path file) {
        return ParquetHistory.read(file, COLUMNS, Map.of("landing", Flights::landing));
    }

    /** Random flights over ten days, with ties, nulls, late landings and repeated records, in four partitions. */
    public static ChangeHistory random(Random random, int count) {
        ChangeHistory.Builder builder = new ChangeHistory.Builder(COLUMNS, new Origin.Memory("random"), "flights");
        long[] offsets = new long[4];
        for (Row row : randomRows(random, count)) {
            int partition = random.nextInt(4);
            add(builder, row, partition, offsets[partition]++);
        }
        return builder.build();
    }

    /** Rows as {@link #random} has them, in the order of landing. */
    public static List<Row> randomRows(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            long date = START + random.nextInt((int) (10 * DAY / 60_000)) * 60_000L;
            long distance = 100 + random.nextInt(2_000);
            Row row = new Row(SCHEMA.size()).setLong(0, id).setLong(1, date).setLong(5, distance);
            row.setLong(2, knownTime(random, row));
            row.setString(3, random.nextInt(3) == 0 ? "ORD" : "LAX");
            row.setString(4, "D" + random.nextInt(6));
            if (random.nextInt(20) != 0) {
                row.setLong(6, random.nextInt(120) - 30);
            }
            rows.add(row);
            if (random.nextInt(30) == 0) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingLong(row -> row.getLong(2)));
        return rows;
    }

    private static long knownTime(Random random, Row row) {
        return switch (random.nextInt(50)) {
            case 0 -> row.getLong(1) + 2 * DAY; // late
            case 1, 2, 3, 4 -> row.getLong(1); // known the moment it happens: visible a millisecond later
            default -> landing(row);
        };
    }

    /** Appends one row. */
    public static void add(ChangeHistory.Builder builder, Row row, int partition, long offset) {
        for (int slot = 0; slot < SCHEMA.size(); slot++) {
            String text = row.getString(slot);
            if (row.isNull(slot)) {
                builder.column(slot).appendNull();
            } else if (text != null) {
                builder.column(slot).appendString(text);
            } else {
                builder.column(slot).appendWord(row.getLong(slot));
            }
        }
        builder.record(partition, offset, row.getLong(2));
    }

    static long landing(Row row) {
        return row.getLong(1) + 60_000 * (35 + (2 * row.getLong(5) + 14) / 15);
    }
}
