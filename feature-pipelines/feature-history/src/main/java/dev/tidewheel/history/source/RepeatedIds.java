package dev.tidewheel.history.source;

import dev.tidewheel.feature.row.ColumnType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds the rows whose event id another row has too, so that only they pay for the search for duplicates. */
final class RepeatedIds {
    private RepeatedIds() {}

    /** Rows without an id share none. */
    static BitSet among(int[] among, ColumnBuffer ids) {
        int[] rows = IntStream.of(among).filter(row -> !ids.isNull(row)).toArray();
        return ids.column().type() == ColumnType.STRING ? strings(rows, ids) : integers(rows, ids);
    }

    private static BitSet integers(int[] rows, ColumnBuffer ids) {
        long[] sorted = IntStream.of(rows).mapToLong(ids::word).sorted().toArray();
        Set<Long> repeated = new HashSet<>();
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                repeated.add(sorted[i]);
            }
        }
        BitSet found = new BitSet();
        if (!repeated.isEmpty()) {
            Arrays.stream(rows).filter(row -> repeated.contains(ids.word(row))).forEach(found::set);
        }
        return found;
    }

    private static BitSet strings(int[] rows, ColumnBuffer ids) {
        Map<String, Integer> firstRows = new HashMap<>();
        BitSet found = new BitSet();
        for (int row : rows) {
            Integer first = firstRows.putIfAbsent(ids.string(row), row);
            if (first != null) {
                found.set(first);
                found.set(row);
            }
        }
        return found;
    }
}
