package dev.tidewheel.drift.profile;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one name, frozen with the reference: its most frequent values, and other for all the rest. Every row
 * belongs to exactly one.
 *
 * @param name an entity or a column
 * @param top most rows first, equal numbers in the order of their values
 * @param other rows of the reference with another value, or none
 */
public record SegmentProfile(String name, List<SegmentValue> top, long other) {
    /** The segment of all rows. */
    public static final String ALL = "all";
    /** The value that stands for what is not among the top; never one of them. */
    public static final String OTHER = "other";

    /**
     * One value.
     *
     * @param value as it stands in the column
     * @param rows in the reference
     */
    public record SegmentValue(String value, long rows) {
        public SegmentValue {
            Objects.requireNonNull(value, "value");
        }
    }

    public SegmentProfile {
        Objects.requireNonNull(name, "name");
        top = List.copyOf(top);
        if (top.stream().anyMatch(value -> value.value().equals(OTHER))) {
            throw new IllegalArgumentException("'" + OTHER + "' stands for all that is not among the top of " + name);
        }
    }

    /**
     * The same without some values: their rows are others' now.
     *
     * @param gone whether a value goes
     */
    SegmentProfile without(Predicate<String> gone) {
        List<SegmentValue> kept =
                top.stream().filter(value -> !gone.test(value.value())).toList();
        long folded = top.stream()
                .filter(value -> gone.test(value.value()))
                .mapToLong(SegmentValue::rows)
                .sum();
        return new SegmentProfile(name, kept, other + folded);
    }

    /** Whether a segment, such as {@code origin=ORD} or {@code origin=other}, is one of these. */
    public boolean has(String segment) {
        return segment.equals(segmentOf(null))
                || top.stream().anyMatch(each -> segment.equals(name + "=" + each.value()));
    }

    /** {@code name=value}, or {@code name=other} for what is not among the top. */
    public String segmentOf(@Nullable String value) {
        for (SegmentValue candidate : top) {
            if (candidate.value().equals(value)) {
                return name + "=" + value;
            }
        }
        return name + "=" + OTHER;
    }
}
