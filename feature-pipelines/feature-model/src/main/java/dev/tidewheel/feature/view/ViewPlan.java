package dev.tidewheel.feature.view;

import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.RowSchema;

/**
 * A compiled view: expressions as closures, partial aggregates shared between windows, tiers of tiles. Immutable and
 * thread-safe; compile once per process, not per key.
 */
public final class ViewPlan {

    /**
     * Compiles and type-checks.
     *
     * @param spec the view
     * @param source the columns of the source's rows, in the order in which changes carry them
     * @throws ExpressionException if an expression does not type-check or uses what is not supported
     * @throws IllegalArgumentException if a column, aggregate, parameter or window is wrong; the message names it
     */
    public static ViewPlan compile(ViewSpec spec, RowSchema source) {
        throw new UnsupportedOperationException();
    }

    public ViewSpec spec() {
        throw new UnsupportedOperationException();
    }

    /** The columns of the rows in the changes that {@link KeyState#route} takes. */
    public RowSchema source() {
        throw new UnsupportedOperationException();
    }

    /** The features, in the order of the spec. */
    public RowSchema features() {
        throw new UnsupportedOperationException();
    }

    /** The longest look-back of any window including its tail's rounding, or Long.MAX_VALUE with a lifetime window. */
    public long longestLookBackMillis() {
        throw new UnsupportedOperationException();
    }
}
