package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lists and maps of values, by sorting all there are.
 *
 * @param column the values
 * @param counted places of events, in the total order
 * @param out takes the value
 * @param slot where
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one value, compared with nothing.
record NaiveLists(NaiveColumn column, int[] counted, Row out, int slot) {

    private Status text(String json) {
        out.setString(slot, json);
        return Status.OK;
    }

    private ColumnType type() {
        return column.type.orElseThrow();
    }

    private String json(int event) {
        return NaiveJson.of(type(), column.words[event], column.strings[event]);
    }

    Status ranked(String aggregate, int k) {
        if (counted.length == 0) {
            return Status.NULL;
        }
        List<Integer> events = new ArrayList<>();
        for (int event : counted) {
            events.add(event);
        }
        NaiveColumn by = column.by == null ? column : column.by;
        Comparator<Integer> ascending = (left, right) -> by.compare(left, right);
        switch (aggregate) {
            case "last_k" -> Collections.reverse(events);
            case "top_k" -> events.sort(ascending.reversed()); // Stable: the earlier first among equals.
            case "bottom_k" -> events.sort(ascending);
            default -> {} // first_k: the order that they are in
        }
        return text(events.stream().limit(k).map(this::json).collect(Collectors.joining(",", "[", "]")));
    }

    Status histogram(List<Double> edges) {
        long below = 0;
        long above = 0;
        long nan = 0;
        long[] bins = new long[edges.size() - 1];
        for (int event : counted) {
            double x = column.asDouble(event);
            int sign = column.signs[event];
            nan += Double.isNaN(x) ? sign : 0;
            below += x < edges.get(0) ? sign : 0;
            above += x >= edges.get(edges.size() - 1) ? sign : 0;
            for (int i = 0; i < bins.length; i++) {
                bins[i] += edges.get(i) <= x && x < edges.get(i + 1) ? sign : 0;
            }
        }
        String middle = java.util.Arrays.toString(bins).replace(" ", "");
        return text("{\"above\":" + above + ",\"below\":" + below + ",\"bins\":" + middle + ",\"nan\":" + nan + "}");
    }

    /** With the true counts: an aggregate's own may be lower, within its bound. */
    Status frequent(int k) {
        if (counted.length == 0) {
            return Status.NULL;
        }
        Map<Object, List<Integer>> byValue = new HashMap<>();
        for (int event : counted) {
            byValue.computeIfAbsent(column.value(event), value -> new ArrayList<>())
                    .add(event);
        }
        List<List<Integer>> items = new ArrayList<>(byValue.values());
        items.sort(Comparator.comparingInt((List<Integer> events) -> -events.size())
                .thenComparing((left, right) -> column.compare(left.get(0), right.get(0))));
        return text(items.stream()
                .limit(k)
                .map(events -> "[" + json(column.value(events.get(0)), events.get(0)) + "," + events.size() + "]")
                .collect(Collectors.joining(",", "[", "]")));
    }

    private String json(Object value, int place) {
        return value instanceof Double number
                ? NaiveJson.of(type(), Double.doubleToLongBits(number), null)
                : json(place);
    }
}
