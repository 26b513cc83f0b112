package dev.tidewheel.workbench.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.parity.LagQuantiles;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ViewParity;
import dev.tidewheel.workbench.WorkbenchException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredDelayTest {
    @Test
    void itIsThatOfTheViewThatWasFurthestBehind() {
        ParityReport report = report(view("a", 10, 0, 40), view("b", 10, 0, 170), view("c", 10, 0, 0));

        assertThat(MeasuredDelay.of(report, "demo")).isEqualTo(Duration.ofMillis(170));
    }

    @Test
    void aRunThatServedNothingHasNone() {
        assertThatThrownBy(() -> MeasuredDelay.of(report(), "demo"))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("run demo has served nothing");
        assertThatThrownBy(() -> MeasuredDelay.of(report(view("a", 3, 3, 0)), "demo"))
                .as("the store could not be reached")
                .hasMessageContaining("give --serving-delay a time");
    }

    private static ParityReport report(ViewParity... views) {
        return new ParityReport(1, Map.of(), 0, 0, 0, 0, List.of(views), List.of());
    }

    private static ViewParity view(String name, long vectors, long unserved, long p99) {
        return new ViewParity(
                name, vectors, vectors, 0, 0, unserved, 0, 0, 0, 0, 0, 0, new LagQuantiles(0, p99, p99, p99));
    }
}
