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
        long[] sorted = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            sorted[i] = ids.word(rows[i]);
        }
        Arrays.sort(sorted);
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

    /** Mostly few: so a text that nobody repeats costs a number, not an entry of a map. */
    private static int[] sharingHashes(int[] rows, ColumnBuffer ids) {
        int[] sorted = IntStream.of(rows)
                .map(row -> ids.string(row).hashCode())
                .sorted()
                .toArray();
        Set<Integer> shared = new HashSet<>();
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                shared.add(sorted[i]);
            }
        }
        return shared.isEmpty()
                ? new int[0]
                : IntStream.of(rows)
                        .filter(row -> shared.contains(ids.string(row).hashCode()))
                        .toArray();
    }

    private static BitSet strings(int[] rows, ColumnBuffer ids) {
        Map<String, Integer> firstRows = new HashMap<>();
        BitSet found = new BitSet();
        for (int row : sharingHashes(rows, ids)) {
            Integer first = firstRows.putIfAbsent(ids.string(row), row);
            if (first != null) {
                found.set(first);
                found.set(row);
            }
        }
        return found;
    }
}
