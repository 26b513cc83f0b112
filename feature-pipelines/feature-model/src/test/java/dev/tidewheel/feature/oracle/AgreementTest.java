package dev.tidewheel.feature.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
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

class AgreementTest {
    private static final ViewPlan FREQUENT = plan("frequent");
    private static final ViewPlan FIRST = plan("first_k");
    private static final String TRUTH = "[[\"a,[\\\"\",9],[\"b\",4]]";

    @Test
    void boundedEstimatesAreNotAboveTheTruth() {
        assertThat(agrees(FREQUENT, TRUTH, TRUTH)).isTrue();
        assertThat(agrees(FREQUENT, "[[\"a,[\\\"\",7],[\"b\",4]]", TRUTH)).isTrue();
        assertThat(agrees(FREQUENT, "[[\"a,[\\\"\",7],[\"c\",4]]", TRUTH)).isTrue();
        assertThat(agrees(FREQUENT, "[[\"a,[\\\"\",10],[\"b\",4]]", TRUTH)).isFalse();
        assertThat(agrees(FREQUENT, "[[\"a,[\\\"\",7],[\"c\",5]]", TRUTH)).isFalse();
        assertThat(agrees(FREQUENT, "[[\"c\",1]]", "[[\"a\",9]]")).isFalse();
    }

    @Test
    void everythingElseIsEqualToTheBit() {
        assertThat(agrees(FIRST, "[\"a\"]", "[\"a\"]")).isTrue();
        assertThat(agrees(FIRST, "[\"a\"]", "[\"b\"]")).isFalse();
        assertThat(Agreement.holds(FREQUENT, 0, values(Status.OK, "[]"), values(Status.TRUNCATED, "[]"), 0))
                .isFalse();
        FeatureValues none = new FeatureValues(new Row(1), new byte[] {Status.NULL.code()});
        assertThat(Agreement.holds(FREQUENT, 0, none, none, 0)).isTrue();
    }

    private static boolean agrees(ViewPlan plan, String actual, String expected) {
        return Agreement.holds(plan, 0, values(Status.OK, actual), values(Status.OK, expected), 0);
    }

    private static FeatureValues values(Status status, String text) {
        return new FeatureValues(new Row(1).setString(0, text), new byte[] {status.code()});
    }

    private static ViewPlan plan(String aggregate) {
        FeatureSpec feature = new FeatureSpec(
                "f", aggregate, Map.of("k", 2.0), Optional.of("s"), Optional.empty(), new Window.Lifetime());
        ViewSpec view = new ViewSpec("v", List.of("s"), Optional.empty(), List.of(), List.of(feature), 1_000, 0, 0, 0);
        return ViewPlan.compile(view, new RowSchema(List.of(new Column("s", ColumnType.STRING))));
    }
}
