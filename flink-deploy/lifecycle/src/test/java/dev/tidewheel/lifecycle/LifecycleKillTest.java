package dev.tidewheel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.lifecycle.replay.LifecycleReplay;
import dev.tidewheel.lifecycle.replay.ReplayConfig;
import dev.tidewheel.lifecycle.replay.ReplayReport;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.DesiredState;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process of its own, killed while work comes in. Whoever reads what was committed sees one decision per event, one
 * event per forwarded record, and each generation desired once.
 */
final class LifecycleKillTest {
    private static final Instant MONDAY = Instant.parse("2001-02-05T06:00:00Z");
    private static final int KILLS = 3;
    private static final int DEFINITIONS = 4;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @TempDir
    Path folder;

    private final List<Process> children = new ArrayList<>();
    private final Map<String, Integer> sent = new HashMap<>();
    private int answered;
    private int step;

    @AfterEach
    void leaveNoneBehind() {
        children.forEach(Process::destroyForcibly);
    }

    @Test
    void decidesOnceWhateverDies() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        KAFKA.createOwnTopics();
        try (Wires wires = new Wires(KAFKA.config())) {
            wires.defineAll();
            for (int kill = 0; kill < KILLS; kill++) {
                Process child = start();
                // What is defined must be known before the story asks for it.
                wires.await(
                        "the definitions",
                        () -> Optional.of(wires.decisions())
                                .filter(all -> all.stream()
                                                .filter(one -> one.getEventId().startsWith("definition/"))
                                                .count()
                                        >= DEFINITIONS));
                int until = wires.decisions().size() + 10 + random.nextInt(20);
                wires.await("decisions up to " + until, () -> {
                    live(wires);
                    return Optional.of(wires.decisions()).filter(all -> all.size() >= until);
                });
                child.destroyForcibly().waitFor();
                live(wires);
            }
            Process last = start();
            wires.await("a decision about everything", () -> {
                // Decisions first: what they ask for is there with them, and must have been answered, too.
                List<LifecycleDecision> decisions = wires.decisions();
                int before = answered;
                answer(wires);
                return Optional.of(decisions).filter(all -> answered == before && isComplete(all) && hasEnded(wires));
            });
            assertThat(last.isAlive()).isTrue();
            last.destroy();
            assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
            checkBooks(wires);
        }
        ReplayReport report = new LifecycleReplay(new ReplayConfig(KAFKA.config(), Duration.ofSeconds(60))).run();
        assertThat(report.difference()).isEmpty();
        assertThat(report.waiting()).isZero();
    }

    /** A step of the story: alerts, one of them twice, a tick, and the agent's answers. */
    private void live(Wires wires) {
        Instant now = MONDAY.plus(Duration.ofHours(6L * ++step));
        alert(wires, "a" + step, now);
        alert(wires, "a" + step / 2, now);
        LifecycleEvent tick = Story.tick(now);
        wires.event(tick);
        sent.merge(tick.getId(), 1, Integer::sum);
        answer(wires);
    }

    private void alert(Wires wires, String id, Instant now) {
        wires.alert(id, step % 3 == 0 ? "label-share" : "drift", "jan", now);
        sent.merge("alert/" + id + "/FIRED", 1, Integer::sum);
    }

    /** Everything that is desired comes to be, once. */
    private void answer(Wires wires) {
        List<Desired> desired = wires.desired();
        for (; answered < desired.size(); answered++) {
            Desired wish = desired.get(answered);
            boolean training = wish.getKind().equals("training");
            String version = training ? wish.getSlot().substring("training/".length()) : "";
            boolean cancelled = wish.getState() == DesiredState.CANCELLED;
            Observation observation = Story.observation(
                    wish.getSlot(),
                    wish.getGeneration(),
                    answered,
                    cancelled ? ObservedPhase.ABSENT : ObservedPhase.SUCCEEDED,
                    training && !cancelled ? Story.gate(version, 0.5, "jan", 0.4) : Map.of(),
                    MONDAY.plus(Duration.ofHours(6L * step)));
            wires.observe(observation);
            sent.merge(
                    "observation/" + wish.getSlot() + "/" + wish.getGeneration() + "/" + answered + "/agent",
                    1,
                    Integer::sum);
        }
    }

    private static boolean hasEnded(Wires wires) {
        return wires.desired().stream()
                .anyMatch(one -> one.getSlot().equals("training/weekly-1") && one.getGeneration() == 2);
    }

    private boolean isComplete(List<LifecycleDecision> decisions) {
        Map<String, Integer> decided = new HashMap<>();
        decisions.forEach(decision -> decided.merge(decision.getEventId(), 1, Integer::sum));
        return sent.entrySet().stream().allMatch(one -> decided.getOrDefault(one.getKey(), 0) >= one.getValue());
    }

    private void checkBooks(Wires wires) {
        List<ConsumerRecord<byte[], byte[]>> inbox = wires.all(Topics.LIFECYCLE_INBOX);
        Map<String, Integer> events = new HashMap<>();
        inbox.forEach(record ->
                events.merge(Wires.decode(LifecycleEvent.class, record).getId(), 1, Integer::sum));
        assertThat(events).as("each record is forwarded once").containsAllEntriesOf(sent);
        assertThat(events).hasSize(sent.size() + DEFINITIONS);

        List<LifecycleDecision> decisions = wires.all(Topics.LIFECYCLE).stream()
                .map(record -> Wires.decode(LifecycleDecision.class, record))
                .toList();
        assertThat(decisions)
                .as("one decision per event")
                .extracting(decision -> decision.getInboxPartition() + "-" + decision.getInboxOffset())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(inbox.stream()
                        .map(record -> record.partition() + "-" + record.offset())
                        .toList());

        List<Desired> desired = wires.all(Topics.DESIRED).stream()
                .map(record -> Wires.decode(Desired.class, record))
                .toList();
        assertThat(desired)
                .as("each generation once")
                .extracting(wish -> wish.getSlot() + "@" + wish.getGeneration())
                .doesNotHaveDuplicates()
                .contains("training/weekly-1@1", "training/weekly-1@2");
    }

    private Process start() throws IOException {
        int number = children.size();
        Path config = Files.writeString(
                folder.resolve("lifecycle.yaml"), """
                clock: story
                kafka:
                  bootstrap: '%s'
                  properties: {session.timeout.ms: '6000', heartbeat.interval.ms: '1000', transaction.timeout.ms: '5000'}
                ops: {port: 0}
                stateDir: %s
                """.formatted(KAFKA.bootstrap(), folder.resolve("state")));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dtidewheel.process=lifecycle-" + number,
                        Lifecycle.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("lifecycle-" + number + ".log").toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process child = builder.start();
        children.add(child);
        return child;
    }
}
