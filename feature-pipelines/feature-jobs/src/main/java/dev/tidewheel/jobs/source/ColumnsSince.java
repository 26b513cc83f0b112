package dev.tidewheel.jobs.source;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * From which records on the columns that came later stand in the raw table. Records before have null in them there for
 * ever, whatever their bytes say; whoever reads those bytes again must see null too, or training would learn from other
 * values than are served.
 *
 * @param columns name to channel to the first offset with the column; a channel that is missing has it from 0 on
 */
public record ColumnsSince(Map<String, Map<Integer, Long>> columns) implements Serializable {
    /** All columns were there from the beginning. */
    public static final ColumnsSince NONE = new ColumnsSince(Map.of());

    public ColumnsSince {
        columns = columns.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, column -> Map.copyOf(column.getValue())));
    }

    public boolean isEmpty() {
        return columns.isEmpty();
    }

    /** Whether a record was there before a column was. */
    boolean hides(String column, int channel, long offset) {
        return offset < Objects.requireNonNull(columns.get(column), column).getOrDefault(channel, 0L);
    }

    /** A column's offsets as text, {@code channel=offset,…}, ascending. */
    public static String text(Map<Integer, Long> offsets) {
        return new TreeMap<>(offsets)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    /** What {@link #text} wrote. */
    public static Map<Integer, Long> offsets(String text) {
        return Arrays.stream(text.split(","))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> entry.split("=", 2))
                .collect(Collectors.toMap(entry -> Integer.valueOf(entry[0]), entry -> Long.valueOf(entry[1])));
    }
}
