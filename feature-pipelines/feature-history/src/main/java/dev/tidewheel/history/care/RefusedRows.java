package dev.tidewheel.history.care;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * Suspects refused records that came to no columns of being an entity's: those whose bytes contain all its texts. Another
 * entity's record may contain them by chance; a record that has numbers in binary does not contain them at all. Thread-safe.
 */
final class RefusedRows {
    private static final String REJECTED = "_rejected";
    private static final String KEY = "_key";
    private static final String VALUE = "_value";

    private final Set<String> columns;
    private final List<String> texts;
    private final boolean kept;

    RefusedRows(Schema schema, SortedMap<String, String> entity) {
        this.columns = Set.copyOf(entity.keySet());
        this.texts = List.copyOf(entity.values());
        this.kept = schema.findField(REJECTED) != null && schema.findField(VALUE) != null;
    }

    /** Whether the table keeps what was refused. */
    boolean areKept() {
        return kept;
    }

    /** What files are planned by. */
    Expression filter() {
        return kept ? Expressions.notNull(REJECTED) : Expressions.alwaysFalse();
    }

    /** @param row of all columns */
    boolean mayBeTheirs(Record row) {
        if (!kept || row.getField(REJECTED) == null || columns.stream().allMatch(name -> row.getField(name) != null)) {
            return false;
        }
        return texts.stream().allMatch(text -> isIn(row.getField(KEY), text) || isIn(row.getField(VALUE), text));
    }

    private static boolean isIn(@Nullable Object bytes, String text) {
        return bytes instanceof ByteBuffer buffer && Words.in(buffer, text);
    }
}
