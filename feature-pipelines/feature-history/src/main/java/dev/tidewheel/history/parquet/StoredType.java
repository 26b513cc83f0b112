package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import java.nio.file.Path;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a file is to rows. The same 32 or 64 bits are an integer, a decimal without its point, a day or a time
 * of day: the annotation tells, see "Logical Types" in the specification of Parquet.
 */
final class StoredType {
    private StoredType() {}

    /** The type that a column has by itself; null if it is nested, or of none that rows have. */
    static @Nullable ColumnType of(Type field) {
        if (!isFlat(field)) {
            return null;
        }
        LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
        return switch (field.asPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> isInteger(logical) ? ColumnType.INT64 : null;
            case INT64 ->
                logical instanceof TimestampLogicalTypeAnnotation
                        ? ColumnType.TIMESTAMP
                        : isInteger(logical) && !isUnsigned(logical) ? ColumnType.INT64 : null;
            case FLOAT, DOUBLE -> ColumnType.FLOAT64;
            case BOOLEAN -> ColumnType.BOOL;
            case BINARY -> logical instanceof StringLogicalTypeAnnotation ? ColumnType.STRING : null;
            case INT96, FIXED_LEN_BYTE_ARRAY -> null;
        };
    }

    private static boolean isFlat(Type field) {
        return field.isPrimitive() && !field.isRepetition(Type.Repetition.REPEATED);
    }

    /** Whether it is an integer, or never more than null. */
    private static boolean isInteger(@Nullable LogicalTypeAnnotation logical) {
        return logical == null
                || logical instanceof IntLogicalTypeAnnotation
                || logical instanceof UnknownLogicalTypeAnnotation;
    }

    /** Whether an integer of this annotation has no sign. */
    static boolean isUnsigned(@Nullable LogicalTypeAnnotation logical) {
        return logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
    }

    /**
     * Checks that a column can be read as one of rows.
     *
     * @throws IllegalArgumentException if it is nested or of a type that does not fit
     */
    static void require(Path file, Column wanted, Type field) {
        if (!fits(wanted.type(), field)) {
            throw new IllegalArgumentException(file + ": column '" + wanted.name() + "' is " + field
                    + " in the file, but " + wanted.type() + " is wanted: convert it, in the file, to "
                    + remedy(wanted.type()));
        }
    }

    private static boolean fits(ColumnType wanted, Type field) {
        ColumnType found = of(field);
        return switch (wanted) {
            case INT64, TIMESTAMP -> found == ColumnType.INT64 || found == ColumnType.TIMESTAMP;
            case FLOAT64 -> found == ColumnType.FLOAT64 || found == ColumnType.INT64;
            case BOOL -> found == ColumnType.BOOL;
            case STRING, JSON -> isText(field);
        };
    }

    /** Whether it is bytes that are a text, or of which nothing is said. */
    private static boolean isText(Type field) {
        LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
        return isFlat(field)
                && field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && (logical == null
                        || logical instanceof StringLogicalTypeAnnotation
                        || logical instanceof JsonLogicalTypeAnnotation
                        || logical instanceof EnumLogicalTypeAnnotation);
    }

    private static String remedy(ColumnType wanted) {
        return switch (wanted) {
            case INT64 -> "a signed integer of 64 bits";
            case FLOAT64 -> "a floating-point number";
            case TIMESTAMP -> "a timestamp";
            case BOOL -> "a boolean";
            case STRING, JSON -> "a string";
        };
    }
}
