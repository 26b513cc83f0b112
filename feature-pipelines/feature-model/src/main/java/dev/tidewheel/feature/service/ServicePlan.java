package dev.tidewheel.feature.service;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import java.util.ArrayList;
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
    private final String name;
    private final RowSchema request;
    private final List<ViewRead> reads;
    private final RowSchema columns;
    private final List<Expression> onDemand;

    private ServicePlan(
            String name, RowSchema request, List<ViewRead> reads, RowSchema columns, List<Expression> onDemand) {
        this.name = name;
        this.request = request;
        this.reads = reads;
        this.columns = columns;
        this.onDemand = onDemand;
    }

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
            features = features.clone();
            keys = List.copyOf(keys);
        }
    }

    /**
     * A column that is computed when it is asked for, from the request's columns, the selected features under their
     * names {@code view.feature}, and the on-demand columns before it.
     */
    public record OnDemand(String name, String expression) {
        public OnDemand {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(expression, "expression");
        }
    }

    /**
     * @throws dev.tidewheel.feature.expression.ExpressionException if an on-demand expression does not compile
     * @throws IllegalArgumentException if two columns have one name
     */
    public static ServicePlan compile(String name, RowSchema request, List<ViewRead> reads, List<OnDemand> onDemand) {
        List<Column> columns = new ArrayList<>(request.columns());
        for (ViewRead read : reads) {
            for (int feature : read.features()) {
                Column column = read.view().features().column(feature);
                columns.add(new Column(read.view().spec().name() + "." + column.name(), column.type()));
            }
        }
        List<Expression> expressions = new ArrayList<>();
        for (OnDemand computed : onDemand) {
            Expression expression = Expression.compile(computed.expression(), new RowSchema(columns));
            expressions.add(expression);
            columns.add(new Column(computed.name(), expression.type()));
        }
        return new ServicePlan(name, request, List.copyOf(reads), new RowSchema(columns), List.copyOf(expressions));
    }

    /** The service's name. */
    public String name() {
        return name;
    }

    /** What the request brings beside the entity's keys. */
    public RowSchema request() {
        return request;
    }

    /** The views to read. */
    public List<ViewRead> reads() {
        return reads;
    }

    /** All columns of the vector, in order. */
    public RowSchema columns() {
        return columns;
    }

    /** What computes the on-demand columns, in their order: the last columns of the vector. */
    public List<Expression> onDemand() {
        return onDemand;
    }

    /**
     * Puts a vector together. A request column is OK or NULL; a feature keeps its status. An on-demand column that is
     * null takes the gravest status of the columns that its expression names, so that what could not be read is not
     * mistaken for what is empty.
     *
     * @param request has the columns of {@link #request()}
     * @param values one per {@link #reads()}, with all features of the view
     * @throws IllegalArgumentException if there is not one set of values per view, or a row has other columns
     */
    public FeatureValues assemble(Row request, List<FeatureValues> values) {
        check(
                request.size() == this.request.size(),
                "the request has " + request.size() + " columns, not " + this.request.size());
        check(values.size() == reads.size(), values.size() + " views were read, not " + reads.size());
        Row vector = new Row(columns.size());
        byte[] statuses = new byte[columns.size()];
        int slot = 0;
        for (; slot < request.size(); slot++) {
            copy(request, slot, vector, slot);
            statuses[slot] = (request.isNull(slot) ? Status.NULL : Status.OK).code();
        }
        for (int view = 0; view < reads.size(); view++) {
            FeatureValues read = values.get(view);
            for (int feature : reads.get(view).features()) {
                copy(read.row(), feature, vector, slot);
                statuses[slot++] = read.statuses()[feature];
            }
        }
        for (Expression expression : onDemand) {
            Status status = expression.evaluate(vector, vector, slot);
            statuses[slot++] = (status == Status.NULL ? gravest(expression, statuses) : status).code();
        }
        return new FeatureValues(vector, statuses);
    }

    private void copy(Row from, int source, Row to, int target) {
        if (from.isNull(source)) {
            return;
        }
        switch (columns.column(target).type()) {
            case STRING, JSON -> to.setString(target, Objects.requireNonNull(from.getString(source)));
            case INT64, FLOAT64, BOOL, TIMESTAMP -> to.setLong(target, from.getLong(source));
        }
    }

    private static Status gravest(Expression expression, byte[] statuses) {
        Status gravest = Status.NULL;
        for (int column : expression.columns()) {
            Status status = Status.of(statuses[column]);
            if (gravity(status) > gravity(gravest)) {
                gravest = status;
            }
        }
        return gravest;
    }

    private static int gravity(Status status) {
        return switch (status) {
            case OK -> 0;
            case NULL -> 1;
            case NOT_FOUND -> 2;
            case TRUNCATED -> 3;
            case OVERFLOW -> 4;
            case ERROR -> 5;
            case READ_POINT_PASSED -> 6;
            case UNAVAILABLE -> 7;
        };
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
