package dev.tidewheel.history.backfill;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.erase.ErasedRows;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a file or table as the records of a source that they might have been: columns are found by name, some are
 * computed, and each is judged as the source's job judges what it decodes. Immutable and thread-safe.
 */
public final class ForeignRows {
    private static final int COMPUTED = -1;

    private final Source source;
    private final RowTable table;
    private final int[] slots;
    private final Map<Integer, Expression> computed = new TreeMap<>();
    private final int known;
    private final String digest;

    /**
     * A row as a record of the source.
     *
     * @param knownTime when it could first be known, epoch milliseconds; the least of all where that is not known
     * @param refused why it is none; null if it is one
     */
    record Judged(Row row, long knownTime, @Nullable DeadLetterReason refused) {}

    /**
     * @param known the table's column with the known time, where the source has none of its own
     * @param computed the source's columns that the table does not have: expressions over those that it does, by name
     * @throws IllegalArgumentException if the source is not one of events from one topic, if a column is missing or does not
     *     fit, or if nothing says when rows were known
     */
    public ForeignRows(Source source, RowTable table, Optional<String> known, Map<String, String> computed) {
        requireEvents(source);
        this.source = source;
        this.table = table;
        compile(computed);
        this.slots = slots();
        this.known = known(known);
        this.digest = FileDigest.ofText(
                String.join("\n", table.origin().describe(), known.orElse(""), new TreeMap<>(computed).toString()));
    }

    private static void requireEvents(Source source) {
        if (source.isUnion() || source.isOfChanges()) {
            throw new IllegalArgumentException("source '" + source.name() + "' "
                    + (source.isUnion() ? "has several topics" : "tells of rows that change")
                    + ": history can be imported into a source of events from one topic");
        }
    }

    private void compile(Map<String, String> texts) {
        RowSchema schema = source.columns();
        texts.forEach((name, text) -> {
            int slot = schema.slot(name);
            if (slot < 0) {
                throw new IllegalArgumentException("source '" + source.name() + "' has no column '" + name
                        + "' to compute: it has "
                        + schema.columns().stream().map(Column::name).toList());
            }
            Expression expression = Expression.compile(text, schema);
            if (expression.type() != schema.column(slot).type()) {
                throw new IllegalArgumentException("column '" + name + "' is "
                        + schema.column(slot).type() + ", but '" + text + "' is " + expression.type());
            }
            computed.put(slot, expression);
        });
        computed.forEach((slot, expression) -> expression.columns().stream()
                .filter(computed::containsKey)
                .findFirst()
                .ifPresent(read -> {
                    throw new IllegalArgumentException("column '"
                            + schema.column(slot).name() + "' is computed of '"
                            + schema.column(read).name()
                            + "', which is computed too: write it in terms of columns that "
                            + table.origin().describe() + " stores");
                }));
    }

    private int[] slots() {
        RowSchema schema = source.columns();
        int[] found = new int[schema.size()];
        for (int slot = 0; slot < found.length; slot++) {
            found[slot] = computed.containsKey(slot) ? COMPUTED : fit(schema.column(slot));
        }
        return found;
    }

    private int fit(Column wanted) {
        int slot = table.slot(wanted.name())
                .orElseThrow(() -> new IllegalArgumentException(table.origin().describe() + " has no column '"
                        + wanted.name() + "' of source '" + source.name() + "': it has "
                        + table.schema().columns().stream().map(Column::name).toList()
                        + "; a column can be computed of others"));
        ColumnType type = table.schema().column(slot).type();
        boolean fits = type == wanted.type()
                || (wanted.type() == ColumnType.JSON && type == ColumnType.STRING)
                || (wanted.type() == ColumnType.TIMESTAMP && type == ColumnType.INT64);
        if (!fits) {
            throw new IllegalArgumentException("column '" + wanted.name() + "' of "
                    + table.origin().describe() + " is " + type + ", but source '" + source.name() + "' has "
                    + wanted.type());
        }
        return slot;
    }

    private int known(Optional<String> column) {
        if (source.knownTime().isPresent()) {
            if (column.isPresent()) {
                throw new IllegalArgumentException("source '" + source.name() + "' knows its events at their '"
                        + source.knownTime().get() + "': no other column can say it");
            }
            return -1;
        }
        int slot = table.require(
                column.orElseThrow(() -> new IllegalArgumentException("source '" + source.name()
                        + "' knows its events when Kafka has them, which these never were: name the column that says"
                        + " when they could be known")),
                "rows");
        ColumnType type = table.schema().column(slot).type();
        if (type != ColumnType.TIMESTAMP && type != ColumnType.INT64) {
            throw new IllegalArgumentException("column '" + column.get() + "' is " + type
                    + ", but a time is a timestamp, or integers of epoch milliseconds");
        }
        return slot;
    }

    Source source() {
        return source;
    }

    /** How many there are. */
    int size() {
        return table.size();
    }

    /** The same for the same rows that are read in the same way. */
    String digest() {
        return digest;
    }

    /**
     * One of them.
     *
     * @param now epoch milliseconds: nothing that has happened is known later
     * @param erased whose rows have nothing but a place
     */
    Judged judge(int number, long now, ErasedRows erased) {
        Row row = new Row(slots.length);
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] != COMPUTED) {
                table.copy(number, slots[slot], row, slot);
            }
        }
        boolean failed = false;
        for (Map.Entry<Integer, Expression> each : computed.entrySet()) {
            Status status = each.getValue().evaluate(row, row, each.getKey());
            failed |= status != Status.OK && status != Status.NULL;
        }
        return judged(row, number, failed, now, erased);
    }

    private Judged judged(Row row, int number, boolean failed, long now, ErasedRows erased) {
        boolean isKnown =
                known < 0 ? !row.isNull(slot(source.knownTime().orElseThrow())) : !table.isNull(number, known);
        long time = !isKnown
                ? Long.MIN_VALUE
                : known < 0 ? row.getLong(slot(source.knownTime().orElseThrow())) : table.word(number, known);
        if (!erased.isEmpty() && erased.cover(row)) {
            return new Judged(new Row(slots.length), time, DeadLetterReason.ERASED);
        }
        DeadLetterReason refused = null;
        if (failed) {
            refused = DeadLetterReason.EXPRESSION_ERROR;
        } else if (row.isNull(slot(source.eventTime()))) {
            refused = DeadLetterReason.NO_EVENT_TIME;
        } else if (!isKnown) {
            refused = DeadLetterReason.NO_KNOWN_TIME;
        } else if (source.eventId().isPresent()
                && row.isNull(slot(source.eventId().get()))) {
            refused = DeadLetterReason.NO_EVENT_ID;
        } else if (time > now) {
            refused = DeadLetterReason.FUTURE;
        }
        return new Judged(row, time, refused);
    }

    private int slot(String column) {
        return source.columns().slot(column);
    }
}
