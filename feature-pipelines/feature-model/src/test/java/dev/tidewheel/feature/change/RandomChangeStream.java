package dev.tidewheel.feature.change;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A table whose rows change at random, as a database's change stream tells it: rows appear, change, move to another entity,
 * get and lose their event time, and go; and what that means by definition, found by looking back through all that was told.
 */
public final class RandomChangeStream {
    public static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("place", ColumnType.STRING),
            new Column("amount", ColumnType.FLOAT64),
            new Column("note", ColumnType.STRING)));
    public static final String TOPIC = "orders";
    public static final long START = 978_307_200_000L;
    public static final long DAY = Duration.ofDays(1).toMillis();
    private static final int ID = 0;
    private static final int AT = 1;
    private static final int PLACE = 2;

    private RandomChangeStream() {}

    /** One record; its key's partition holds all records of the key. */
    public record Told(int partition, long offset, long timestamp, RowOperation operation, Row before, Row after) {

        /** What a database says that keeps no more than primary keys: no row before but a deleted row's key. */
        public Told keysOnly() {
            Row key = operation == RowOperation.DELETE ? new Row(COLUMNS.size()).setLong(ID, before.getLong(ID)) : null;
            return new Told(partition, offset, timestamp, operation, key, after);
        }
    }

    /** A view by place whose aggregates all take rows away. */
    public static ViewPlan view() {
        List<FeatureSpec> features = List.of(
                feature("orders_24h", "count", null, Window.Sliding.of(DAY)),
                feature("amount_24h", "sum", "amount", Window.Sliding.of(DAY)),
                feature("mean", "mean", "amount", new Window.Lifetime()),
                feature("spread_7d", "variance", "amount", Window.Sliding.of(7 * DAY)),
                feature("median_7d", "quantile", "amount", Window.Sliding.of(7 * DAY)),
                feature("notes", "distinct", "note", new Window.Lifetime()),
                feature("orders", "count", null, new Window.Lifetime()));
        return ViewPlan.compile(
                new ViewSpec(
                        "places",
                        List.of("place"),
                        Optional.of("amount < 900.0"),
                        List.of(),
                        features,
                        2 * DAY,
                        ViewSpec.NO_FUTURE_LIMIT,
                        10_000,
                        8),
                COLUMNS);
    }

    private static FeatureSpec feature(String name, String aggregate, String of, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.ofNullable(of), Optional.empty(), window);
    }

    /**
     * Records in the order in which they were written.
     *
     * @param again whether a record may be delivered again, with what followed it
     */
    public static List<Told> random(Random random, int count, int partitions, boolean again) {
        Map<Long, Row> table = new TreeMap<>();
        long[] offsets = new long[partitions];
        List<Told> told = new ArrayList<>();
        long now = START;
        while (told.size() < count) {
            now += random.nextInt(300_000);
            long id = random.nextInt(60);
            Row before = table.get(id);
            int partition = (int) (id % partitions);
            if (again && random.nextInt(50) == 0 && told.size() > 3) {
                for (Told old : List.copyOf(told.subList(told.size() - 3, told.size()))) {
                    told.add(new Told(
                            old.partition, offsets[old.partition]++, now, old.operation, old.before, old.after));
                }
                continue;
            }
            boolean delete = before != null && random.nextInt(4) == 0;
            Row after = delete ? null : row(random, id, now, before);
            RowOperation operation = delete
                    ? RowOperation.DELETE
                    : before != null
                            ? RowOperation.UPDATE
                            : random.nextInt(3) == 0 ? RowOperation.READ : RowOperation.CREATE;
            // A delete without an event time is refused where rows before are taken as they come.
            if (delete && before.isNull(AT)) {
                continue;
            }
            told.add(new Told(partition, offsets[partition]++, now, operation, before, after));
            if (delete) {
                table.remove(id);
                told.add(new Told(partition, offsets[partition]++, now, RowOperation.TOMBSTONE, null, null));
            } else {
                table.put(id, after);
            }
        }
        return told;
    }

    private static Row row(Random random, long id, long now, Row before) {
        if (before != null && random.nextInt(10) == 0) {
            return before;
        }
        Row row = new Row(COLUMNS.size()).setLong(ID, id);
        if (before != null && random.nextBoolean()) {
            if (!before.isNull(AT)) {
                row.setLong(AT, before.getLong(AT));
            }
        } else if (random.nextInt(8) != 0) {
            row.setLong(AT, now + (random.nextInt(4) == 0 ? ahead(random) : -random.nextInt((int) back(random))));
        }
        if (random.nextInt(20) != 0) {
            row.setString(PLACE, "P" + random.nextInt(4));
        }
        row.setDouble(3, random.nextInt(1_000) + random.nextDouble());
        if (random.nextInt(5) != 0) {
            row.setString(4, "n" + random.nextInt(6));
        }
        return row;
    }

    private static long back(Random random) {
        return random.nextInt(20) == 0 ? 4 * DAY : DAY / 2;
    }

    /** From within the limit that events have to what never happens. */
    private static long ahead(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(700_000);
            case 1 -> random.nextInt((int) (DAY / 2));
            case 2 -> random.nextInt((int) (4 * DAY));
            default -> 4_000 * DAY;
        };
    }

    /** What the records mean as they are: each row before counts no longer, each row after counts. */
    public static List<Change> changes(List<Told> told) {
        List<Change> changes = new ArrayList<>();
        for (Told each : told) {
            add(
                    changes,
                    each,
                    each.operation == RowOperation.DELETE || each.operation == RowOperation.UPDATE ? each.before : null,
                    each.after);
        }
        return changes;
    }

    /** What the records mean if a row before is the last row of its key. */
    public static List<Change> normalised(List<Told> told) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            Told each = told.get(i);
            if (each.operation == RowOperation.TOMBSTONE) {
                continue;
            }
            long id = (each.after == null ? each.before : each.after).getLong(ID);
            Row last = null;
            for (int j = i - 1; j >= 0 && last == null; j--) {
                Told earlier = told.get(j);
                if (earlier.operation == RowOperation.DELETE && earlier.before.getLong(ID) == id) {
                    break;
                }
                last = earlier.after != null && earlier.after.getLong(ID) == id ? earlier.after : null;
            }
            if (last == null || !last.equals(each.after)) {
                add(changes, each, last, each.after);
            }
        }
        return changes;
    }

    private static void add(List<Change> changes, Told told, Row before, Row after) {
        EventId id = EventId.of(TOPIC, told.partition, told.offset);
        if (before != null && !before.isNull(AT)) {
            changes.add(new Change(true, id, before.getLong(AT), told.timestamp, before));
        }
        if (after != null && !after.isNull(AT)) {
            changes.add(new Change(false, id, after.getLong(AT), told.timestamp, after));
        }
    }

    /**
     * How many rows of a place count at a moment, by the table alone: of those that were told in time, those that were not
     * taken away again by then.
     */
    public static long rows(List<Change> ofPlace, long t) {
        return ofPlace.stream()
                .filter(change -> change.knownTime() <= t && change.eventTime() < t)
                .filter(change -> change.knownTime() - change.eventTime() <= 2 * DAY)
                .filter(change -> change.row().getDouble(3) < 900)
                .mapToLong(change -> change.retraction() ? -1 : 1)
                .sum();
    }

    /** The changes of a place; none of those without a place. */
    public static Map<String, List<Change>> byPlace(List<Change> changes) {
        Map<String, List<Change>> byPlace = new TreeMap<>();
        for (Change change : changes) {
            String place = change.row().getString(PLACE);
            if (place != null) {
                byPlace.computeIfAbsent(place, unseen -> new ArrayList<>()).add(change);
            }
        }
        return byPlace;
    }
}
