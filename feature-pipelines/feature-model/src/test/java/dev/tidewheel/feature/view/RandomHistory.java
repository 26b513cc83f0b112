package dev.tidewheel.feature.view;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Changes of one key, or of several of which a few are busy, in the order in which they arrive, with everything that goes wrong in life: out of order, twice,
 * late, by decades too, dated ahead, on the edges of tiles, tied, null, taken back, impossible to evaluate.
 */
public final class RandomHistory {
    public static final RowSchema SOURCE = new RowSchema(List.of(
            new Column("x", ColumnType.INT64),
            new Column("y", ColumnType.FLOAT64),
            new Column("s", ColumnType.STRING),
            new Column("flag", ColumnType.BOOL),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("divisor", ColumnType.INT64),
            new Column("k", ColumnType.STRING),
            new Column("n", ColumnType.INT64),
            new Column("id", ColumnType.STRING),
            new Column("happened", ColumnType.TIMESTAMP),
            new Column("known", ColumnType.TIMESTAMP)));

    public static final long START = 1_000_000_000_000L - 1_000_000_000_000L % 86_400_000L;

    /**
     * What the history is like.
     *
     * @param retractions whether rows are taken back and corrected
     * @param keys how many there are; the first has half of the events, the second a quarter, and so on
     * @param textIds whether every id is a text, as a source declares it
     * @param repeats whether records come again
     * @param steady for paths that read several partitions at once and free memory: clocks are right within a day, and a
     *     record that comes again says the same, so that nothing depends on which copy is read first
     */
    public record Style(boolean retractions, int keys, boolean textIds, boolean repeats, boolean steady) {
        static final Style OF_ONE_KEY = new Style(false, 1, false, true, false);

        Style retracting(boolean retracting) {
            return new Style(retracting, keys, textIds, repeats, steady);
        }
    }

    private final Random random;
    private final Style style;
    private final long edge;
    private final List<Change> changes = new ArrayList<>();
    private final Set<Integer> claimed = new HashSet<>(); // places of copies with another event time
    private long now = START;
    private long nextId = 1;

    /**
     * @param edge a tile width, on whose edges many events fall
     */
    RandomHistory(Random random, boolean retractions, long edge) {
        this(random, Style.OF_ONE_KEY.retracting(retractions), edge);
    }

    public RandomHistory(Random random, Style style, long edge) {
        this.random = random;
        this.style = style;
        this.edge = edge;
    }

    public List<Change> generate(int count, long meanGapMillis) {
        while (changes.size() < count) {
            now += random.nextInt(3) == 0 ? 0 : (long) (-Math.log(1 - random.nextDouble()) * meanGapMillis);
            int kind = random.nextInt(20);
            if (kind < 2 && style.repeats() && !changes.isEmpty()) {
                repeat();
            } else if (kind < 5 && style.retractions() && !changes.isEmpty()) {
                takeBack(kind == 4 && style.keys() > 1);
            } else {
                changes.add(fresh());
            }
        }
        return changes;
    }

    private Change fresh() {
        long eventTime = eventTime();
        if (random.nextInt(25) == 0 && !style.steady()) { // A clock that is wrong by decades.
            return change(false, id(), eventTime, now + 64 * 365 * 86_400_000L, row(eventTime));
        }
        long knownTime = random.nextInt(4) == 0 && !style.steady() ? eventTime + random.nextInt(3) : now;
        return change(false, id(), eventTime, knownTime, row(eventTime));
    }

    /** A change whose row says what the change says. */
    private static Change change(boolean retraction, EventId id, long eventTime, long knownTime, Row row) {
        Row whole = row.widen(row.size())
                .setString(8, id.toString())
                .setLong(9, eventTime)
                .setLong(10, knownTime);
        return new Change(retraction, id, eventTime, knownTime, whole);
    }

    private EventId id() {
        long id = nextId++;
        if (style.textIds()) {
            return EventId.of("e" + id);
        }
        return switch (random.nextInt(3)) {
            case 0 -> EventId.of(id);
            case 1 -> EventId.of("e" + id);
            default -> EventId.of("topic", random.nextInt(3), id);
        };
    }

    private long eventTime() {
        if (!changes.isEmpty() && random.nextInt(4) == 0) {
            return besideAnother();
        }
        long time = switch (random.nextInt(10)) {
            case 0 -> now + random.nextInt(20_000); // ahead
            case 1 -> now + 700_000; // too far ahead
            case 2 -> now - 3 * 86_400_000L; // late
            case 3 -> now - random.nextInt(86_400_000);
            case 4, 5 -> (now / edge - random.nextInt(3)) * edge;
            case 6 -> (now / edge) * edge - 1 + random.nextInt(3);
            default -> now - random.nextInt(7_200_000);
        };
        return time;
    }

    /** As far from another event as a session's gap or an exact window is long, give or take a millisecond. */
    private long besideAnother() {
        long distance = List.of(1L, 20_000L, 30_000L, 300_000L, 600_000L).get(random.nextInt(5));
        long other = changes.get(changes.size() - 1 - random.nextInt(Math.min(5, changes.size())))
                .eventTime();
        return other + (random.nextBoolean() ? distance : -distance) + random.nextInt(3) - 1;
    }

    private Row row(long eventTime) {
        Row row = new Row(SOURCE.size());
        if (random.nextInt(6) != 0) {
            row.setLong(0, integer());
        }
        if (random.nextInt(6) != 0) {
            row.setDouble(1, number());
        }
        if (random.nextInt(6) != 0) {
            row.setString(2, "s" + random.nextInt(12));
        }
        if (random.nextInt(6) != 0) {
            row.setBoolean(3, random.nextBoolean());
        }
        row.setLong(4, eventTime);
        row.setLong(5, random.nextInt(25));
        boolean one = style.keys() == 1;
        return row.setString(6, "k" + (one ? 0 : busy())).setLong(7, one ? 0 : random.nextInt(3));
    }

    private int busy() {
        int key = 0;
        while (key < style.keys() - 1 && random.nextBoolean()) {
            key++;
        }
        return key;
    }

    private long integer() {
        return switch (random.nextInt(60)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> Long.MIN_VALUE;
            case 2 -> random.nextLong();
            default -> random.nextInt(200) - 100;
        };
    }

    private double number() {
        return switch (random.nextInt(200)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> -0.0;
            case 4, 5 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
            case 6, 7 -> random.nextGaussian() * 1e300;
            case 8 -> Double.MIN_VALUE * random.nextInt(9);
            default -> random.nextInt(2) == 0 ? random.nextInt(50) : random.nextGaussian() * 100;
        };
    }

    private void repeat() {
        int back = random.nextBoolean() ? Math.min(8, changes.size()) : changes.size();
        Change original = changes.get(changes.size() - 1 - random.nextInt(back));
        long knownTime = original.knownTime() + random.nextInt(40_000) - 20_000;
        long eventTime = original.eventTime();
        if (random.nextInt(3) == 0 && !style.steady()) { // A source that says another time when it sends again.
            eventTime += random.nextInt(240_000) - 120_000;
            claimed.add(changes.size());
        }
        changes.add(change(original.retraction(), original.id(), eventTime, knownTime, original.row()));
    }

    /**
     * @param corrects whether another row of the same key takes its place
     */
    private void takeBack(boolean corrects) {
        int place = random.nextInt(changes.size());
        Change original = changes.get(place);
        if (!claimed.contains(place) && !original.retraction()) {
            changes.add(change(true, original.id(), original.eventTime(), now, original.row()));
            if (corrects) {
                Row row = row(original.eventTime())
                        .setString(6, Objects.requireNonNull(original.row().getString(6)))
                        .setLong(7, original.row().getLong(7));
                changes.add(change(false, id(), original.eventTime(), now, row));
            }
        }
    }
}
