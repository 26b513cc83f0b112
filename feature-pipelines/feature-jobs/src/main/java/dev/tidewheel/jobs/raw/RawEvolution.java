package dev.tidewheel.jobs.raw;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
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
    private final String source;
    private final Table table;
    private final Schema wanted;
    private final List<String> refused = new ArrayList<>();

    private RawEvolution(String source, Table table, Schema wanted) {
        this.source = source;
        this.table = table;
        this.wanted = wanted;
    }

    /**
     * Makes a table have all columns that are wanted.
     *
     * @throws IllegalStateException if it cannot; the message names the columns, what changed and what to do
     */
    static void follow(String source, Table table, Schema wanted) {
        new RawEvolution(source, table, wanted).follow();
    }

    private void follow() {
        UpdateSchema update = table.updateSchema();
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
        }
    }

    private boolean add(NestedField field, UpdateSchema update) {
        if (RawSchema.isOwn(field.name())) {
            refused.add("it has no column '" + field.name() + "', because the source's format was another");
            return false;
        }
        update.addColumn(field.name(), field.type(), field.doc());
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
