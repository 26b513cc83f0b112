package dev.tidewheel.history.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.history.oracle.NaiveVector;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every value of a training set ought to be, by the definition of its world and nothing of {@link Retiming}: the naive
 * oracle over the raw changes, asked with a cut by their original known times.
 */
final class WorldOracle {
    private final ServicePlan service;
    private final List<String> entities;
    private final ChangeHistory history;
    private final Retiming world;
    private final long delay;
    private final long asOf;
    private final Map<String, KeyIndex> keys = new HashMap<>();
    private final Map<String, Known> oracles = new HashMap<>();

    /** The changes of a key that are not refused, and when each became known; visible, for a store that is behind. */
    private record Known(NaiveOracle oracle, long[] moments) {}

    /**
     * @param delay of serving, milliseconds
     * @param asOf what became known later does not exist, epoch milliseconds
     */
    WorldOracle(
            ServicePlan service, List<String> entities, ChangeHistory history, Retiming world, long delay, long asOf) {
        this.service = service;
        this.entities = entities;
        this.history = history;
        this.world = world;
        this.delay = delay;
        this.asOf = asOf;
    }

    /** Compares every value of every row. */
    void assertSame(TrainingSet set, String what) throws IOException {
        long[] times = set.times();
        List<@Nullable String[]> keyColumns = new ArrayList<>();
        for (String entity : entities) {
            keyColumns.add(set.strings(entity));
        }
        Map<String, double[]> columns = new HashMap<>();
        for (String name : set.numericColumns()) {
            columns.put(name, set.numbers(name));
        }
        for (int row = 0; row < set.rows(); row++) {
            int place = row;
            List<String> values = keyColumns.stream()
                    .map(column -> String.valueOf(column[place]))
                    .toList();
            Row request = request(columns, row);
            FeatureValues expected = vector(values, request, times[row]);
            for (Map.Entry<String, double[]> column : columns.entrySet()) {
                int slot = service.columns().slot(column.getKey());
                assertThat(column.getValue()[row])
                        .as("%s: %s of %s at %d", what, column.getKey(), values, times[row])
                        .isEqualTo(Double.valueOf(number(expected, slot)));
            }
        }
    }

    private Row request(Map<String, double[]> columns, int row) {
        Row request = new Row(service.request().size());
        for (int slot = 0; slot < request.size(); slot++) {
            Column column = service.request().column(slot);
            double value = columns.get(column.name())[row];
            if (!Double.isNaN(value)) {
                request.setLong(slot, (long) value); // Flights bring integers alone.
            }
        }
        return request;
    }

    private FeatureValues vector(List<String> values, Row request, long t) {
        List<FeatureValues> read = new ArrayList<>();
        for (ViewRead view : service.reads()) {
            String key = EntityKeys.join(view.keys().stream()
                    .map(name -> values.get(entities.indexOf(name)))
                    .toList());
            Known known = oracles.computeIfAbsent(view.view().spec().name() + " " + key, unseen -> known(view, key));
            read.add(known.oracle.valuesAt(t, index -> known.moments[index] <= knownAt(t)));
        }
        return new NaiveVector(service).of(request, read);
    }

    /** What became known later does not count at t. */
    private long knownAt(long t) {
        return switch (world.kind()) {
            case POINT_IN_TIME -> t - delay;
            case EVENT_TIME -> Long.MAX_VALUE;
            case KNOWN_BY -> world.millis();
            case HINDSIGHT -> t + world.millis();
        };
    }

    private Known known(ViewRead view, String key) {
        KeyIndex index = keys.computeIfAbsent(
                view.view().spec().name(),
                unseen -> history.keys(view.view().spec().entity()));
        int[] changes = Arrays.stream(index.changes(index.number(key)))
                .filter(change -> history.knownTime(change) <= asOf)
                .filter(change -> world.kind() == Knowledge.POINT_IN_TIME
                        || world.kind() == Knowledge.EVENT_TIME
                        || !isRefused(change, view.view().spec()))
                .toArray();
        List<Change> rows = Arrays.stream(changes)
                .mapToObj(history::change)
                .map(change -> world.kind() == Knowledge.POINT_IN_TIME ? change : knownAtOnce(change))
                .toList();
        long[] moments = Arrays.stream(changes)
                .mapToLong(world.kind() == Knowledge.POINT_IN_TIME ? history::visibleAt : history::knownTime)
                .toArray();
        return new Known(new NaiveOracle(view.view(), rows), moments);
    }

    private boolean isRefused(int change, ViewSpec view) {
        long after = history.knownTime(change) - history.eventTime(change);
        return after > view.horizonMillis() || -after > view.futureLimitMillis();
    }

    /** The oracle's own look at known times is out of the way: the cut alone says what is known. */
    private static Change knownAtOnce(Change change) {
        return new Change(change.retraction(), change.id(), change.eventTime(), change.eventTime(), change.row());
    }

    private double number(FeatureValues values, int slot) {
        if (values.row().isNull(slot)) {
            return Double.NaN;
        }
        return service.columns().column(slot).type() == ColumnType.FLOAT64
                ? values.row().getDouble(slot)
                : values.row().getLong(slot);
    }
}
