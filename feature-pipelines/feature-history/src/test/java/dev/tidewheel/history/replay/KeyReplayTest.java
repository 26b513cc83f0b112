package dev.tidewheel.history.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Disposition;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.Origin;
import org.junit.jupiter.api.Test;

class KeyReplayTest {

    /** No file or topic brings retractions yet; the replay has to treat them as the oracle does all the same. */
    @Test
    void aRetractionRepeatsOnlyARetraction() {
        ViewPlan plan = Flights.DEFINITIONS.viewPlan("route_delays");
        ChangeHistory none = new ChangeHistory.Builder(Flights.COLUMNS, new Origin.Memory("none"), "flights").build();
        KeyReplay replay = new KeyReplay(plan, none, new int[0]);

        replay.take(change(false), true);
        replay.take(change(true), true);
        replay.take(change(true), true);

        assertThat(replay.state().count(Disposition.APPLIED)).isEqualTo(2);
        assertThat(replay.state().count(Disposition.DUPLICATE)).isEqualTo(1);
    }

    private static Change change(boolean retraction) {
        Row row = new Row(Flights.SCHEMA.size())
                .setLong(0, 1)
                .setLong(1, Flights.START)
                .setLong(5, 600)
                .setLong(6, 20);
        row.setLong(2, Flights.START + Flights.HOUR).setString(3, "ORD").setString(4, "LAX");
        return new Change(retraction, EventId.of(1), row.getLong(1), row.getLong(2), row);
    }
}
