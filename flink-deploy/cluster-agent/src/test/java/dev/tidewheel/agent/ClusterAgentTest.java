package dev.tidewheel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.DesiredState;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Agents and trainers as real processes, on a real broker. */
class ClusterAgentTest {
    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new Cluster(KAFKA, folder);
        cluster.applyDefinitions();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aTrainingOutlivesItsAgent() throws Exception {
        cluster.event(0);
        cluster.event(1);
        cluster.event(1);
        Process first = cluster.startAgent();
        cluster.train("weekly-1", 1, DesiredState.PRESENT);
        cluster.train("weekly-1", 1, DesiredState.PRESENT);
        cluster.await("training/weekly-1", seen -> seen.getPhase() == ObservedPhase.RUNNING);
        List<Long> trainers = cluster.awaitTrainers("weekly-1", 1);
        cluster.startAgent(); // Stands by until the first is gone.
        cluster.kill(first);
        cluster.train("weekly-1", 1, DesiredState.PRESENT);
        cluster.tell("weekly-1", "succeed");

        Observation done = cluster.await("training/weekly-1", seen -> seen.getPhase() == ObservedPhase.SUCCEEDED);

        assertThat(cluster.trainers("weekly-1")).isEqualTo(trainers);
        assertThat(done.getGeneration()).isEqualTo(1);
        assertThat(done.getAgent()).isEqualTo("agent-1");
        assertThat(done.getOutputs())
                .isEqualTo(Map.of(
                        "modelVersion", "weekly-1",
                        "artifactDigest", "sha256:weekly-1",
                        "trainingRows", "7",
                        "gate", "[{\"version\":\"weekly-1\"}]"));
        assertThat(cluster.seen("training/weekly-1"))
                .extracting(Observation::getSequence)
                .isSorted()
                .doesNotHaveDuplicates();
        isRegistered("weekly-1");
        JsonNode config =
                JSON.readTree(cluster.run("weekly-1").resolve("trainer.yaml").toFile());
        assertThat(config.path("retrain").path("until").toString())
                .isEqualTo("[{\"topic\":\"flights\",\"partition\":0,\"offset\":1},"
                        + "{\"topic\":\"flights\",\"partition\":1,\"offset\":2}]");
        assertThat(config.path("retrain").path("profile").path("segments").toString())
                .isEqualTo("[\"origin\"]");
    }

    /** What the version leans on was there before anybody was told of it. */
    private void isRegistered(String version) throws Exception {
        Definition model = cluster.registry()
                .find("ModelVersion", "late-arrival." + version)
                .orElseThrow();
        assertThat(JSON.readTree(model.getBody()).path("artifactDigest").asText())
                .isEqualTo("sha256:" + version);
        assertThat(cluster.registry()
                        .find("Profile", "late-arrival." + version)
                        .orElseThrow()
                        .getBody())
                .isEqualTo("{\"of\":\"" + version + "\"}");
        Definition service =
                cluster.registry().find("FeatureService", "departure").orElseThrow();
        JsonNode pin = JSON.readTree(cluster.registry()
                .find("ServicePin", service.getHash())
                .orElseThrow()
                .getBody());
        assertThat(pin)
                .extracting(entry -> entry.path("name").asText())
                .containsExactlyInAnyOrder("departure", "origin_delays", "route_delays", "flights");
        assertThat(pin)
                .anySatisfy(entry -> assertThat(entry.path("lineage").asLong()).isEqualTo(3));
    }

    @Test
    void whatIsCancelledEndsAndStaysEnded() throws Exception {
        cluster.startAgent();
        cluster.train("weekly-2", 1, DesiredState.PRESENT);
        long trainer = cluster.awaitTrainers("weekly-2", 1).get(0);
        cluster.train("weekly-2", 2, DesiredState.CANCELLED);

        Observation gone = cluster.await("training/weekly-2", seen -> seen.getPhase() == ObservedPhase.ABSENT);
        cluster.train("weekly-2", 1, DesiredState.PRESENT);
        cluster.train("weekly-3", 1, DesiredState.PRESENT);
        cluster.tell("weekly-3", "refuse");
        Observation refused = cluster.await("training/weekly-3", seen -> seen.getPhase() == ObservedPhase.FAILED);

        assertThat(gone.getGeneration()).isEqualTo(2);
        assertThat(ProcessHandle.of(trainer).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(cluster.trainers("weekly-2")).hasSize(1);
        assertThat(cluster.seen("training/weekly-2"))
                .last()
                .extracting(Observation::getPhase)
                .isEqualTo(ObservedPhase.ABSENT);
        assertThat(refused.getReason()).isEqualTo("no labels");
        assertThat(cluster.trainers("weekly-3"))
                .as("trying again would not help")
                .hasSize(1);
    }

    @Test
    void aTrainerThatDiesIsStartedAgainButNotForEver() throws Exception {
        cluster.startAgent();
        cluster.train("weekly-4", 1, DesiredState.PRESENT);
        long first = cluster.awaitTrainers("weekly-4", 1).get(0);
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        cluster.awaitTrainers("weekly-4", 2);
        cluster.tell("weekly-4", "die");

        Observation failed = cluster.await("training/weekly-4", seen -> seen.getPhase() == ObservedPhase.FAILED);

        assertThat(failed.getReason()).contains("2 times").contains("told to die");
        assertThat(cluster.trainers("weekly-4")).hasSize(2);
    }

    @Test
    void trafficCountsWhenTheSidecarAppliesIt() throws Exception {
        cluster.apply(2);
        Process first = cluster.startAgent();
        cluster.desire(
                "traffic",
                3,
                DesiredState.PRESENT,
                "traffic",
                "{\"champion\":\"1\",\"shadow\":null,\"canary\":{\"version\":\"weekly-1\",\"share\":0.05}}");
        cluster.await("traffic", seen -> seen.getReason().contains("applies generation 2"));
        cluster.kill(first);
        cluster.startAgent();
        cluster.apply(3);

        Observation done = cluster.await("traffic", seen -> seen.getPhase() == ObservedPhase.SUCCEEDED);

        assertThat(done.getOutputs()).isEqualTo(Map.of("generation", "3"));
        assertThat(cluster.registry()
                        .find("Traffic", "late-arrival")
                        .orElseThrow()
                        .getBody())
                .isEqualTo("{\"canary\":{\"share\":0.05,\"version\":\"weekly-1\"},\"champion\":\"1\",\"generation\":3,"
                        + "\"model\":\"late-arrival\",\"shadow\":null}");
        assertThat(cluster.registry()
                        .find("ModelAlias", "late-arrival.champion")
                        .orElseThrow()
                        .getBody())
                .isEqualTo("{\"model\":\"late-arrival\",\"version\":\"1\"}");
        assertThat(cluster.seen("traffic")).extracting(Observation::getSequence).doesNotHaveDuplicates();
        assertThat(Files.exists(folder.resolve("work"))).isTrue();
    }
}
