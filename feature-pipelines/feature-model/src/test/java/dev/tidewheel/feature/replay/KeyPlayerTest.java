package dev.tidewheel.feature.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
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

/** The rules one by one, on a view with a count and a sum over 100 ms at 10 ms; late is what is known after a second. */
class KeyPlayerTest {
    private static final RowSchema SOURCE = new RowSchema(List.of(new Column("x", ColumnType.INT64)));
    private static final ViewPlan PLAN = plan();

    @Test
    void aKeyIsUnknownUntilItsFirstChange() {
        KeyPlayer player = player(added(1, 1_000, 1_040, 7));
        FeatureValues before = player.read(1_039, 1_039);
        assertThat(before.status(0)).isEqualTo(Status.NOT_FOUND);
        assertThat(before.row().getLong(0)).isZero();
        assertThat(read(player, 1_040)).isEqualTo("1 7");
    }

    @Test
    void aChangeThatTheStoreDoesNotKnowYetIsLeftOut() {
        KeyPlayer player = player(added(1, 1_000, 1_001, 7), added(2, 1_005, 1_020, 5));
        assertThat(text(player.read(1_030, 1_019))).isEqualTo("1 7");
        assertThat(text(player.read(1_030, 1_020))).isEqualTo("2 12");
    }

    @Test
    void theSameQuestionGetsTheSameAnswer() {
        KeyPlayer player = player(added(1, 1_000, 1_001, 7));
        assertThat(player.read(1_050, 1_050)).isSameAs(player.read(1_050, 1_050));
        assertThat(player.read(1_051, 1_051)).isNotSameAs(player.read(1_050, 1_050));
    }

    @Test
    void aRetractionRepeatsOnlyARetraction() {
        KeyPlayer player = player(
                added(1, 1_000, 1_001, 7),
                added(2, 1_000, 1_001, 5),
                taken(1, 1_000, 1_010, 7),
                taken(1, 1_000, 1_020, 7));
        assertThat(read(player, 1_009)).isEqualTo("2 12");
        assertThat(read(player, 1_010)).isEqualTo("1 5");
        assertThat(read(player, 1_020)).isEqualTo("1 5");
    }

    @Test
    void aLateCopyIsNoFirstCopy() {
        KeyPlayer player = player(added(1, 0, 1_001, 7), added(1, 1_000, 1_005, 3));
        assertThat(read(player, 1_004)).isEqualTo("0 null");
        assertThat(read(player, 1_005)).isEqualTo("1 3");
    }

    @Test
    void theTailIsRoundedDownToATileEdge() {
        KeyPlayer player = player(added(1, 1_000, 1_000, 7), added(2, 1_009, 1_009, 5), added(3, 1_010, 1_010, 1));
        assertThat(read(player, 1_109)).isEqualTo("3 13");
        assertThat(read(player, 1_110)).isEqualTo("1 1");
        assertThat(read(player, 1_120)).isEqualTo("0 null");
    }

    private static KeyPlayer player(Change... changes) {
        return new StatePlayer(PLAN, new ListBlock(List.of(changes)));
    }

    private static Change added(long id, long eventTime, long knownTime, long x) {
        return new Change(false, EventId.of(id), eventTime, knownTime, new Row(1).setLong(0, x));
    }

    private static Change taken(long id, long eventTime, long knownTime, long x) {
        return new Change(true, EventId.of(id), eventTime, knownTime, new Row(1).setLong(0, x));
    }

    private static String read(KeyPlayer player, long t) {
        return text(player.read(t, t));
    }

    private static String text(FeatureValues values) {
        return values.row().getLong(0) + " "
                + (values.row().isNull(1) ? "null" : values.row().getLong(1));
    }

    private static ViewPlan plan() {
        Window window = new Window.Sliding(100, 10);
        return ViewPlan.compile(
                new ViewSpec(
                        "view",
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(
                                new FeatureSpec("count", "count", Map.of(), Optional.empty(), Optional.empty(), window),
                                new FeatureSpec("sum", "sum", Map.of(), Optional.of("x"), Optional.empty(), window)),
                        1_000,
                        1_000,
                        10,
                        4),
                SOURCE);
    }
}
