package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.feature.view.Version;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.raw.KeptPrograms;
import dev.tidewheel.store.FeatureReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs whose topic has lost its beginning, cut at a random offset of each partition, with late and repeated
 * events on both sides: read from the raw table up to the cuts and from Kafka behind them, through the operator with
 * checkpoints and crashes. Every key is what it becomes when all is read from Kafka: its values at all moments, how many
 * changes were applied, late, rejected and duplicates, and its version.
 */
class BootstrapCutsTest {
    private static final int CUTS = 100;

    @TempDir
    Path folder;

    private final AtomicInteger runs = new AtomicInteger();
    private int crossing;

    @Test
    void aHundredCutsLeaveNoSeam() throws Exception {
        Programs.run(Kind.STREAM, CUTS, this::throughCut);
        assertThat(crossing).as("repeated events with a cut between them").isGreaterThan(CUTS);
    }

    private Optional<String> throughCut(RandomProgram program, Programs.Met met) throws Exception {
        Random random = new Random(program.seed());
        long[] cuts = cuts(program, random);
        String source = "program" + runs.incrementAndGet();
        List<Arrival> arrivals = new KeptPrograms(program, source, folder, random).arrivals(cuts);
        assertThat(new HashSet<>(arrivals))
                .as("what arrives, seed %d", program.seed())
                .isEqualTo(new HashSet<>(program.arrivals()));
        crossing += crossing(program, cuts);

        FeatureReader bootstrapped =
                stored(new RandomProgram(program.seed(), program.declaresIds(), program.views(), arrivals));
        Optional<String> difference = StoredPrograms.difference(program, bootstrapped, met);
        return difference.isPresent() ? difference : versions(program, bootstrapped, stored(program));
    }

    /** From nothing to everything of a partition. */
    private static long[] cuts(RandomProgram program, Random random) {
        long[] cuts = new long[RandomProgram.PARTITIONS];
        for (int partition = 0; partition < cuts.length; partition++) {
            int mine = partition;
            long end = program.arrivals().stream()
                    .filter(arrival -> arrival.partition() == mine)
                    .mapToLong(Arrival::offset)
                    .max()
                    .orElse(-1);
            cuts[partition] = random.nextLong(end + 2);
        }
        return cuts;
    }

    /** How many events come both before and behind the cuts. */
    private static int crossing(RandomProgram program, long[] cuts) {
        TreeMap<String, Integer> sides = new TreeMap<>();
        for (Arrival arrival : program.arrivals()) {
            int side = arrival.offset() < cuts[arrival.partition()] ? 1 : 2;
            sides.merge(arrival.change().id().toString(), side, (before, now) -> before | now);
        }
        return (int) sides.values().stream().filter(both -> both == 3).count();
    }

    private static FeatureReader stored(RandomProgram program) throws Exception {
        FakeConnector connector = new FakeConnector();
        for (List<String> entity : program.entities()) {
            new ProgramHarness(program, entity, connector, true).run();
        }
        return connector.world().store;
    }

    private static Optional<String> versions(RandomProgram program, FeatureReader some, FeatureReader others) {
        for (ViewPlan plan : program.plans()) {
            for (String key : RandomProgram.byKey(plan, program.arrivals()).keySet()) {
                Version one = version(plan, some, key);
                Version other = version(plan, others, key);
                if (!one.equals(other)) {
                    return Optional.of("key " + key + " has version " + one + ", read from zero " + other);
                }
            }
        }
        return Optional.empty();
    }

    private static Version version(ViewPlan plan, FeatureReader store, String key) {
        return StoredPrograms.stored(store, plan, key).version();
    }
}
