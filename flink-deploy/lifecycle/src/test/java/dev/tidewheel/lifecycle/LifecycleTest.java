package dev.tidewheel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.lifecycle.replay.LifecycleReplay;
import dev.tidewheel.lifecycle.replay.ReplayConfig;
import dev.tidewheel.lifecycle.replay.ReplayReport;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.process.GracefulStop;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle in this process with a real broker, ticking by the wall's clock. */
final class LifecycleTest {
    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @TempDir
    Path folder;

    @Test
    void takesAllThatComesAndTicksByItself() throws Exception {
        KAFKA.createOwnTopics();
        LifecycleConfig config = new LifecycleConfig(
                ClockMode.WALL,
                KAFKA.config(),
                new OpsConfig("127.0.0.1", 0),
                "tidewheel-lifecycle",
                folder,
                Duration.ofMillis(200));
        GracefulStop stop = GracefulStop.manual("lifecycle", Duration.ofSeconds(20));
        try (Wires wires = new Wires(KAFKA.config());
                Lifecycle lifecycle = Lifecycle.start(config, stop, new PrometheusRegistry())) {
            wires.raw(Topics.LIFECYCLE_INBOX, Story.MODEL, "nonsense".getBytes(StandardCharsets.UTF_8));
            wires.raw(Topics.OBSERVATIONS, "x", "nonsense".getBytes(StandardCharsets.UTF_8));
            wires.raw(Topics.DEFINITIONS, "Rollout/x", "nonsense".getBytes(StandardCharsets.UTF_8));
            wires.defineAll();
            // The story's Monday is long past, so the schedule's newest slot is due at the first tick.
            LifecycleDecision start = wires.awaitDecision(
                    "that starts a run", decision -> decision.getTo().equals("Training"));
            assertThat(start.getEventId()).startsWith("tick/late-arrival/");
            assertThat(start.getReason()).startsWith("weekly-1 starts (its slot of ");
            wires.awaitDesired("training/weekly-1", 1);

            wires.observe(Story.observation(
                    "training/weekly-1",
                    1,
                    1,
                    ObservedPhase.SUCCEEDED,
                    Story.gate("weekly-1", 0.4712, "jan", 0.474),
                    Instant.now()));
            assertThat(wires.awaitDesired("traffic", 1).getSpec()).contains("\"shadow\":\"weekly-1\"");
            wires.alert("a", "label-share", "jan", Instant.now());
            LifecycleDecision waits = wires.awaitDecision(
                    "about the alert", decision -> decision.getEventId().equals("alert/a/FIRED"));
            assertThat(waits.getReason()).startsWith("storm waits (rule label-share of daily fired: [warning]");

            wires.remove("Retraining", "storm");
            assertThat(wires.awaitDecision(
                                    "about the removal",
                                    decision -> decision.getEventId().equals("definition/Retraining/storm/"))
                            .getReason())
                    .isEqualTo("Retraining storm is removed");
            assertThat(get(lifecycle, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(lifecycle, "/health/live").body()).contains("RUNNING");
        }
        try (Wires wires = new Wires(KAFKA.config())) {
            assertThat(wires.all(Topics.DEAD_LETTERS))
                    .extracting(record -> Wires.decode(DeadLetter.class, record).getReason())
                    .containsExactly(
                            DeadLetterReason.UNDECODABLE, DeadLetterReason.UNDECODABLE, DeadLetterReason.UNDECODABLE);
            assertThat(wires.decisions())
                    .extracting(LifecycleDecision::getOutcome)
                    .doesNotContain(DecisionOutcome.OTHER);
        }
        ReplayReport report = replay();
        assertThat(report.difference()).isEmpty();
        assertThat(report.same()).isPositive();
        assertThat(report.unusable()).isEqualTo(1);
        noticesADecisionThatNobodyMade();
    }

    private static void noticesADecisionThatNobodyMade() {
        try (Wires wires = new Wires(KAFKA.config())) {
            byte[] any = wires.all(Topics.LIFECYCLE).get(0).value();
            wires.raw(Topics.LIFECYCLE, Story.MODEL, any);
        }
        // It stands where the next decision would: either nothing is left to decide, or that event's decision differs.
        assertThat(replay().difference()).isPresent();
    }

    private static ReplayReport replay() {
        return new LifecycleReplay(new ReplayConfig(KAFKA.config(), Duration.ofSeconds(30))).run();
    }

    private static HttpResponse<String> get(Lifecycle lifecycle, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + lifecycle.opsPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
