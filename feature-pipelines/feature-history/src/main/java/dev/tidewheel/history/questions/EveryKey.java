package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KeyIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Every key at every one of some moments, as far as it was known then: a key of which nothing was visible yet is not
 * asked about. The keys are those of the views that are read by all of the service's entities. In the order of (t, key).
 * What a request brings is null. Immutable and thread-safe.
 */
public final class EveryKey implements Questions {
    private final List<ColumnOf> head;
    private final int requestColumns;
    private final List<Key> keys;
    private final long[] times;
    /** For each rank the number of its moment, and in the lower half that of its key. */
    private final long[] asked;

    /** A key, and since when it is known. */
    private record Key(String text, List<String> entities, long since) {
        Key earliest(Key other) {
            return other.since < since ? other : this;
        }
    }

    /**
     * @param entities the service's, in its order
     * @param histories of each view that is read
     * @param times epoch milliseconds
     * @param delayMillis a key is known so much later
     * @throws IllegalArgumentException if no view is read by all entities
     */
    public EveryKey(
            ServicePlan service,
            List<String> entities,
            Function<ViewRead, ChangeHistory> histories,
            List<Long> times,
            long delayMillis) {
        List<ColumnOf> columns = new ArrayList<>();
        columns.add(new ColumnOf("question", ColumnType.STRING, Role.QUESTION));
        columns.add(new ColumnOf("t", ColumnType.TIMESTAMP, Role.TIME));
        entities.forEach(entity -> columns.add(new ColumnOf(entity, ColumnType.STRING, Role.ENTITY)));
        this.head = List.copyOf(columns);
        this.requestColumns = service.request().size();
        this.keys = List.copyOf(keys(service, entities, histories).values());
        this.times =
                times.stream().mapToLong(Long::longValue).distinct().sorted().toArray();
        this.asked = IntStream.range(0, this.times.length)
                .boxed()
                .flatMapToLong(moment -> asked(moment, delayMillis))
                .toArray();
    }

    private static Map<String, Key> keys(
            ServicePlan service, List<String> entities, Function<ViewRead, ChangeHistory> histories) {
        Map<String, Key> found = new TreeMap<>();
        List<ViewRead> covering = service.reads().stream()
                .filter(read -> new HashSet<>(read.keys()).containsAll(entities))
                .toList();
        if (covering.isEmpty()) {
            throw new IllegalArgumentException("no view of service '" + service.name() + "' is read by all of "
                    + entities + ", so nothing says which keys there are: ask with a file of questions");
        }
        for (ViewRead read : covering) {
            ChangeHistory history = histories.apply(read);
            KeyIndex index = history.keys(read.view().spec().entity());
            for (int number = 0; number < index.size(); number++) {
                Key key = key(read, entities, history, index.changes(number)[0]);
                found.merge(key.text, key, Key::earliest);
            }
        }
        return found;
    }

    /** @param first the key's first visible change */
    private static Key key(ViewRead read, List<String> entities, ChangeHistory history, int first) {
        Row row = history.row(first);
        List<String> columns = read.view().spec().entity();
        List<String> values = entities.stream()
                .map(entity -> columns.get(read.keys().indexOf(entity)))
                .map(column -> history.columns().schema().slot(column))
                .map(slot -> EntityKeys.text(
                        row, slot, history.columns().schema().column(slot).type()))
                .toList();
        return new Key(EntityKeys.join(values), values, history.visibleAt(first));
    }

    private LongStream asked(int moment, long delayMillis) {
        return IntStream.range(0, keys.size())
                .filter(key -> keys.get(key).since <= times[moment] - delayMillis)
                .mapToLong(key -> (long) moment << Integer.SIZE | key);
    }

    @Override
    public List<ColumnOf> head() {
        return head;
    }

    @Override
    public Optional<ColumnOf> label() {
        return Optional.empty();
    }

    @Override
    public int size() {
        return asked.length;
    }

    @Override
    public Question get(int rank) {
        long t = times[(int) (asked[rank] >>> Integer.SIZE)];
        Key key = keys.get((int) asked[rank]);
        Row row = new Row(head.size()).setString(0, key.text).setLong(1, t);
        for (int entity = 0; entity < key.entities.size(); entity++) {
            row.setString(2 + entity, key.entities.get(entity));
        }
        return new Question(t, key.entities, new Row(requestColumns), row, new Row(0));
    }

    @Override
    public LeftOut leftOut() {
        return new LeftOut(0, 0, 0, 0);
    }
}
