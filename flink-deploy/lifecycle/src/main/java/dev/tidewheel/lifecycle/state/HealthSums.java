package dev.tidewheel.lifecycle.state;

import dev.tidewheel.lifecycle.policy.HealthPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How a version served since its stage began. Windows may be revised, so the newest {@value #OPEN} stand singly; older
 * ones are summed, and a revision of those is not counted any more.
 *
 * @param rows of the summed windows
 * @param errors of the summed windows
 * @param p99Millis the worst of the summed windows that had enough rows to have one
 * @param through start of the newest summed window
 * @param windows ascending by start
 * @param straddling the newest window that began before the stage and ended in it: what was bad in it is held against the
 *     version, what was good does not help it to enough rows
 */
public record HealthSums(
        long rows,
        long errors,
        Optional<Double> p99Millis,
        Optional<Instant> through,
        List<Window> windows,
        Optional<Window> straddling) {
    private static final int OPEN = 96;

    public static final HealthSums EMPTY =
            new HealthSums(0, 0, Optional.empty(), Optional.empty(), List.of(), Optional.empty());

    public HealthSums {
        windows = List.copyOf(windows);
    }

    public record Window(Instant start, int revision, long rows, long errors, Optional<Double> p99Millis) {
        private Optional<Double> judgedP99(HealthPolicy policy) {
            return rows >= policy.minRows() ? p99Millis : Optional.empty();
        }
    }

    /** Whether a window is news: not summed already, and of a higher revision than what is known of it. */
    public boolean isNews(Window window) {
        return through.filter(last -> !window.start().isAfter(last)).isEmpty()
                && windows.stream()
                        .noneMatch(
                                known -> known.start().equals(window.start()) && known.revision() >= window.revision());
    }

    /** Likewise, of one that began before the stage. */
    public boolean isStraddlingNews(Window window) {
        return straddling
                .filter(known -> window.start().isBefore(known.start())
                        || known.start().equals(window.start()) && known.revision() >= window.revision())
                .isEmpty();
    }

    /** With a window that began before the stage. */
    public HealthSums straddledBy(Window window) {
        return new HealthSums(rows, errors, p99Millis, through, windows, Optional.of(window));
    }

    /** With a window, or its new revision, counted. */
    public HealthSums with(Window window, HealthPolicy policy) {
        List<Window> next = new ArrayList<>(windows);
        next.removeIf(known -> known.start().equals(window.start()));
        next.add(window);
        next.sort(Comparator.comparing(Window::start));
        HealthSums counted = new HealthSums(rows, errors, p99Millis, through, next, straddling);
        return next.size() <= OPEN ? counted : counted.close(policy);
    }

    private HealthSums close(HealthPolicy policy) {
        Window oldest = windows.get(0);
        return new HealthSums(
                rows + oldest.rows(),
                errors + oldest.errors(),
                worse(p99Millis, oldest.judgedP99(policy)),
                Optional.of(oldest.start()),
                windows.subList(1, windows.size()),
                straddling);
    }

    /** Rows of the stage itself. */
    public long allRows() {
        return rows + windows.stream().mapToLong(Window::rows).sum();
    }

    /** Rows in which {@link #allErrors} were made: those of a straddling window, too. */
    public long judgedRows() {
        return allRows() + straddling.map(Window::rows).orElse(0L);
    }

    public long allErrors() {
        return errors
                + windows.stream().mapToLong(Window::errors).sum()
                + straddling.map(Window::errors).orElse(0L);
    }

    /** The worst p99 of a window that had enough rows; empty if none had. */
    public OptionalDouble worstP99(HealthPolicy policy) {
        Optional<Double> worst = Stream.concat(windows.stream(), straddling.stream())
                .map(window -> window.judgedP99(policy))
                .reduce(p99Millis, HealthSums::worse);
        return worst.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    private static Optional<Double> worse(Optional<Double> one, Optional<Double> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get() >= other.get() ? one : other;
    }
}
