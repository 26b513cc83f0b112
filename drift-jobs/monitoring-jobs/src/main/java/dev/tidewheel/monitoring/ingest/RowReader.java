package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.drift.histogram.Counts;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a service's columns in an inference record, where they stand grouped by kind. Immutable.
 */
final class RowReader {
    private static final String PROBABILITY = "probability";
    /** The store did not answer, or could not for that moment: whatever the value is, this row does not say it. */
    private static final int READ_POINT_PASSED = 5;

    private static final int UNAVAILABLE = 7;

    private enum Group {
        NUMBER,
        INTEGER,
        STRING
    }

    /**
     * Where a column stands.
     *
     * @param slot among all columns
     * @param index in its group
     */
    private record Place(Group group, int slot, int index) {}

    private final Map<String, Place> places = new HashMap<>();
    private final List<String> numeric;
    private final int[] sizes = new int[Group.values().length];

    /** @param columns in the service's order */
    RowReader(List<DefinedColumn> columns) {
        int[] next = sizes;
        for (int slot = 0; slot < columns.size(); slot++) {
            DefinedColumn column = columns.get(slot);
            Group group = switch (column.getType()) {
                case "FLOAT64" -> Group.NUMBER;
                case "STRING" -> Group.STRING;
                default -> Group.INTEGER;
            };
            places.put(column.getName(), new Place(group, slot, next[group.ordinal()]++));
        }
        numeric = columns.stream()
                .filter(column -> List.of("FLOAT64", "INT64", "BOOL").contains(column.getType()))
                .map(DefinedColumn::getName)
                .toList();
    }

    /** Whether a row has as many values as the service has columns, and a key for each entity. */
    boolean fits(Inference row) {
        return row.getNumbers().size() >= size(Group.NUMBER)
                && row.getIntegers().size() >= size(Group.INTEGER)
                && row.getStrings().size() >= size(Group.STRING)
                && row.getEntityKeys().size() == row.getEntityNames().size();
    }

    private int size(Group group) {
        return sizes[group.ordinal()];
    }

    /** The columns that have a distribution: numbers, and truth as 0 or 1. */
    List<String> numeric() {
        return numeric;
    }

    /** Adds a row's value of one column to several counts. */
    void count(Inference row, String column, List<Counts> into) {
        Place place = places.get(column);
        if (place == null || place.group() == Group.STRING) {
            into.forEach(Counts::addUnavailable);
        } else if (isNull(row, place.slot())) {
            boolean unread = isUnread(row, place.slot());
            for (int i = 0; i < into.size(); i++) {
                if (unread) {
                    into.get(i).addUnavailable();
                } else {
                    into.get(i).addNull();
                }
            }
        } else {
            double value = place.group() == Group.NUMBER
                    ? row.getNumbers().get(place.index())
                    : row.getIntegers().get(place.index());
            for (int i = 0; i < into.size(); i++) {
                into.get(i).add(value);
            }
        }
    }

    /**
     * What a segment of that name is told by: the key of an entity, or the value of a column of strings; null where the row
     * has none, also because it was logged of an erased entity.
     */
    @Nullable
    String text(Inference row, String name) {
        if (ErasedInferences.isOne(row)) {
            return null;
        }
        int entity = row.getEntityNames().indexOf(name);
        if (entity >= 0) {
            return row.getEntityKeys().get(entity);
        }
        Place place = places.get(name);
        if (place == null || place.group() != Group.STRING || isNull(row, place.slot())) {
            return null;
        }
        return row.getStrings().get(place.index());
    }

    /** The probability of class 1; NaN without one. */
    static double prediction(Inference row) {
        List<Double> prediction = row.getPrediction();
        if (prediction.isEmpty()) {
            return Double.NaN;
        }
        int named = row.getPredictionNames().indexOf(PROBABILITY);
        return prediction.get(Math.max(0, named));
    }

    private static boolean isNull(Inference row, int slot) {
        ByteBuffer nulls = row.getNulls();
        return slot / 8 >= nulls.remaining() || (nulls.get(nulls.position() + slot / 8) >> (slot % 8) & 1) == 1;
    }

    private static boolean isUnread(Inference row, int slot) {
        ByteBuffer statuses = row.getStatuses();
        if (slot >= statuses.remaining()) {
            return true;
        }
        int status = statuses.get(statuses.position() + slot);
        return status == UNAVAILABLE || status == READ_POINT_PASSED;
    }
}
