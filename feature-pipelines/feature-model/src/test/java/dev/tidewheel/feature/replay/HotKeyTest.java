package dev.tidewheel.feature.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.change.KeyBlock;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A key with many changes, one every second: each is made when it is asked for, and looked at once. */
class HotKeyTest {
    private static final int CHANGES = 300_000;
    private static final long SECOND = 1_000;
    private static final long TILE = Duration.ofMinutes(5).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long ASKED_EVERY = 997 * SECOND;

    @Test
    void isPlayedWithoutEverBeingThereWhole() {
        Made changes = new Made();
        KeyPlayer player = new Players(plan()).of(new ForwardBlock(changes));

        for (long t = ASKED_EVERY; t < CHANGES * SECOND; t += ASKED_EVERY) {
            FeatureValues values = player.read(t, t);
            long first = Math.max(0, Math.floorDiv(t - HOUR, TILE) * TILE) / SECOND;
            long end = t / SECOND; // The change of this very second is visible a millisecond later.
            assertThat(values.row().getLong(0)).isEqualTo(end - first);
            assertThat(values.row().getLong(1)).isEqualTo((first + end - 1) * (end - first) / 2);
            assertThat(changes.valuesRead).as("each once").isEqualTo(end);
        }
    }

    private static ViewPlan plan() {
        Window window = new Window.Sliding(HOUR, TILE);
        List<FeatureSpec> features = List.of(
                new FeatureSpec("count", "count", Map.of(), Optional.empty(), Optional.empty(), window),
                new FeatureSpec("sum", "sum", Map.of(), Optional.of("x"), Optional.empty(), window));
        return ViewPlan.compile(
                new ViewSpec("view", List.of("x"), Optional.empty(), List.of(), features, HOUR, HOUR, SECOND, 64),
                new RowSchema(List.of(new Column("x", ColumnType.INT64))));
    }

    /** Change n happens, and is known, at second n, and its x is n. */
    private static final class Made implements KeyBlock {
        private long valuesRead;

        @Override
        public int size() {
            return CHANGES;
        }

        @Override
        public boolean isRetraction(int number) {
            return false;
        }

        @Override
        public EventId id(int number) {
            return EventId.of(number);
        }

        @Override
        public long eventTime(int number) {
            return number * SECOND;
        }

        @Override
        public long knownTime(int number) {
            return number * SECOND;
        }

        @Override
        public long visibleAt(int number) {
            return Change.visibleAt(eventTime(number), knownTime(number));
        }

        @Override
        public boolean sharesId(int number) {
            return false;
        }

        @Override
        public boolean isNull(int number, int slot) {
            return false;
        }

        @Override
        public long word(int number, int slot) {
            valuesRead++;
            return number;
        }

        @Override
        public String string(int number, int slot) {
            throw new IllegalArgumentException("no column is a text");
        }

        @Override
        public Change change(int number) {
            return new Change(
                    false, id(number), eventTime(number), knownTime(number), new Row(1).setLong(0, word(number, 0)));
        }
    }
}
