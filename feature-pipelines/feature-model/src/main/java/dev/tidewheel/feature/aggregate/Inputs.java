package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.row.ColumnType;

/** Checks of what an aggregate is given to aggregate. */
final class Inputs {
    private Inputs() {}

    static ColumnType any(String aggregate, Operands input) {
        return input.of()
                .orElseThrow(() -> new IllegalArgumentException(
                        aggregate + " needs something to aggregate: write 'of: <expression>'"));
    }

    static ColumnType numeric(String aggregate, Operands input) {
        ColumnType type = any(aggregate, input);
        if (type != ColumnType.INT64 && type != ColumnType.FLOAT64) {
            throw new IllegalArgumentException(aggregate + " aggregates INT64 or FLOAT64, got " + type
                    + (type == ColumnType.BOOL ? "; write 'of: <expression> ? 1.0 : 0.0'" : ""));
        }
        return type;
    }
}
