package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The values of one key of one view by the definition of the rules, from a list of changes: scan everything that is in
 * the cut, visible and in the window, and compute. No tiles, no partial aggregates, no state; nothing is shared with
 * {@link dev.tidewheel.feature.view.KeyState} but expressions and rows, so that the two can be held against each other.
 *
 * <p>Expressions are evaluated once, in the constructor; {@link #valuesAt} is linear in the changes of the longest
 * window. Immutable after construction and thread-safe.
 */
public final class NaiveOracle {
    private final ViewPlan plan;
    private final Disposition[] dispositions;
    private final long[] eventTimes; // of what counts, in the total order
    private final Copy[][] copies; // of what counts, in the same order
    private final List<NaiveColumn> columns;
    private final List<@Nullable Row[]> latest;

    /** A change that counts, with all of its copies. */
    private record Event(Change change, Row row, List<Copy> copies) {}

    private record Copy(int index, long knownTime) {}

    private record Identity(boolean retraction, EventId id) {}

    /**
     * @param plan the view
     * @param changes all that belong to the key, in any order; the row of every change has the columns of
     *     {@link ViewPlan#source()}
     */
    public NaiveOracle(ViewPlan plan, List<Change> changes) {
        this.plan = plan;
        this.dispositions = new Disposition[changes.size()];
        List<Event> events = judge(changes);
        events.sort(Comparator.comparingLong((Event event) -> event.change.eventTime())
                .thenComparing(event -> event.change.id()));
        this.eventTimes = new long[events.size()];
        this.copies = new Copy[events.size()][];
        for (int i = 0; i < eventTimes.length; i++) {
            eventTimes[i] = events.get(i).change.eventTime();
            copies[i] = events.get(i).copies.toArray(Copy[]::new);
        }
        this.columns = columns(events);
        this.latest = latest(events);
    }

    /** What a key that was never seen has, by the definition of each aggregate over nothing; all NOT_FOUND. */
    public static FeatureValues absent(ViewPlan plan) {
        FeatureValues values = new NaiveOracle(plan, List.of()).valuesAt(0);
        Arrays.fill(values.statuses(), Status.NOT_FOUND.code());
        return values;
    }

    /** What becomes of a change, by its place in the list. Which of several copies counts as the first is by the list. */
    public Disposition disposition(int index) {
        return dispositions[index];
    }

    /** How many changes have a disposition. */
    public long count(Disposition disposition) {
        long count = 0;
        for (Disposition each : dispositions) {
            count += each == disposition ? 1 : 0;
        }
        return count;
    }

    /** Every feature at t, by all changes. */
    public FeatureValues valuesAt(long t) {
        return valuesAt(t, index -> true);
    }

    /**
     * Every feature at t.
     *
     * @param inCut whether the change at a place in the list had arrived
     */
    public FeatureValues valuesAt(long t, IntPredicate inCut) {
        List<FeatureSpec> features = plan.spec().features();
        int[] visible = visible(t, inCut);
        Row out = new Row(features.size());
        byte[] statuses = new byte[features.size()];
        for (int slot = 0; slot < statuses.length; slot++) {
            statuses[slot] = value(slot, t, visible, out).code();
        }
        return new FeatureValues(out, statuses);
    }

    private Status value(int slot, long t, int[] visible, Row out) {
        FeatureSpec feature = plan.spec().features().get(slot);
        NaiveColumn column = columns.get(slot);
        NaiveWindow.Chosen chosen = new NaiveWindow(feature.window(), t).choose(visible, eventTimes, column);
        if (chosen.truncated()) {
            return Status.TRUNCATED;
        }
        return isLatest(feature)
                ? new NaiveLatest(column, eventTimes, latest.get(slot)).compute(chosen.places(), out, slot)
                : new NaiveAggregate(feature, column).compute(chosen.places(), 0, chosen.at(), out, slot);
    }

    /** The places in the total order that count at t in the longest window, ascending. */
    private int[] visible(long t, IntPredicate inCut) {
        long from = Long.MAX_VALUE;
        for (FeatureSpec feature : plan.spec().features()) {
            from = Math.min(from, new NaiveWindow(feature.window(), t).earliest());
        }
        int first = firstAtOrAfter(from);
        int[] found = new int[eventTimes.length - first];
        int count = 0;
        for (int i = first; i < eventTimes.length && eventTimes[i] < t; i++) {
            if (isKnown(i, t, inCut)) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private boolean isKnown(int event, long t, IntPredicate inCut) {
        for (Copy copy : copies[event]) {
            if (copy.knownTime <= t && inCut.test(copy.index)) {
                return true;
            }
        }
        return false;
    }

    private int firstAtOrAfter(long from) {
        int at = Arrays.binarySearch(eventTimes, from);
        while (at > 0 && eventTimes[at - 1] == from) {
            at--;
        }
        return at < 0 ? -at - 1 : at;
    }

    private List<Event> judge(List<Change> changes) {
        Map<Identity, List<Copy>> seen = new HashMap<>();
        List<Event> counted = new ArrayList<>();
        for (int index = 0; index < dispositions.length; index++) {
            Change change = changes.get(index);
            if (exceeds(change.knownTime(), change.eventTime(), plan.spec().horizonMillis())) {
                dispositions[index] = Disposition.LATE;
            } else if (isRefused(change)) {
                dispositions[index] = Disposition.REJECTED;
            } else {
                dispositions[index] = judgeRow(change, index, seen, counted);
            }
        }
        return counted;
    }

    private boolean isRefused(Change change) {
        long limit = plan.spec().futureLimitMillis();
        boolean tooFarAhead =
                limit != ViewSpec.NO_FUTURE_LIMIT && exceeds(change.eventTime(), change.knownTime(), limit);
        return tooFarAhead || (change.retraction() && cannotTakeAway());
    }

    /** Whether {@code left − right > limit}, beyond the range of 64 bits too. */
    private static boolean exceeds(long left, long right, long limit) {
        return BigInteger.valueOf(left).subtract(BigInteger.valueOf(right)).compareTo(BigInteger.valueOf(limit)) > 0;
    }

    private boolean cannotTakeAway() {
        return plan.spec().features().stream()
                .anyMatch(feature -> NaiveAggregate.cannotTakeAway(feature)
                        || feature.window() instanceof Window.Session
                        || feature.window() instanceof Window.Rows);
    }

    private Disposition judgeRow(Change change, int index, Map<Identity, List<Copy>> seen, List<Event> counted) {
        Optional<Row> row = derive(change.row());
        if (row.isEmpty()) {
            return Disposition.REJECTED;
        }
        Row scratch = new Row(1);
        Status filter = evaluate(plan.spec().where(), row.get(), scratch);
        boolean passes = filter == Status.OK && scratch.getBoolean(0);
        if (isFailure(filter) || (passes && !inputsWork(row.get()))) {
            return Disposition.REJECTED;
        }
        Copy copy = new Copy(index, change.knownTime());
        Identity identity = new Identity(change.retraction(), change.id());
        List<Copy> copies = seen.get(identity);
        if (copies != null) {
            copies.add(copy);
            return Disposition.DUPLICATE;
        }
        copies = new ArrayList<>(List.of(copy));
        seen.put(identity, copies);
        if (!passes) {
            return Disposition.FILTERED;
        }
        counted.add(new Event(change, row.get(), copies));
        return Disposition.APPLIED;
    }

    /** The source's columns and the derived ones; empty if one of them fails. */
    private Optional<Row> derive(Row source) {
        List<ViewSpec.DerivedColumn> derived = plan.spec().columns();
        Row row = source.widen(source.size() + derived.size());
        for (int i = 0; i < derived.size(); i++) {
            Status status = plan.expression(derived.get(i).expression()).evaluate(row, row, source.size() + i);
            if (isFailure(status)) {
                return Optional.empty();
            }
        }
        return Optional.of(row);
    }

    private boolean inputsWork(Row row) {
        Row scratch = new Row(1);
        for (FeatureSpec feature : plan.spec().features()) {
            Status where = evaluate(feature.where(), row, scratch);
            if (isFailure(where)) {
                return false;
            }
            boolean counts = where == Status.OK && scratch.getBoolean(0);
            for (Optional<String> input : List.of(feature.of(), feature.by(), feature.bucket())) {
                if (counts && isFailure(evaluate(input, row, scratch))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Nothing to evaluate is true. */
    private Status evaluate(Optional<String> text, Row row, Row scratch) {
        if (text.isEmpty()) {
            scratch.setBoolean(0, true);
            return Status.OK;
        }
        Expression expression = plan.expression(text.get());
        scratch.setNull(0);
        return expression.evaluate(row, scratch, 0);
    }

    private static boolean isFailure(Status status) {
        return status == Status.ERROR || status == Status.OVERFLOW;
    }

    private List<NaiveColumn> columns(List<Event> events) {
        Map<List<Optional<String>>, NaiveColumn> known = new HashMap<>();
        List<NaiveColumn> perFeature = new ArrayList<>();
        for (FeatureSpec feature : plan.spec().features()) {
            FeatureSpec counted = isLatest(feature) ? rows(feature) : feature;
            perFeature.add(known.computeIfAbsent(
                    List.of(counted.of(), counted.by(), counted.bucket(), counted.where()),
                    inputs -> column(counted, events)));
        }
        return perFeature;
    }

    private static boolean isLatest(FeatureSpec feature) {
        return feature.aggregate().equals("latest");
    }

    /** A null is a value of a change stream's row: the row counts whatever it is. */
    private static FeatureSpec rows(FeatureSpec feature) {
        return new FeatureSpec(feature.name(), "count", Map.of(), Optional.empty(), feature.where(), feature.window());
    }

    /** What {@code latest} chooses from, per feature and event. */
    private List<@Nullable Row[]> latest(List<Event> events) {
        List<@Nullable Row[]> perFeature = new ArrayList<>();
        for (int slot = 0; slot < columns.size(); slot++) {
            FeatureSpec feature = plan.spec().features().get(slot);
            @Nullable Row[] values = new Row[isLatest(feature) ? events.size() : 0];
            for (int i = 0; i < values.length; i++) {
                if (columns.get(slot).signs[i] != 0) {
                    Row value = new Row(1);
                    evaluate(feature.of(), events.get(i).row, value);
                    values[i] = value;
                }
            }
            perFeature.add(values);
        }
        return perFeature;
    }

    private NaiveColumn column(FeatureSpec feature, List<Event> events) {
        NaiveColumn column = new NaiveColumn(typeOf(feature.of()), events.size());
        if (feature.by().isPresent()) {
            column.by = new NaiveColumn(typeOf(feature.by()), events.size());
        }
        if (feature.bucket().isPresent()) {
            column.categories = new String[events.size()];
        }
        Row scratch = new Row(1);
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            Status where = evaluate(feature.where(), event.row, scratch);
            if (where == Status.OK && scratch.getBoolean(0)) {
                set(feature, column, i, event, scratch);
            }
        }
        return column;
    }

    /** An event counts if none of its inputs is null. */
    private void set(FeatureSpec feature, NaiveColumn column, int place, Event event, Row scratch) {
        NaiveColumn by = column.by;
        if (by != null && evaluate(feature.by(), event.row, scratch) == Status.OK) {
            by.set(place, event.change.retraction(), event.change.eventTime(), scratch);
        }
        String[] categories = column.categories;
        if (categories != null && evaluate(feature.bucket(), event.row, scratch) == Status.OK) {
            categories[place] = NaiveColumn.category(typeOf(feature.bucket()).orElseThrow(), scratch);
        }
        boolean beside = (by == null || by.signs[place] != 0) && (categories == null || categories[place] != null);
        if (beside && evaluate(feature.of(), event.row, scratch) == Status.OK) {
            column.set(place, event.change.retraction(), event.change.eventTime(), scratch);
        }
    }

    private Optional<ColumnType> typeOf(Optional<String> text) {
        return text.map(expression -> plan.expression(expression).type());
    }
}
