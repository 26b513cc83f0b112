package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.report.ControlReport;
import dev.tidewheel.workbench.report.ControlReport.Watched;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.report.Report.Day;
import dev.tidewheel.workbench.report.Report.Models;
import dev.tidewheel.workbench.report.Report.Parity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two days of the story, from definitions to the report. */
@Tag("processes")
class DemoSliceTest {
    @Test
    void everyServedValueIsExplainedAndTheNumbersFitTogether(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start("slice", Slice.in(folder).options(3))) {
            assertThat(demo.awaitExit()).as(demo::said).isZero();
            assertThat(demo.running()).isEmpty();
            Report report = demo.report();

            assertThat(report.outcome()).isEqualTo(Report.Outcome.COMPLETE);
            assertThat(report.sound()).isTrue();
            assertThat(report.books()).hasSizeGreaterThan(20).allMatch(BookEntry::balanced);
            assertThat(report.restarts()).isEmpty();
            assertNumbersFit(report);
            assertTheLoopIsTold(report);
            assertThat(demo.said())
                    .contains("Monitor    late-arrival-daily", "Trainings  ", "Champion   1 from 2001-02-01");
            assertThat(Files.readString(demo.run().report("html"))).contains("All books balance");
            assertThat(demo.said()).contains("All books balance; every served value is explained.");
        }
    }

    private static void assertTheLoopIsTold(Report report) {
        ControlReport control = report.control().orElseThrow();
        assertThat(control.first()).isEqualTo("1");
        assertThat(control.windows())
                .extracting(Watched::monitor)
                .containsExactlyInAnyOrder("late-arrival-daily", "late-arrival-health");
        assertThat(control.windows()).allSatisfy(watched -> {
            // Whoever is in the shadow is watched, too.
            assertThat(watched.rows()).isGreaterThanOrEqualTo(report.serving().requests());
            assertThat(watched.settled()).isPositive();
        });
        assertThat(control.decisions()).isPositive();
        assertThat(control.standstill().count()).isPositive();
        assertThat(control.losses())
                .filteredOn(losses -> losses.version().equals(ControlReport.SERVED))
                .singleElement()
                .satisfies(losses -> assertThat(losses.days()).hasSize(2));
    }

    private static void assertNumbersFit(Report report) {
        Parity parity = report.parity().orElseThrow();
        Models models = report.models().orElseThrow();
        long requests = report.serving().requests();
        assertThat(requests).isGreaterThan(6_000);
        assertThat(report.serving().latency().count()).isEqualTo(requests);
        assertThat(parity.vectors()).isEqualTo(requests);
        // 26 columns; the two of the request itself are compared with nothing.
        assertThat(parity.values()).isEqualTo(requests * 24);
        assertThat(parity.unexplained()).isZero();
        assertThat(parity.untimely()).isZero();
        assertThat(models.scored()).isEqualTo(report.serving().labels()).isLessThan(requests);
        assertThat(report.days()).hasSize(2);
        assertThat(report.days().stream().mapToLong(Day::scored).sum()).isEqualTo(models.scored());
        assertThat(report.events().sent()).isGreaterThan(report.events().history());
        assertThat(models.naiveOffline()).isBetween(0.5, 1.0);
        assertThat(models.pointInTimeOffline()).isBetween(0.5, 1.0);
        assertThat(models.online()).isBetween(0.5, 1.0);
    }
}
