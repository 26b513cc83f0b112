package dev.tidewheel.feature.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules one by one, on a view with a count and a sum over 100 ms at 10 ms; late is what is known after a second. */
class KeyPlayerTest {
    private static final RowSchema SOURCE = new RowSchema(List.of(new Column("x", ColumnType.INT64)));
    private static final ViewPlan PLAN = plan();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyIsUnknownUntilItsFirstChange(boolean columnar) {
        KeyPlayer player = player(columnar, added(1, 1_000, 1_040, 7));
        FeatureValues before = player.read(1_039, 1_039);
        assertThat(before.status(0)).isEqualTo(Status.NOT_FOUND);
        assertThat(before.row().getLong(0)).isZero();
        assertThat(read(player, 1_040)).isEqualTo("1 7");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeThatTheStoreDoesNotKnowYetIsLeftOut(boolean columnar) {
        KeyPlayer player = player(columnar, added(1, 1_000, 1_001, 7), added(2, 1_005, 1_020, 5));
        assertThat(text(player.read(1_030, 1_019))).isEqualTo("1 7");
        assertThat(text(player.read(1_030, 1_020))).isEqualTo("2 12");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyIsOnlyPlayedForward(boolean columnar) {
        KeyPlayer player = player(columnar, added(1, 1_000, 1_001, 7));
        player.read(1_050, 1_050);
        assertThatThrownBy(() -> player.read(1_049, 1_049))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("asked at 1049 with changes through 1049, after 1050 was reached: a key is only played"
                        + " forward");
        assertThatThrownBy(() -> player.read(1_060, 1_061)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSameQuestionGetsTheSameAnswer(boolean columnar) {
        KeyPlayer player = player(columnar, added(1, 1_000, 1_001, 7));
        assertThat(player.read(1_050, 1_050)).isSameAs(player.read(1_050, 1_050));
        FeatureValues first = player.read(1_050, 1_050);
        assertThat(player.read(1_051, 1_051)).isNotSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRetractionRepeatsOnlyARetraction(boolean columnar) {
        KeyPlayer player = player(
                columnar,
                added(1, 1_000, 1_001, 7),
                added(2, 1_000, 1_001, 5),
                taken(1, 1_000, 1_010, 7),
                taken(1, 1_000, 1_020, 7));
        assertThat(read(player, 1_009)).isEqualTo("2 12");
        assertThat(read(player, 1_010)).isEqualTo("1 5");
        assertThat(read(player, 1_020)).isEqualTo("1 5");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLateCopyIsNoFirstCopy(boolean columnar) {
        KeyPlayer player = player(columnar, added(1, 0, 1_001, 7), added(1, 1_000, 1_005, 3));
        assertThat(read(player, 1_004)).isEqualTo("0 null");
        assertThat(read(player, 1_005)).isEqualTo("1 3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTailIsRoundedDownToATileEdge(boolean columnar) {
        KeyPlayer player =
                player(columnar, added(1, 1_000, 1_000, 7), added(2, 1_009, 1_009, 5), added(3, 1_010, 1_010, 1));
        assertThat(read(player, 1_109)).isEqualTo("3 13");
        assertThat(read(player, 1_110)).isEqualTo("1 1");
        assertThat(read(player, 1_120)).isEqualTo("0 null");
    }

    private static KeyPlayer player(boolean columnar, Change... changes) {
        ListBlock block = new ListBlock(List.of(changes));
        KeyPlayer player = columnar ? new Players(PLAN).of(block) : new StatePlayer(PLAN, block);
        assertThat(player).isInstanceOf(columnar ? ColumnarPlayer.class : StatePlayer.class);
        return player;
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
