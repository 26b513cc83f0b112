package dev.tidewheel.feature.service;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.List;
import java.util.Objects;

/**
 * A compiled feature service: which views to read under which keys, what the request brings, what is computed from
 * both. Immutable and thread-safe.
 *
 * <p>The vector's columns are, in this order: the request's columns; per view its selected features, named
 * {@code view.feature}; the on-demand columns.
 */
public final class ServicePlan {

    /**
     * One view of the service.
     *
     * @param view the compiled view
     * @param features the selected features' slots in {@link ViewPlan#features()}, in output order
     * @param keys for each entity column of the view, the name of the request entity that fills it
     */
    public record ViewRead(ViewPlan view, int[] features, List<String> keys) {
        public ViewRead {
            Objects.requireNonNull(view, "view");
            keys = List.copyOf(keys);
        }
    }

    /** A column that is computed when it is asked for. In its expression a feature {@code view.feature} is {@code view.feature}, as in CEL. */
    public record OnDemand(String name, String expression) {}

    /** The service's name. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /**
     * @throws dev.tidewheel.feature.expression.ExpressionException if an on-demand expression does not compile
     */
    public static ServicePlan compile(String name, RowSchema request, List<ViewRead> reads, List<OnDemand> onDemand) {
        throw new UnsupportedOperationException();
    }

    public RowSchema request() {
        throw new UnsupportedOperationException();
    }

    public List<ViewRead> reads() {
        throw new UnsupportedOperationException();
    }

    /** All columns of the vector, in order. */
    public RowSchema columns() {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts a vector together.
     *
     * @param request has the columns of {@link #request()}
     * @param values one per {@link #reads()}, with all features of the view
     */
    public FeatureValues assemble(Row request, List<FeatureValues> values) {
        throw new UnsupportedOperationException();
    }
}
