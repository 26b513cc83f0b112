package dev.tidewheel.workbench.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.workbench.report.ControlReport.Run;
import dev.tidewheel.workbench.report.ControlReport.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifecycleHistoryTest {
    private static final Instant BEGIN = Instant.parse("2001-02-05T06:00:00Z");
    private static final String RUN = "{\"version\":\"weekly-1\",\"retraining\":{\"name\":\"weekly\"},"
            + "\"trigger\":\"tick/m/1\",\"startedAt\":\"2001-02-05T06:00:00Z\"}";
    private static final String CHALLENGER =
            "\"challenger\":{\"version\":\"weekly-1\",\"rollout\":{\"canary\":[{\"share\":0.05},{\"share\":0.25}]}}";

    private final LifecycleHistory history = new LifecycleHistory("m");
    private int offset;

    @Test
    void tellsOfARunFromItsStartToItsPromotion() {
        decide(0, state("1", "null", "null", "[]"));
        decide(0, state("1", RUN, "null", "[]"));
        assertThat(history.active()).isTrue();
        decide(0, state("1", "null", "{\"phase\":\"Shadow\"," + CHALLENGER + "}", "[]"));
        decide(24, state("1", "null", "{\"phase\":\"Canary\",\"step\":1," + CHALLENGER + "}", "[]"));
        String ended = "[{\"version\":\"weekly-1\",\"retraining\":\"weekly\",\"at\":\"2001-02-06T12:00:00Z\","
                + "\"end\":\"PROMOTED\",\"why\":\"served well\"}]";
        decide(30, state("weekly-1", "null", "{\"phase\":\"Watching\"," + CHALLENGER + "}", ended));

        assertThat(history.runs())
                .containsExactly(new Run(
                        "weekly-1",
                        "weekly",
                        "tick/m/1",
                        BEGIN,
                        Optional.of(BEGIN.plus(Duration.ofHours(30))),
                        Optional.of("PROMOTED"),
                        "served well"));
        assertThat(history.active()).isFalse();
        assertThat(history.first()).hasValue("1");
        assertThat(history.serving(at(0), at(48)))
                .containsExactly(span("1", "champion", 0, 30), span("weekly-1", "champion", 30, 48));
        assertThat(history.trials(at(48)))
                .containsExactly(span("weekly-1", "shadow", 0, 24), span("weekly-1", "canary 25 %", 24, 30));
        assertThat(history.decisions()).isEqualTo(5);
    }

    @Test
    void otherModelsDoNotMatter() {
        LifecycleDecision other = decision(0, state("9", "null", "null", "[]"));
        other.setModel("other");
        history.add(other);

        assertThat(history.decisions()).isZero();
        assertThat(history.serving(at(0), at(1))).isEmpty();
    }

    private void decide(int hours, String state) {
        history.add(decision(hours, state));
    }

    private LifecycleDecision decision(int hours, String state) {
        return LifecycleDecision.newBuilder()
                .setModel("m")
                .setInboxPartition(0)
                .setInboxOffset(offset++)
                .setEventId("event-" + offset)
                .setNow(at(hours).toEpochMilli())
                .setOutcome(DecisionOutcome.CHANGED)
                .setReason("because")
                .setNumbers(List.of())
                .setFrom("Idle")
                .setTo("Idle")
                .setState(state)
                .setDesired(List.of())
                .build();
    }

    private static String state(String champion, String run, String rollout, String history) {
        return "{\"champion\":\"" + champion + "\",\"history\":" + history + ",\"rollout\":" + rollout + ",\"run\":"
                + run + ",\"settled\":true}";
    }

    private static Span span(String version, String role, int from, int to) {
        return new Span(version, role, at(from), at(to));
    }

    private static Instant at(int hours) {
        return BEGIN.plus(Duration.ofHours(hours));
    }
}
