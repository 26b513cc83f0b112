package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.row.ColumnType;
import java.util.Objects;
import java.util.Optional;

/**
 * The types of what an aggregate is given. Their values stand in consecutive slots, {@code of} first (a row itself takes
 * its slot too), then {@code by}, then {@code bucket}; a row counts only if none of them is null.
 *
 * @param of what is aggregated; empty for whole rows
 * @param by the second input; empty if there is none
 * @param bucket the category; empty if there is one value for all
 */
public record Operands(Optional<ColumnType> of, Optional<ColumnType> by, Optional<ColumnType> bucket) {
    public Operands {
        Objects.requireNonNull(of, "of");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(bucket, "bucket");
    }

    /** One value for all. */
    public Operands(Optional<ColumnType> of, Optional<ColumnType> by) {
        this(of, by, Optional.empty());
    }

    /** Whole rows. */
    public static Operands rows() {
        return new Operands(Optional.empty(), Optional.empty());
    }

    /** One input. */
    public static Operands of(ColumnType type) {
        return new Operands(Optional.of(type), Optional.empty());
    }

    /** Two inputs. */
    public static Operands of(ColumnType of, ColumnType by) {
        return new Operands(Optional.of(of), Optional.of(by));
    }

    /** The same, one value per category. */
    public Operands perBucket(ColumnType category) {
        return new Operands(of, by, Optional.of(category));
    }

    /** How many slots they take. */
    int width() {
        return 1 + (by.isPresent() ? 1 : 0) + (bucket.isPresent() ? 1 : 0);
    }

    /** The type of {@code of}, which is there. */
    ColumnType input() {
        return of.orElseThrow();
    }
}
