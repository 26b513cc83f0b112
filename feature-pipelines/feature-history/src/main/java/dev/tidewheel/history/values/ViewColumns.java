package dev.tidewheel.history.values;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.SourceColumns;
import java.util.ArrayList;
import java.util.List;
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
    private final RowSchema payload;
    private final int[] slots; // of the columns read, in the source
    private final int first; // where they begin in the payload
    private final int[] placeOf; // by slot of the source

    ViewColumns(ViewPlan plan, SourceColumns source) {
        this.source = source;
        this.slots = plan.columnsRead().stream()
                .mapToInt(source.schema()::slot)
                .sorted()
                .toArray();
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("#event", ColumnType.TIMESTAMP));
        columns.add(new Column("#known", ColumnType.TIMESTAMP));
        if (declaresIds()) {
            columns.add(new Column(
                    "#id", source.schema().column(source.eventIdSlot()).type()));
        }
        this.first = columns.size();
        this.placeOf = new int[source.schema().size()];
        for (int slot : slots) {
            placeOf[slot] = columns.size();
            columns.add(source.schema().column(slot));
        }
        this.payload = new RowSchema(columns);
    }

    RowSchema payload() {
        return payload;
    }

    SourceColumns source() {
        return source;
    }

    boolean declaresIds() {
        return source.eventIdSlot() >= 0;
    }

    /** Whether a declared id is a text; one that is null is then a union's, whose member declares none. */
    boolean hasTextIds() {
        return payload.column(ID).type().isText();
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
}
