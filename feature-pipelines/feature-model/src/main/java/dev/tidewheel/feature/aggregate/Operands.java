package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.row.ColumnType;
import java.util.Objects;
import java.util.Optional;

/**
 * The types of what an aggregate is given. Their values stand in consecutive slots, {@code of} first; a row counts only if
 * none of them is null.
 *
 * @param of what is aggregated; empty for whole rows
 * @param by the second input; empty if there is none
 */
public record Operands(Optional<ColumnType> of, Optional<ColumnType> by) {
    public Operands {
        Objects.requireNonNull(of, "of");
        Objects.requireNonNull(by, "by");
    }

    /** Whole rows. */
    public static Operands rows() {
        return new Operands(Optional.empty(), Optional.empty());
    }

    /** One input. */
    public static Operands of(ColumnType type) {
        return new Operands(Optional.of(type), Optional.empty());
    }
}
