package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.row.ColumnType;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an aggregate takes as {@code of} or as {@code by}.
 *
 * @param need whether it must be written
 * @param types what it may be, in the order of {@link ColumnType}; empty if it must not be written
 */
public record Input(Need need, Set<ColumnType> types) {
    private static final Set<ColumnType> ANY = EnumSet.allOf(ColumnType.class);
    private static final Set<ColumnType> NUMBERS = EnumSet.of(ColumnType.INT64, ColumnType.FLOAT64);

    /** Whether an input must be written. */
    public enum Need {
        /** It must not. */
        NONE,
        /** It may. */
        OPTIONAL,
        /** It must. */
        REQUIRED
    }

    public Input {
        Objects.requireNonNull(need, "need");
        types = java.util.Collections.unmodifiableSet(
                types.isEmpty() ? EnumSet.noneOf(ColumnType.class) : EnumSet.copyOf(types));
    }

    static Input none() {
        return new Input(Need.NONE, Set.of());
    }

    static Input any(Need need) {
        return new Input(need, ANY);
    }

    static Input numeric() {
        return new Input(Need.REQUIRED, NUMBERS);
    }

    /** Every way to write it, from the first. */
    List<Optional<ColumnType>> choices() {
        List<Optional<ColumnType>> choices =
                new java.util.ArrayList<>(types.stream().map(Optional::of).toList());
        if (need != Need.REQUIRED) {
            choices.add(0, Optional.empty());
        }
        return choices;
    }

    void checkOf(String aggregate, Optional<ColumnType> given) {
        if (given.isEmpty()) {
            if (need == Need.REQUIRED) {
                throw new IllegalArgumentException(
                        aggregate + " needs something to aggregate: write 'of: <expression>'");
            }
        } else if (!types.contains(given.get())) {
            throw new IllegalArgumentException(
                    aggregate + " aggregates " + words() + ", got " + given.get() + remedy("of", given.get()));
        }
    }

    void checkBy(String aggregate, Optional<ColumnType> given) {
        if (given.isEmpty()) {
            if (need == Need.REQUIRED) {
                throw new IllegalArgumentException(aggregate + " needs a second input: write 'by: <expression>'");
            }
        } else if (need == Need.NONE) {
            throw new IllegalArgumentException(aggregate + " has one input: take 'by' out");
        } else if (!types.contains(given.get())) {
            throw new IllegalArgumentException(
                    "the 'by' of " + aggregate + " is " + words() + ", got " + given.get() + remedy("by", given.get()));
        }
    }

    private String remedy(String key, ColumnType given) {
        boolean number = types.equals(NUMBERS) && given == ColumnType.BOOL;
        return number ? "; write '" + key + ": <expression> ? 1.0 : 0.0'" : "";
    }

    private String words() {
        return types.stream().map(ColumnType::name).collect(Collectors.joining(" or "));
    }
}
