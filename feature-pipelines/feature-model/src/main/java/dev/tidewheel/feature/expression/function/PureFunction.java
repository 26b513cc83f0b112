package dev.tidewheel.feature.expression.function;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.List;

/**
 * A function in Java that expressions call by its name, {@code geo.distance(a, b, c, d)}. Found by
 * {@link java.util.ServiceLoader}: the jar lists the class in {@code META-INF/services} under this interface's name.
 * {@code docs/tasks/add-a-function.md} tells how.
 *
 * <p><b>The contract is purity.</b> Equal arguments give equal bits: today, tomorrow, on another machine, in the stream,
 * in history and at a request. So an implementation reads no clock, no file, no network, no random numbers and no
 * locale, keeps no state between calls, and takes transcendental functions from {@link StrictMath}. Nothing can enforce
 * that; parity would find it out. Implementations are thread-safe: one instance serves all threads.
 *
 * <p>Whatever changes what a function returns needs another {@link #version()}. Name and version are part of what a view
 * is: values of the old function and of the new one are never mixed.
 */
public interface PureFunction {

    /** As expressions write it: a namespace, a dot, a name, such as {@code geo.distance}. */
    String name();

    /** Counts what it has returned for equal arguments: 1, then one more with every change of results. */
    int version();

    /** The types of its arguments, in order. */
    List<ColumnType> parameters();

    /** The type of what it returns. */
    ColumnType result();

    /**
     * Computes. It is not called while an argument is null or failed: the result is then null, or the failure.
     *
     * <p>Whatever it throws as a {@link RuntimeException} makes the result an ERROR: in a view, the row goes to the dead
     * letters; at a request, the column is null with that status.
     *
     * @param arguments one slot per parameter, none null
     * @param out one slot, null before: where the value goes; left null, the result is null
     */
    void apply(Row arguments, Row out);

    /** How it is known where its version matters, such as {@code geo.distance@1}. */
    default String identity() {
        return name() + "@" + version();
    }
}
