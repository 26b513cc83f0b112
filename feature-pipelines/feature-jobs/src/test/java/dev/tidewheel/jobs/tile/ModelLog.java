package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.Version;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.RoutedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A topic's partitions, written beforehand, and two views on it. Known times tie and jump back a little; among the changes
 * are late ones, ones dated ahead, copies by way of other partitions and with other known times, rows that a filter leaves
 * out and rows on which an expression fails. Texts are long, so that bases are folded.
 *
 * <p>Some topics tell of events that declare their ids, others of a {@link ModelTable}'s rows, which change: one of the
 * views can take rows away, the other refuses to.
 *
 * @param partitions what each of them holds
 * @param tellsOfRows whether records take rows away, and are their own ids
 */
record ModelLog(List<List<Entry>> partitions, boolean tellsOfRows) {
    static final int PARTITIONS = 3;
    static final List<String> KEYS = List.of("a", "b", "c", "d");
    static final long HORIZON = 3_600_000;
    /** How far a partition may jump back in knownTime, and how far watermarks are behind. */
    static final int BEHIND = 15 * 60_000;

    private static final long START = 978_307_200_000L;
    private static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("x", ColumnType.INT64),
            new Column("text", ColumnType.STRING),
            new Column("keep", ColumnType.BOOL)));
    private static final String LONG = "-".repeat(90);

    static final List<StageView> VIEWS = List.of(new StageView(texts(), 1), new StageView(inverses(), 2));

    /** What a record does to one key. */
    record Part(String key, Change change) {}

    /**
     * One record.
     *
     * @param parts what it takes away, then what it adds; at least one of them
     */
    record Entry(int partition, long offset, List<Part> parts) {
        Entry {
            parts = List.copyOf(parts);
        }

        static Entry of(String key, int partition, long offset, Change change) {
            return new Entry(partition, offset, List.of(new Part(key, change)));
        }

        Part only() {
            return parts.get(0);
        }

        /** As somebody reads it who does not know that rows are taken away. */
        Entry added() {
            return new Entry(
                    partition,
                    offset,
                    parts.stream()
                            .map(part -> new Part(part.key(), added(part.change())))
                            .toList());
        }

        private static Change added(Change change) {
            return new Change(false, change.id(), change.eventTime(), change.knownTime(), change.row());
        }

        List<KeyedChange> routed() {
            return parts.stream()
                    .map(part -> new KeyedChange(part.key(), routed(part.change())))
                    .toList();
        }

        private RoutedChange routed(Change change) {
            return new RoutedChange(
                    partition,
                    offset,
                    change.knownTime(),
                    change.id().text(),
                    change.id().high(),
                    change.id().low(),
                    change.eventTime(),
                    change.knownTime(),
                    change.row().words(),
                    change.row().strings(),
                    change.row().nulls(),
                    change.retraction());
        }

        boolean isIn(Map<Integer, Long> cut) {
            return offset < cut.getOrDefault(partition, 0L);
        }

        @Override
        public String toString() {
            return partition + "/" + offset
                    + parts.stream().map(Entry::told).collect(Collectors.joining(" and", " ", ""));
        }

        private static String told(Part part) {
            Change change = part.change();
            return (change.retraction() ? " -" : " ") + part.key() + " id "
                    + change.id().low() + " happened "
                    + (change.eventTime() - START) / 60_000 + " known " + (change.knownTime() - START) / 60_000
                    + " min";
        }
    }

    static ModelLog random(Random random) {
        boolean tellsOfRows = random.nextInt(3) == 0;
        List<List<Entry>> partitions = new ArrayList<>();
        long[] now = new long[PARTITIONS];
        for (int p = 0; p < PARTITIONS; p++) {
            partitions.add(new ArrayList<>());
            now[p] = START;
        }
        List<Entry> all = new ArrayList<>();
        ModelTable table = new ModelTable(random);
        for (int id = 0; id < 8 + random.nextInt(28); id++) {
            int p = random.nextInt(PARTITIONS);
            now[p] += random.nextInt(3) == 0 ? 0 : random.nextInt(45 * 60_000);
            long known = now[p] - (random.nextInt(3) == 0 ? random.nextInt(BEHIND) : 0);
            long offset = partitions.get(p).size();
            Entry entry = tellsOfRows ? table.change(p, offset, known) : event(random, all, id, p, offset, known);
            partitions.get(p).add(entry);
            all.add(entry);
        }
        return new ModelLog(partitions, tellsOfRows);
    }

    private static Entry event(Random random, List<Entry> all, int id, int partition, long offset, long known) {
        if (!all.isEmpty() && random.nextInt(6) == 0) {
            Part copied = all.get(random.nextInt(all.size())).only();
            return Entry.of(copied.key(), partition, offset, copy(copied.change(), known));
        }
        Change fresh = new Change(false, EventId.of(id), eventTime(random, known), known, row(random, "" + id));
        return Entry.of(key(random), partition, offset, fresh);
    }

    static String key(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    /** Sometimes late, sometimes ahead. */
    static long eventTime(Random random, long known) {
        return known
                - switch (random.nextInt(10)) {
                    case 0 -> HORIZON + 1;
                    case 1 -> -random.nextInt(5 * 60_000);
                    case 2 -> -11 * 60_000;
                    default -> random.nextInt((int) HORIZON);
                };
    }

    static Row row(Random random, String text) {
        return new Row(COLUMNS.size())
                .setLong(0, random.nextInt(8))
                .setString(1, text + LONG)
                .setBoolean(2, random.nextInt(6) > 0);
    }

    private static Change copy(Change of, long known) {
        return new Change(of.retraction(), of.id(), of.eventTime(), known, of.row());
    }

    private static ViewPlan texts() {
        Window day = Window.Sliding.of(24 * 3_600_000L);
        return plan(
                "texts",
                Optional.of("keep"),
                List.of(),
                List.of(
                        feature("first", "first", "text", day),
                        feature("last", "last", "text", day),
                        feature("least", "min", "text", day),
                        feature("sum_1h", "sum", "x", Window.Sliding.of(3_600_000L)),
                        feature("count", "count", null, new Window.Lifetime())));
    }

    private static ViewPlan inverses() {
        return plan(
                "inverses",
                Optional.empty(),
                List.of(new ViewSpec.DerivedColumn("inverse", "100 / (x - 3)")),
                List.of(
                        feature("sum", "sum", "inverse", new Window.Lifetime()),
                        feature("mean_1h", "mean", "inverse", Window.Sliding.of(3_600_000L)),
                        feature("texts", "distinct", "text", new Window.Lifetime()),
                        feature("text", "latest", "text", Window.Sliding.of(24 * 3_600_000L))));
    }

    private static ViewPlan plan(
            String name, Optional<String> where, List<ViewSpec.DerivedColumn> columns, List<FeatureSpec> features) {
        return ViewPlan.compile(
                new ViewSpec(name, List.of("text"), where, columns, features, HORIZON, 600_000, 60_000, 2), COLUMNS);
    }

    private static FeatureSpec feature(String name, String aggregate, String of, Window window) {
        return new FeatureSpec(name, aggregate, Map.of(), Optional.ofNullable(of), Optional.empty(), window);
    }

    /** The changes of a key that are in a cut, by partition and offset. */
    List<Change> changes(String key, Predicate<Entry> inCut) {
        List<Change> changes = new ArrayList<>();
        for (List<Entry> partition : partitions) {
            for (Entry entry : partition) {
                if (inCut.test(entry)) {
                    entry.parts().stream()
                            .filter(part -> part.key().equals(key))
                            .forEach(part -> changes.add(part.change()));
                }
            }
        }
        return changes;
    }

    /** What the version of a state is that contains these changes and no others. */
    static Version version(List<Change> changes) {
        long known = changes.stream().mapToLong(Change::knownTime).max().orElse(Long.MIN_VALUE);
        return new Version(known, changes.size());
    }

    /** When all of them are visible. */
    static long visible(List<Change> changes) {
        return changes.stream().mapToLong(Change::visibleAt).max().orElse(0);
    }

    Map<Integer, Long> end() {
        Map<Integer, Long> end = new TreeMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            if (!partitions.get(p).isEmpty()) {
                end.put(p, (long) partitions.get(p).size());
            }
        }
        return end;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        partitions.forEach(
                partition -> partition.forEach(entry -> text.append(entry).append('\n')));
        return text.toString();
    }
}
