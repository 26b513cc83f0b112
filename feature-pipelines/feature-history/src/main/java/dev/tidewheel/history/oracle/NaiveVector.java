package dev.tidewheel.history.oracle;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import java.util.Comparator;
import java.util.List;

/**
 * A service's vector by the definition of the rules. Nothing is shared with {@link ServicePlan#assemble} but expressions
 * and rows, so that the two can be held against each other. Immutable and thread-safe.
 */
public final class NaiveVector {
    /** From harmless to grave; what is not named is as harmless as an empty value. */
    private static final List<Status> BY_GRAVITY = List.of(
            Status.NULL,
            Status.NOT_FOUND,
            Status.TRUNCATED,
            Status.OVERFLOW,
            Status.ERROR,
            Status.READ_POINT_PASSED,
            Status.UNAVAILABLE);

    private final ServicePlan service;

    public NaiveVector(ServicePlan service) {
        this.service = service;
    }

    /**
     * @param request the request's columns
     * @param values one per view of the service, with all features of the view
     */
    public FeatureValues of(Row request, List<FeatureValues> values) {
        int size = service.columns().size();
        Vector vector = new Vector(new Row(size), new byte[size]);
        for (int slot = 0; slot < request.size(); slot++) {
            vector.append(request, slot, request.isNull(slot) ? Status.NULL : Status.OK);
        }
        for (int view = 0; view < values.size(); view++) {
            ViewRead read = service.reads().get(view);
            for (int feature : read.features()) {
                vector.append(values.get(view).row(), feature, values.get(view).status(feature));
            }
        }
        service.onDemand().forEach(vector::compute);
        return new FeatureValues(vector.row, vector.statuses);
    }

    private static final class Vector {
        private final Row row;
        private final byte[] statuses;
        private int next;

        Vector(Row row, byte[] statuses) {
            this.row = row;
            this.statuses = statuses;
        }

        void append(Row from, int slot, Status status) {
            String text = from.getString(slot);
            if (text != null) {
                row.setString(next, text);
            } else if (!from.isNull(slot)) {
                row.setLong(next, from.getLong(slot));
            }
            statuses[next++] = status.code();
        }

        void compute(Expression expression) {
            Status status = expression.evaluate(row, row, next);
            if (status == Status.NULL) {
                status = expression.columns().stream()
                        .map(column -> Status.of(statuses[column]))
                        .filter(BY_GRAVITY::contains)
                        .max(Comparator.comparingInt(BY_GRAVITY::indexOf))
                        .orElse(Status.NULL);
            }
            statuses[next++] = status.code();
        }
    }
}
