package dev.tidewheel.feature.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.tidewheel.feature.row.ColumnType;

/** What columns are to CEL. */
final class CelTypes {
    private CelTypes() {}

    /** CEL compares a timestamp with null as it is; the others need their wrapper type for that. */
    static CelType of(ColumnType type) {
        return switch (type) {
            case INT64 -> NullableType.create(SimpleType.INT);
            case FLOAT64 -> NullableType.create(SimpleType.DOUBLE);
            case BOOL -> NullableType.create(SimpleType.BOOL);
            case STRING, JSON -> NullableType.create(SimpleType.STRING);
            case TIMESTAMP -> SimpleType.TIMESTAMP;
        };
    }
}
