package dev.tidewheel.history.values;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.ColumnBuffer;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.spill.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The columns of a view's changes while they are sorted: event time, known time, the id if the source declares one, then
 * the source's columns that the view reads. Immutable and thread-safe.
 */
final class ViewColumns {
    static final int EVENT_TIME = 0;
    static final int KNOWN_TIME = 1;
    static final int ID = 2;

    private final SourceColumns source;
    private final int idSlot; // −1 if the source declares no id
    private final boolean hasTextIds;
    private final RowSchema payload;
    private final int[] slots; // of the columns read, in the source
    private final int first; // where they begin in the payload
    private final int[] placeOf; // by slot of the source

    ViewColumns(ViewPlan plan, SourceColumns source) {
        this.source = source;
        this.idSlot = source.eventIdSlot();
        this.slots = plan.columnsRead().stream()
                .mapToInt(source.schema()::slot)
                .sorted()
                .toArray();
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("#event", ColumnType.TIMESTAMP));
        columns.add(new Column("#known", ColumnType.TIMESTAMP));
        if (declaresIds()) {
            columns.add(new Column("#id", source.schema().column(idSlot).type()));
        }
        this.first = columns.size();
        this.placeOf = new int[source.schema().size()];
        for (int slot : slots) {
            placeOf[slot] = columns.size();
            columns.add(source.schema().column(slot));
        }
        this.payload = new RowSchema(columns);
        this.hasTextIds = declaresIds() && payload.column(ID).type().isText();
    }

    RowSchema payload() {
        return payload;
    }

    SourceColumns source() {
        return source;
    }

    boolean declaresIds() {
        return idSlot >= 0;
    }

    /** Whether a declared id is a text; one that is null is then a union's, whose member declares none. */
    boolean hasTextIds() {
        return hasTextIds;
    }

    /** Where the source's declared id stands; −1 if it declares none. */
    int idSlot() {
        return idSlot;
    }

    /** How many of the source's columns the view reads. */
    int read() {
        return slots.length;
    }

    /** Where the n-th column read stands in the source. */
    int slot(int n) {
        return slots[n];
    }

    /** Where a column of the source stands in the payload, which the view reads. */
    int placeOf(int slot) {
        return placeOf[slot];
    }

    /** Where the n-th column read stands in the payload. */
    int place(int n) {
        return first + n;
    }

    /**
     * What must be scanned for a view's questions. What happened before every window of every question is left out, but not
     * where ids are declared: of two changes with one id the older counts, so it must be seen.
     */
    ScanFilter filter(ViewPlan plan, KnownTimes known, Moments moments) {
        Set<String> names = new TreeSet<>(plan.spec().entity());
        for (int slot : slots) {
            names.add(source.schema().column(slot).name());
        }
        long lookBack = declaresIds() ? Long.MAX_VALUE : plan.longestLookBackMillis();
        return new ScanFilter(
                names,
                lookBack == Long.MAX_VALUE ? Long.MIN_VALUE : moments.reach(lookBack),
                moments.visibleThrough(),
                known.latest(moments.visibleThrough()));
    }

    /** What marks changes by their ids, so that those of equal ids have equal marks; empty where the source declares none. */
    Optional<Marks> marks() {
        return declaresIds() ? Optional.of(this::mark) : Optional.empty();
    }

    private long mark(List<ColumnBuffer> values, int row, int channel, long place) {
        ColumnBuffer ids = values.get(ID);
        boolean retraction = ChangePlace.isRetraction(place);
        if (ids.isNull(row)) {
            return ChangePlace.mark(channel, ChangePlace.offset(place), retraction);
        }
        return hasTextIds ? ChangePlace.mark(ids.string(row), retraction) : ChangePlace.mark(ids.word(row), retraction);
    }
}
