package dev.tidewheel.historyjobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import dev.tidewheel.historyjobs.Steps.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines die with all that their tasks have written: others write it again, and the set is the same. */
class MachineDiesTest {
    private static final int MACHINES = 2;
    private static final int PARTS = 3;
    private static final int STEPS_BEFORE = 700;
    private static final long DEADLINE_SECONDS = 60;

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(MACHINES)
            .setNumberSlotsPerTaskManager(2)
            .build());

    /** How many machines have died in all tests: those with the least numbers. */
    private static int gone;

    @TempDir
    private Path folder;

    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicBoolean diedInTheMidst = new AtomicBoolean();

    /** The other machine keeps what it has. */
    @Test
    void oneWhileChangesAreTaken(@InjectMiniCluster MiniCluster cluster) throws Exception {
        assertSame((views, delay) -> {
            List<PastValues.View> fatal = views.stream()
                    .map(view -> new PastValues.View(view.plan(), view.scan(), (eventTime, knownTime) -> {
                        step(cluster, 1);
                        return view.known().of(eventTime, knownTime);
                    }))
                    .toList();
            return reader(step -> {}).open(fatal, delay);
        });
    }

    /** While keys are played, and while values are written. */
    @ParameterizedTest
    @EnumSource(Step.class)
    void allInTheMidst(Step fatal, @InjectMiniCluster MiniCluster cluster) throws Exception {
        assertSame(reader(step -> {
            if (step == fatal) {
                step(cluster, MACHINES);
            }
        })::open);

        assertThat(diedInTheMidst).as("whoever took the step").isTrue();
    }

    private ClusterReader reader(Consumer<Step> heard) {
        return new ClusterReader(folder.resolve("exchange"), PARTS, 0, heard);
    }

    private void assertSame(PastReader.Maker cluster) throws Exception {
        ChangeHistory history = Flights.random(new Random(5), 3_000);
        TrainingSetSpec spec = TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of());
        TrainingSetManifest alone = builder(spec, history).build(folder.resolve("alone"));

        TrainingSetManifest together = builder(spec, history).found(cluster).build(folder.resolve("together"));

        assertThat(steps).as("steps, of which one was deadly").hasValueGreaterThan(STEPS_BEFORE);
        assertThat(together).isEqualTo(alone);
        assertThat(together.rows()).isGreaterThan(1_000);
    }

    private static TrainingSetBuilder builder(TrainingSetSpec spec, ChangeHistory history) {
        return TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history));
    }

    /** At one of the steps the oldest machines die, and as many new ones come. */
    private void step(MiniCluster cluster, int machines) {
        if (steps.incrementAndGet() == STEPS_BEFORE) {
            die(cluster, machines);
        }
    }

    private void die(MiniCluster cluster, int machines) {
        try {
            for (int machine = 0; machine < machines; machine++) {
                cluster.startTaskManager();
            }
            List<CompletableFuture<Void>> dead = new ArrayList<>();
            for (int machine = 0; machine < machines; machine++) {
                dead.add(cluster.terminateTaskManager(gone++));
            }
            for (CompletableFuture<Void> each : dead) {
                each.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
            if (machines == MACHINES) {
                // This task, too, was on a machine that died: somebody is about to tell it.
                new CountDownLatch(1).await(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            diedInTheMidst.set(true);
            throw new IllegalStateException("this task was on a machine that died", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a machine could not be ended", e);
        } catch (Exception e) {
            throw new AssertionError("no machine came", e);
        }
    }
}
