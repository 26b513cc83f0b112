package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.PlannedChange.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions that change beside a job, on a real broker; the job is played by its frontiers. */
class RolloverTest {
    private static final Path EXAMPLES = Path.of("../examples/flights");
    private static final UnaryOperator<String> AS_IT_WAS = text -> text;
    private static final UnaryOperator<String> WORST = text -> text.replace(
            "    - {name: total,",
            "    - {name: worst, aggregate: max, of: delay, windows: [24h]}\n    - {name: total,");

    private static final UnaryOperator<String> BEST = text -> text.replace(
            "    - {name: total,",
            "    - {name: best, aggregate: min, of: delay, windows: [24h]}\n    - {name: total,");

    private final KafkaBrokerFixture kafka = new KafkaBrokerFixture();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        kafka.start();
        kafka.createOwnTopics();
        kafka.createTopic("flights", 1);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void aNewLineageRunsBesideTheOldOneUntilItHasCaughtUp() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        assertThat(apply("origin_delays.yaml", AS_IT_WAS).waits()).isFalse();
        assertThat(lineages()).containsExactly("origin_delays@1 in 0", "route_delays@1 in 0");
        job.acknowledge("origin", 100, "origin_delays@1");
        job.acknowledge("origin+destination", 100, "route_delays@1");

        ApplyPlan begun = apply("origin_delays.yaml", WORST);

        assertThat(change(begun, "FeatureView/origin_delays").action()).isEqualTo(Action.BEGIN);
        assertThat(change(begun, "FeatureView/origin_delays").reasons())
                .contains("feature worst_24h is new")
                .anyMatch(reason ->
                        reason.startsWith("computed beside lineage 1 in cohort 1, which reads all 0 records"));
        assertThat(change(begun, "FeatureView/route_delays").action()).isEqualTo(Action.KEEP);
        assertThat(change(begun, "FeatureService/departure").action()).isEqualTo(Action.HOLD);
        assertThat(lineages()).containsExactly("origin_delays@1 in 0", "origin_delays@2 in 1", "route_delays@1 in 0");
        assertThat(view("origin_delays").getLineage()).isEqualTo(1);
        assertThat(ViewLineages.newestCohort(registry(), "flights")).isEqualTo(1);

        assertThat(change(apply("origin_delays.yaml", WORST), "FeatureView/origin_delays"))
                .satisfies(change -> assertThat(change.action()).isEqualTo(Action.WAIT))
                .satisfies(change -> assertThat(change.reasons().get(0)).startsWith("is not computed yet"));
        job.acknowledge("origin@1", 40, "origin_delays@2");
        assertThat(change(apply("origin_delays.yaml", WORST), "FeatureView/origin_delays")
                        .reasons())
                .containsExactly("is 60 records behind the other stages of source flights");
        assertThat(view("origin_delays").getLineage()).isEqualTo(1);

        job.acknowledge("origin@1", 100, "origin_delays@2");
        ApplyPlan switched = apply("origin_delays.yaml", WORST);

        assertThat(change(switched, "FeatureView/origin_delays").action()).isEqualTo(Action.SWITCH);
        assertThat(change(switched, "FeatureService/departure").action()).isEqualTo(Action.CHANGE);
        assertThat(view("origin_delays").getLineage()).isEqualTo(2);
        assertThat(plan("origin_delays.yaml", WORST).isEmpty()).isTrue();

        ApplyPlan back = apply("origin_delays.yaml", AS_IT_WAS);

        assertThat(change(back, "FeatureView/origin_delays").action()).isEqualTo(Action.SWITCH);
        assertThat(view("origin_delays").getLineage()).isEqualTo(1);
        assertThat(lineages()).containsExactly("origin_delays@1 in 0", "origin_delays@2 in 1", "route_delays@1 in 0");
    }

    @Test
    void waitingEndsWithTheSwitch() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("origin_delays.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");

        ApplyPlan last = rollover("origin_delays.yaml", WORST).apply(Duration.ofSeconds(60), plan -> {
            if (change(plan, "FeatureView/origin_delays").action() == Action.WAIT) {
                job.acknowledge("origin", 250, "origin_delays@1");
                job.acknowledge("origin@1", 100, "origin_delays@2");
            }
        });

        assertThat(change(last, "FeatureView/origin_delays").action())
                .as("all that was served when the waiting began is contained")
                .isEqualTo(Action.SWITCH);
        assertThat(view("origin_delays").getLineage()).isEqualTo(2);
    }

    @Test
    void whatLeavesTheStatesAsTheyAreKeepsTheLineage() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("origin_delays.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");

        ApplyPlan renamed = apply(
                "origin_delays.yaml",
                text -> text.replace("  features:", "  headSpan: 20s\n  features:")
                        .replace(
                                "windows: [lifetime]}",
                                "windows: [lifetime]}\n"
                                        + "    - {name: typical, aggregate: mean, of: delay, windows: [24h]}"));

        PlannedChange view = change(renamed, "FeatureView/origin_delays");
        assertThat(view.action()).isEqualTo(Action.CHANGE);
        assertThat(view.lineage()).isEqualTo(1);
        assertThat(view.reasons())
                .contains(
                        "keeps its lineage and its state",
                        "headSpanMillis: 10000, now 20000",
                        "feature typical_24h is new");
        assertThat(renamed.waits()).isFalse();
        assertThat(lineages()).containsExactly("origin_delays@1 in 0", "route_delays@1 in 0");
        assertThat(ViewLineages.ofView(registry(), "origin_delays").get(0).viewBody())
                .contains("\"headSpan\"");
    }

    @Test
    void anotherReadingOfTheSourceTakesAllItsViewsAlong() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("source.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");
        job.acknowledge("origin+destination", 100, "route_delays@1");
        UnaryOperator<String> twoDays = text -> text.replace("horizon: 1d", "horizon: 2d");

        ApplyPlan begun = apply("source.yaml", twoDays);

        assertThat(change(begun, "Source/flights").action()).isEqualTo(Action.HOLD);
        assertThat(change(begun, "FeatureView/origin_delays").reasons()).contains("source horizon: PT24H, now PT48H");
        assertThat(lineages())
                .containsExactly(
                        "origin_delays@1 in 0", "origin_delays@2 in 1", "route_delays@1 in 0", "route_delays@2 in 1");

        job.acknowledge("origin@1", 100, "origin_delays@2");
        ApplyPlan one = apply("source.yaml", twoDays);
        assertThat(change(one, "FeatureView/origin_delays").action()).isEqualTo(Action.WAIT);
        assertThat(view("origin_delays").getLineage()).isEqualTo(1);

        job.acknowledge("origin+destination@1", 100, "route_delays@2");
        ApplyPlan both = apply("source.yaml", twoDays);
        assertThat(both.waits()).isFalse();
        assertThat(view("origin_delays").getLineage()).isEqualTo(2);
        assertThat(view("route_delays").getLineage()).isEqualTo(2);
        assertThat(Objects.requireNonNull(registry().get("Source/flights")).getBody())
                .contains("2d");
    }

    @Test
    void anotherTopicIsRefused() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("source.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");

        ApplyPlan plan = plan("source.yaml", text -> text.replace("topic: flights", "topic: flights2"));

        assertThat(change(plan, "Source/flights").reasons())
                .containsExactly("another topic is another source: give it another name");
        assertThat(change(plan, "FeatureView/origin_delays").action()).isEqualTo(Action.HOLD);
    }

    @Test
    void anotherFormatIsHeld() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("source.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");

        ApplyPlan json = plan("source.yaml", text -> text.replace("format: avro", "format: json"));
        assertThat(change(json, "Source/flights").reasons())
                .containsExactly("another format of topic flights: what it holds was not written so; give the changed"
                        + " source another name and topic");
        assertThat(change(json, "FeatureView/origin_delays").action()).isEqualTo(Action.HOLD);
    }

    @Test
    void ofTwoWhoApplyAtOnceOneIsToldToLookAgain() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("origin_delays.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");
        Map<String, Definition> both = registry();
        List<ApplyPlan> plans = List.of(plan("origin_delays.yaml", WORST), plan("origin_delays.yaml", BEST));
        CyclicBarrier together = new CyclicBarrier(2);

        List<CompletableFuture<Boolean>> begun = plans.stream()
                .map(plan -> CompletableFuture.supplyAsync(() -> begins(together, plan, both)))
                .toList();

        List<Integer> won = IntStream.range(0, 2)
                .filter(one -> begun.get(one).join())
                .boxed()
                .toList();
        assertThat(won).as("exactly one has begun its lineage").hasSize(1);
        assertThat(lineages()).containsExactly("origin_delays@1 in 0", "origin_delays@2 in 1", "route_delays@1 in 0");
        String winners = plans.get(won.get(0)).changes().stream()
                .filter(change -> change.entry().key().equals("FeatureView/origin_delays"))
                .map(change -> change.entry().body())
                .findFirst()
                .orElseThrow();
        assertThat(ViewLineages.ofView(registry(), "origin_delays").get(1).viewBody())
                .isEqualTo(winners);

        apply("origin_delays.yaml", won.get(0) == 0 ? BEST : WORST);
        assertThat(lineages())
                .as("the other's, once it has looked again")
                .contains("origin_delays@2 in 1", "origin_delays@3 in 2");
    }

    private boolean begins(CyclicBarrier together, ApplyPlan plan, Map<String, Definition> inForce) {
        try {
            together.await(30, TimeUnit.SECONDS);
            new Applier(kafka.config()).apply(plan, inForce, 7);
            return true;
        } catch (WorkbenchException e) {
            assertThat(e).hasMessageContaining("somebody else began").hasMessageContaining("apply again");
            return false;
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No view's expression uses it, and no fingerprint knows of it: raw table and ids would be of two kinds. */
    @Test
    void aColumnOfAnotherTypeIsRefused() throws Exception {
        PlayedJob job = new PlayedJob(kafka.config(), "flights");
        apply("source.yaml", AS_IT_WAS);
        job.acknowledge("origin", 100, "origin_delays@1");

        ApplyPlan plan = plan(
                "flight.avsc",
                text -> text.replace("\"flight_id\", \"type\": \"long\"", "\"flight_id\", \"type\": \"string\""));

        assertThat(change(plan, "Source/flights").action()).isEqualTo(Action.HOLD);
        assertThat(change(plan, "Source/flights").reasons())
                .containsExactly("source column flight_id: INT64, now STRING: give the changed source another name, the"
                        + " raw table has both");
        assertThat(change(plan, "FeatureView/origin_delays").action()).isEqualTo(Action.HOLD);
        assertThat(lineages()).containsExactly("origin_delays@1 in 0", "route_delays@1 in 0");
    }

    private ApplyPlan apply(String file, UnaryOperator<String> edit) throws Exception {
        return rollover(file, edit).apply(Duration.ZERO, plan -> {});
    }

    private ApplyPlan plan(String file, UnaryOperator<String> edit) throws Exception {
        return rollover(file, edit).plan();
    }

    /** The examples, with one file edited. */
    private Rollover rollover(String edited, UnaryOperator<String> edit) throws IOException {
        for (String file : List.of(
                "source.yaml",
                "origin_delays.yaml",
                "route_delays.yaml",
                "service.yaml",
                "model.yaml",
                "flight.avsc")) {
            String text = Files.readString(EXAMPLES.resolve(file));
            Files.writeString(folder.resolve(file), file.equals(edited) ? edit.apply(text) : text);
        }
        return new Rollover(kafka.config(), Definitions.load(folder).orThrow().toRegistry(), () -> 7);
    }

    private static PlannedChange change(ApplyPlan plan, String key) {
        return plan.changes().stream()
                .filter(change -> change.entry().key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Definition> registry() throws InterruptedException {
        return new Applier(kafka.config()).inForce();
    }

    private Definition view(String name) throws InterruptedException {
        return Objects.requireNonNull(registry().get("FeatureView/" + name));
    }

    private List<String> lineages() throws InterruptedException {
        return ViewLineages.ofSource(registry(), "flights").stream()
                .map((ViewLineage lineage) -> lineage.id() + " in " + lineage.cohort())
                .toList();
    }
}
