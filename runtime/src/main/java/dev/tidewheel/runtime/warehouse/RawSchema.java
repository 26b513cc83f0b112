package dev.tidewheel.runtime.warehouse;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The columns of a raw table: the source's, then where the record stood and, if it was refused, why and what it was.
 *
 * <p>Times are {@code long} epoch milliseconds, as the mathematics have them: Iceberg's timestamps are microseconds and
 * every engine converts them in its own way, while a raw table has to give back exactly what came.
 */
public final class RawSchema {
    public static final String TOPIC = "_topic";
    public static final String PARTITION = "_partition";
    public static final String OFFSET = "_offset";
    public static final String TIMESTAMP = "_timestamp";
    public static final String REJECTED = "_rejected";
    public static final String KEY = "_key";
    public static final String VALUE = "_value";

    /** How many columns follow the source's. */
    public static final int OWN_COLUMNS = 7;

    public static final String OPERATION = "_op";
    public static final String CONNECTOR_TIME = "_ts_ms";
    public static final String DATABASE_TIME = "_source_ts_ms";
    public static final String BEFORE = "_before_";

    /** How many columns follow these in the table of a change stream, before the rows' before. */
    public static final int CHANGE_COLUMNS = 3;

    private static final Set<String> OWN =
            Set.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, REJECTED, KEY, VALUE, OPERATION, CONNECTOR_TIME, DATABASE_TIME);

    private RawSchema() {}

    /** The columns of a source of events. */
    public static Schema of(RowSchema columns) {
        return of(columns, false);
    }

    /** @param ofChanges whether the source tells of rows that change: then the row before and the envelope follow */
    public static Schema of(RowSchema columns, boolean ofChanges) {
        List<NestedField> fields = new ArrayList<>();
        int id = 1;
        for (Column column : columns.columns()) {
            fields.add(NestedField.optional(id++, column.name(), type(column), meaning(column)));
        }
        fields.add(NestedField.required(id++, TOPIC, Types.StringType.get()));
        fields.add(NestedField.required(id++, PARTITION, Types.IntegerType.get()));
        fields.add(NestedField.required(id++, OFFSET, Types.LongType.get()));
        fields.add(NestedField.required(id++, TIMESTAMP, Types.LongType.get()));
        fields.add(NestedField.optional(id++, REJECTED, Types.StringType.get()));
        fields.add(NestedField.optional(id++, KEY, Types.BinaryType.get()));
        fields.add(NestedField.optional(id++, VALUE, Types.BinaryType.get()));
        if (ofChanges) {
            fields.add(NestedField.optional(id++, OPERATION, Types.StringType.get()));
            fields.add(NestedField.optional(id++, CONNECTOR_TIME, Types.LongType.get()));
            fields.add(NestedField.optional(id++, DATABASE_TIME, Types.LongType.get()));
            for (Column column : columns.columns()) {
                fields.add(NestedField.optional(id++, BEFORE + column.name(), type(column), meaning(column)));
            }
        }
        return new Schema(fields);
    }

    /** Whether a column is the table's own and not the source's. */
    public static boolean isOwn(String name) {
        return OWN.contains(name);
    }

    /** Tells apart what Iceberg has one type for. */
    private static String meaning(Column column) {
        return column.type().name().toLowerCase(Locale.ROOT);
    }

    private static Type type(Column column) {
        return switch (column.type()) {
            case INT64, TIMESTAMP -> Types.LongType.get();
            case FLOAT64 -> Types.DoubleType.get();
            case BOOL -> Types.BooleanType.get();
            case STRING, JSON -> Types.StringType.get();
        };
    }
}
