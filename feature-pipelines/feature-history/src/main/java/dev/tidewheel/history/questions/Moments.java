package dev.tidewheel.history.questions;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which moments may be asked: one range, or several that do not overlap. Immutable.
 *
 * @param splits ascending by time; one without a name where nothing is split
 */
public record Moments(List<Split> splits) {
    /** The name of the only part of a set that is not split. */
    public static final String WHOLE = "data";

    /**
     * A named range.
     *
     * @param from the first moment, epoch milliseconds
     * @param to after the last
     */
    public record Split(String name, long from, long to) {
        public Split {
            if (!name.matches("[a-z][a-z0-9_]*")) {
                throw new IllegalArgumentException(
                        "'" + name + "' names no split: write small letters, digits and _, such as train");
            }
            if (from >= to) {
                throw new IllegalArgumentException("a training set from " + Instant.ofEpochMilli(from) + " to "
                        + Instant.ofEpochMilli(to) + " is empty");
            }
        }
    }

    /**
     * @throws IllegalArgumentException if two splits overlap or have one name
     */
    public Moments {
        splits = splits.stream().sorted(Comparator.comparingLong(Split::from)).toList();
        if (splits.isEmpty()) {
            throw new IllegalArgumentException("there is no moment to ask");
        }
        for (int i = 1; i < splits.size(); i++) {
            Split before = splits.get(i - 1);
            if (splits.get(i).from() < before.to()) {
                throw new IllegalArgumentException("splits '" + before.name() + "' and '"
                        + splits.get(i).name() + "' overlap: a row can be in one only");
            }
        }
        if (splits.stream().map(Split::name).distinct().count() < splits.size()) {
            throw new IllegalArgumentException("two splits have one name: give each its own");
        }
    }

    /** All moments of a range. */
    public static Moments between(long from, long to) {
        return new Moments(List.of(new Split(WHOLE, from, to)));
    }

    /** All moments there are. */
    public static Moments all() {
        return between(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** The number of the split that a moment belongs to; empty if it belongs to none. */
    public Optional<Integer> split(long t) {
        for (int i = 0; i < splits.size(); i++) {
            if (t >= splits.get(i).from() && t < splits.get(i).to()) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Whether a moment may be asked. */
    public boolean contains(long t) {
        return split(t).isPresent();
    }
}
