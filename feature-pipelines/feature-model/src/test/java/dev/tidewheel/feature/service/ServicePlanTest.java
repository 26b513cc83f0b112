package dev.tidewheel.feature.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan.OnDemand;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServicePlanTest {
    private static final RowSchema SOURCE =
            new RowSchema(List.of(new Column("origin", ColumnType.STRING), new Column("delay", ColumnType.INT64)));
    private static final RowSchema REQUEST =
            new RowSchema(List.of(new Column("hour", ColumnType.INT64), new Column("note", ColumnType.STRING)));
    private static final ViewPlan VIEW = ViewPlan.compile(
            new ViewSpec(
                    "airport",
                    List.of("origin"),
                    Optional.empty(),
                    List.of(),
                    List.of(feature("mean", "mean"), feature("latest", "last"), feature("total", "count")),
                    86_400_000L,
                    600_000L,
                    10_000L,
                    64),
            SOURCE);
    /** The last and the first feature, in that order. */
    private static final ServicePlan PLAN = ServicePlan.compile(
            "departure",
            REQUEST,
            List.of(new ViewRead(VIEW, new int[] {2, 0}, List.of("origin"))),
            List.of(
                    new OnDemand("twice", "airport.mean * 2.0"),
                    new OnDemand("more", "twice + double(hour)"),
                    new OnDemand("known", "airport.mean != null"),
                    new OnDemand("broken", "hour / 0")));

    private static FeatureSpec feature(String name, String aggregate) {
        return new FeatureSpec(
                name,
                aggregate,
                Map.of(),
                aggregate.equals("count") ? Optional.empty() : Optional.of("delay"),
                Optional.empty(),
                new Window.Lifetime());
    }

    private static FeatureValues values(double mean, Status meanStatus) {
        Row row = new Row(3).setLong(1, 7).setLong(2, 3);
        if (meanStatus == Status.OK) {
            row.setDouble(0, mean);
        }
        return new FeatureValues(row, new byte[] {meanStatus.code(), Status.OK.code(), Status.OK.code()});
    }

    @Test
    void columnsAreTheRequestThenFeaturesThenOnDemand() {
        assertThat(PLAN.columns().columns())
                .containsExactly(
                        new Column("hour", ColumnType.INT64),
                        new Column("note", ColumnType.STRING),
                        new Column("airport.total", ColumnType.INT64),
                        new Column("airport.mean", ColumnType.FLOAT64),
                        new Column("twice", ColumnType.FLOAT64),
                        new Column("more", ColumnType.FLOAT64),
                        new Column("known", ColumnType.BOOL),
                        new Column("broken", ColumnType.INT64));
    }

    @Test
    void assemblesAllColumns() {
        FeatureValues vector =
                PLAN.assemble(new Row(2).setLong(0, 17).setString(1, "fog"), List.of(values(12.5, Status.OK)));
        assertThat(vector.row())
                .isEqualTo(new Row(8)
                        .setLong(0, 17)
                        .setString(1, "fog")
                        .setLong(2, 3)
                        .setDouble(3, 12.5)
                        .setDouble(4, 25.0)
                        .setDouble(5, 42.0)
                        .setBoolean(6, true));
        assertThat(vector.statuses()).containsExactly(0, 0, 0, 0, 0, 0, 0, Status.ERROR.code());
    }

    @Test
    void aNullOnDemandColumnSaysWhatItsInputsLacked() {
        FeatureValues vector = PLAN.assemble(new Row(2), List.of(values(0, Status.UNAVAILABLE)));
        assertThat(vector.status(0)).isEqualTo(Status.NULL);
        assertThat(vector.status(3)).isEqualTo(Status.UNAVAILABLE);
        assertThat(vector.status(4)).isEqualTo(Status.UNAVAILABLE);
        assertThat(vector.status(5)).isEqualTo(Status.UNAVAILABLE);
        assertThat(vector.status(6)).isEqualTo(Status.OK);
        assertThat(vector.row().getBoolean(6)).isFalse();
        assertThat(vector.status(7)).isEqualTo(Status.NULL);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> PLAN.assemble(new Row(1), List.of(values(1, Status.OK))))
                .hasMessageContaining("the request has 1 columns, not 2");
        assertThatThrownBy(() -> PLAN.assemble(new Row(2), List.of())).hasMessageContaining("0 views were read, not 1");
        assertThatThrownBy(() ->
                        ServicePlan.compile("s", REQUEST, List.of(), List.of(new OnDemand("mixed", "hour + 1.5"))))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("write double(hour)");
        assertThatThrownBy(() -> ServicePlan.compile("s", REQUEST, List.of(), List.of(new OnDemand("hour", "1"))))
                .hasMessageContaining("column 'hour' occurs twice");
    }
}
