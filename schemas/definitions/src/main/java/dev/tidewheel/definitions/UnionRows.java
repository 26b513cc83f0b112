package dev.tidewheel.definitions;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of a union from those of one member: each column by its name or by the expression that {@code select} gives
 * it, then the union's own, which say what the members' columns say under names of their own. Immutable and thread-safe.
 */
public final class UnionRows {
    /** The union's own column with the member's name. */
    public static final String SOURCE = "_source";
    /** The union's own column with the event time. */
    public static final String EVENT_TIME = "_event_time";
    /** The union's own column with the known time. */
    public static final String KNOWN_TIME = "_known_time";
    /** The union's own column with the event id as text; null if the member declares none. */
    public static final String EVENT_ID = "_event_id";

    static final List<Column> OWN = List.of(
            new Column(SOURCE, ColumnType.STRING),
            new Column(EVENT_TIME, ColumnType.TIMESTAMP),
            new Column(KNOWN_TIME, ColumnType.TIMESTAMP),
            new Column(EVENT_ID, ColumnType.STRING));

    private final String source;
    private final List<Fill> fills;
    private final RowSchema union;
    private final int idSlot;
    private final boolean idIsText;

    /** How one column comes about: from a slot, or by an expression. */
    private record Fill(String text, int from, @Nullable Expression expression) {}

    /**
     * @param source the member's name
     * @param own the member's columns
     * @param eventId the one of them that identifies an event; null if the member declares none
     * @param select expressions over them, by the names of columns of the union
     * @param union the union's columns, as its definition has them
     * @throws IllegalArgumentException if the member lacks a column
     */
    public UnionRows(
            String source, RowSchema own, @Nullable String eventId, Map<String, String> select, RowSchema union) {
        this.source = source;
        this.union = union;
        this.idSlot = eventId == null ? -1 : own.slot(eventId);
        this.idIsText = idSlot >= 0 && own.column(idSlot).type() == ColumnType.STRING;
        this.fills = new ArrayList<>();
        for (Column column : union.columns().subList(0, union.size() - OWN.size())) {
            String text = select.get(column.name());
            int from = own.slot(column.name());
            if (text == null && from < 0) {
                throw new IllegalArgumentException("member " + source + " has no column '" + column.name() + "'");
            }
            fills.add(
                    text == null
                            ? new Fill(column.name(), from, null)
                            : new Fill(text, -1, Expression.compile(text, own)));
        }
    }

    /** What columns a union of some common columns has. */
    static RowSchema columns(List<Column> common) {
        List<Column> columns = new ArrayList<>(common);
        columns.addAll(OWN);
        return new RowSchema(columns);
    }

    static boolean isOwn(String column) {
        return OWN.stream().anyMatch(own -> own.name().equals(column));
    }

    /** The registered functions that it calls, with their versions. */
    Set<String> functions() {
        Set<String> functions = new TreeSet<>();
        for (Fill fill : fills) {
            if (fill.expression() != null) {
                functions.addAll(fill.expression().functions());
            }
        }
        return functions;
    }

    /** A row of which only the member is known. */
    public Row empty() {
        return new Row(union.size()).setString(fills.size(), source);
    }

    /**
     * Fills a row that {@link #empty} gave with everything but times.
     *
     * @param from the member's row
     * @return which expression failed, and on what; null if none did. A row that one failed on is not to be used
     */
    public @Nullable String fill(Row from, Row to) {
        for (int slot = 0; slot < fills.size(); slot++) {
            Fill fill = fills.get(slot);
            if (fill.expression() == null) {
                copy(from, fill.from(), to, slot);
            } else {
                Status status = fill.expression().evaluate(from, to, slot);
                if (status != Status.OK && status != Status.NULL) {
                    return "expression '" + fill.text() + "' gave " + status + " on " + from;
                }
            }
        }
        if (idSlot >= 0 && !from.isNull(idSlot)) {
            String text = from.getString(idSlot);
            to.setString(fills.size() + 3, text == null ? Long.toString(from.getLong(idSlot)) : text);
        }
        return null;
    }

    /**
     * What can be said of a row that is refused: each column that comes about, whatever becomes of the others. Only to tell
     * whose it is.
     *
     * @param from the member's row
     */
    public Row told(Row from) {
        Row to = empty();
        for (int slot = 0; slot < fills.size(); slot++) {
            Fill fill = fills.get(slot);
            if (fill.expression() == null) {
                copy(from, fill.from(), to, slot);
            } else if (fill.expression().evaluate(from, to, slot) != Status.OK) {
                to.setNull(slot);
            }
        }
        return to;
    }

    private static void copy(Row from, int slot, Row to, int at) {
        String text = from.getString(slot);
        if (text != null) {
            to.setString(at, text);
        } else if (!from.isNull(slot)) {
            to.setLong(at, from.getLong(slot));
        }
    }

    /** Writes down when it happened and when it could be known. */
    public void stamp(Row row, long eventTime, long knownTime) {
        row.setLong(fills.size() + 1, eventTime).setLong(fills.size() + 2, knownTime);
    }

    /** When a row that is {@linkplain #stamp stamped} happened. */
    public long eventTime(Row row) {
        return row.getLong(fills.size() + 1);
    }

    /** When a row that is {@linkplain #stamp stamped} could be known. */
    public long knownTime(Row row) {
        return row.getLong(fills.size() + 2);
    }

    /**
     * The event's id in the union: that of the member's column, as the member's own; else where the record stands.
     *
     * @param row of the union, filled
     */
    public EventId id(Row row, String topic, int partition, long offset) {
        String text = row.getString(fills.size() + 3);
        return text == null ? EventId.of(topic, partition, offset) : id(source, idIsText, text);
    }

    /**
     * The id of an event whose member declares a column for it.
     *
     * @param source the member's name
     * @param isText whether the column is a string; else it is an integer
     * @param text what {@value #EVENT_ID} says
     */
    public static EventId id(String source, boolean isText, String text) {
        return (isText ? EventId.of(text) : EventId.of(Long.parseLong(text))).inUnion(source);
    }
}
