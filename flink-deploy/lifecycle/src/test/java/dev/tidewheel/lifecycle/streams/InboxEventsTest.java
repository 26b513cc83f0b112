package dev.tidewheel.lifecycle.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Alert;
import dev.tidewheel.records.AlertKind;
import dev.tidewheel.records.CountBlock;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Measure;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.Severity;
import dev.tidewheel.records.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class InboxEventsTest {
    private static final long T = 981_352_800_000L;

    @Test
    void makesATriggerOfAnAlertThatFired() {
        LifecycleEvent event = InboxEvents.of(alert(AlertKind.FIRED)).orElseThrow();
        assertThat(event.getId()).isEqualTo("alert/5f70/FIRED");
        assertThat(event.getNow()).isEqualTo(T);
        assertThat(event.getKind()).isEqualTo(LifecycleEventKind.TRIGGER);
        assertThat(event.getTrigger().getDetail()).isEqualTo("[critical] drift is high");
        assertThat(event.getTrigger().getModelVersion()).isEqualTo("jan");
    }

    @ParameterizedTest
    @EnumSource(value = AlertKind.class, names = "FIRED", mode = EnumSource.Mode.EXCLUDE)
    void takesNothingBack(AlertKind kind) {
        assertThat(InboxEvents.of(alert(kind))).isEmpty();
    }

    @Test
    void makesHealthOfTheWholeModelsServingRows() {
        MetricRow row = row("@health", "all");
        LifecycleEvent event = InboxEvents.of(row).orElseThrow();
        assertThat(event.getId()).isEqualTo("health/health/weekly-1/" + T + "/2");
        assertThat(event.getHealth().getRows()).isEqualTo(48);
        assertThat(event.getHealth().getErrors()).isEqualTo(7);
        assertThat(event.getHealth().getLatencyP99Millis()).isEqualTo(12.5);
        assertThat(InboxEvents.of(row("@health", "origin=ORD"))).isEmpty();
        assertThat(InboxEvents.of(row("@performance", "all"))).isEmpty();
    }

    private static Alert alert(AlertKind kind) {
        return Alert.newBuilder()
                .setId("5f70")
                .setKind(kind)
                .setSeverity(Severity.CRITICAL)
                .setMonitor("daily")
                .setRule("drift")
                .setModel("late-arrival")
                .setModelVersion("jan")
                .setSegment("all")
                .setWindowStart(T)
                .setWindowEnd(T)
                .setRevision(0)
                .setMeasure("psi")
                .setSummary("drift is high")
                .setJudgedAt(T)
                .build();
    }

    private static MetricRow row(String feature, String segment) {
        return MetricRow.newBuilder()
                .setMonitor("health")
                .setMonitorHash("sha256:m")
                .setModel("late-arrival")
                .setModelVersion("weekly-1")
                .setFeature(feature)
                .setSegment(segment)
                .setWindowStart(T)
                .setWindowEnd(T + 3_600_000)
                .setRevision(2)
                .setSettled(true)
                .setCounts(CountBlock.newBuilder().setRows(48).build())
                .setMeasures(List.of(measure("error_share", 7.0 / 48), measure("latency_p99", 12.5)))
                .setComputedAt(T)
                .build();
    }

    private static Measure measure(String name, double value) {
        return Measure.newBuilder()
                .setName(name)
                .setValue(value)
                .setVerdict(Verdict.OK)
                .build();
    }
}
