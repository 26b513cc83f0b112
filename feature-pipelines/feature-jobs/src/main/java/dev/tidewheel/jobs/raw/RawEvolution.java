package dev.tidewheel.jobs.raw;

import dev.tidewheel.jobs.source.ColumnsSince;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

/**
 * How a raw table follows its source. A new column is added, and null in what was written before; one that the source has
 * no more stays, and is null from now on; a number may become wider. Nothing else can be done without giving what was
 * written another meaning, and is refused before a record is read.
 */
final class RawEvolution {
    /** What the table's properties begin with that say from where on it has a column. */
    private static final String SINCE = "tidewheel.since.";

    private final String source;
    private final Table table;
    private final Schema wanted;
    private final String written;
    private final List<String> refused = new ArrayList<>();
    private final List<String> added = new ArrayList<>();

    private RawEvolution(String source, Table table, Schema wanted, Map<Integer, Long> written) {
        this.source = source;
        this.table = table;
        this.wanted = wanted;
        this.written = ColumnsSince.text(written);
    }

    /**
     * Makes a table have all columns that are wanted, and remember from where on it has those that came later.
     *
     * @param written channel to next offset
     * @throws IllegalStateException if it cannot; the message names the columns, what changed and what to do
     */
    static void follow(String source, Table table, Schema wanted, Map<Integer, Long> written) {
        new RawEvolution(source, table, wanted, written).follow();
    }

    /** Which columns came later than the table's first records. */
    static ColumnsSince since(Table table) {
        Map<String, Map<Integer, Long>> since = new TreeMap<>();
        table.properties().forEach((key, value) -> {
            if (key.startsWith(SINCE)) {
                since.put(key.substring(SINCE.length()), ColumnsSince.offsets(value));
            }
        });
        return new ColumnsSince(since);
    }

    private void follow() {
        Transaction both = table.newTransaction();
        UpdateSchema update = both.updateSchema();
        boolean changes = false;
        for (NestedField field : wanted.columns()) {
            NestedField existing = table.schema().findField(field.name());
            if (existing == null) {
                changes |= add(field, update);
            } else {
                changes |= widen(existing, field, update);
            }
        }
        for (NestedField existing : table.schema().columns()) {
            if (RawSchema.isOwn(existing.name()) && wanted.findField(existing.name()) == null) {
                refused.add("it has the column '" + existing.name() + "', because the source's format was another");
            }
        }
        if (!refused.isEmpty()) {
            throw new IllegalStateException("table " + table.name() + " cannot follow source '" + source + "': "
                    + String.join("; ", refused)
                    + ". Give the changed source another name: it then begins a table and lineages of its own, and reads"
                    + " its topic from the beginning");
        }
        if (changes) {
            update.commit();
            UpdateProperties since = both.updateProperties();
            added.forEach(column -> since.set(SINCE + column, written));
            since.commit();
            both.commitTransaction();
            table.refresh();
        }
    }

    private boolean add(NestedField field, UpdateSchema update) {
        if (RawSchema.isOwn(field.name())) {
            refused.add("it has no column '" + field.name() + "', because the source's format was another");
            return false;
        }
        update.addColumn(field.name(), field.type(), field.doc());
        if (!written.isEmpty()) {
            added.add(field.name());
        }
        return true;
    }

    private boolean widen(NestedField existing, NestedField field, UpdateSchema update) {
        boolean otherMeaning = existing.doc() != null && !existing.doc().equals(field.doc());
        boolean sameType = existing.type().equals(field.type());
        if (otherMeaning
                || !(sameType
                        || TypeUtil.isPromotionAllowed(
                                existing.type(), field.type().asPrimitiveType()))) {
            refused.add(
                    "column '" + field.name() + "' was " + meaning(existing) + " and would become " + meaning(field));
            return false;
        }
        if (!sameType) {
            update.updateColumn(field.name(), field.type().asPrimitiveType());
        }
        return !sameType;
    }

    private static String meaning(NestedField field) {
        Type type = field.type();
        return field.doc() == null ? type.toString() : field.doc();
    }
}
