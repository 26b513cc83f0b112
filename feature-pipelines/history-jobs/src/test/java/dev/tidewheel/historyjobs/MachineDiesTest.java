package dev.tidewheel.historyjobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.history.Flights;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.training.TrainingSetBuilder;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetSpec;
import dev.tidewheel.history.values.PastReader;
import dev.tidewheel.history.values.PastValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A machine dies with all that its tasks have written: the others write it again, and the set is the same. */
class MachineDiesTest {
    private static final int PARTS = 3;
    private static final int CHANGES_BEFORE = 700;
    private static final long DEADLINE_SECONDS = 60;

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    private Path folder;

    private final AtomicInteger played = new AtomicInteger();

    @Test
    void theSetIsTheSame(@InjectMiniCluster MiniCluster cluster) throws Exception {
        ChangeHistory history = Flights.random(new Random(5), 3_000);
        TrainingSetSpec spec = TrainingSetSpec.of(Flights.model(), "sha256:x", Map.of());
        TrainingSetManifest alone = builder(spec, history).build(folder.resolve("alone"));

        TrainingSetManifest together = builder(spec, history)
                .found((views, delay) -> onCluster(views, delay, cluster))
                .build(folder.resolve("together"));

        assertThat(played.get()).as("the machine has died").isGreaterThan(CHANGES_BEFORE);
        assertThat(together).isEqualTo(alone);
        assertThat(together.rows()).isGreaterThan(1_000);
    }

    private static TrainingSetBuilder builder(TrainingSetSpec spec, ChangeHistory history) {
        return TrainingSetBuilder.ofModel(spec, Flights.model(), history, Flights.scans(history));
    }

    private PastReader onCluster(List<PastValues.View> views, long delay, MiniCluster cluster) throws IOException {
        List<PastValues.View> fatal = views.stream()
                .map(view -> new PastValues.View(view.plan(), view.scan(), fatal(view.known(), cluster)))
                .toList();
        return new ClusterReader(folder.resolve("exchange"), PARTS, 0).open(fatal, delay);
    }

    /** Once so many changes were taken by who plays them, the first machine dies, and a new one comes. */
    private KnownTimes fatal(KnownTimes known, MiniCluster cluster) {
        return (eventTime, knownTime) -> {
            if (played.incrementAndGet() == CHANGES_BEFORE) {
                die(cluster);
            }
            return known.of(eventTime, knownTime);
        };
    }

    private static void die(MiniCluster cluster) {
        try {
            CompletableFuture<Void> dead = cluster.terminateTaskManager(0);
            cluster.startTaskManager();
            dead.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("this task was on the machine that died", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the machine could not be ended", e);
        } catch (Exception e) {
            throw new AssertionError("no machine came", e);
        }
    }
}
