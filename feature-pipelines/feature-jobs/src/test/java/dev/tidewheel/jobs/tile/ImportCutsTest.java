package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import dev.tidewheel.jobs.raw.ImportedPrograms;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs of which a part was imported, handed over to the topic by offsets, by time or by ids, with late and
 * repeated events on both sides: read at the same time, through the operator with checkpoints and crashes. Every key is what
 * the oracle has of all changes that count, and these are those of the program.
 */
class ImportCutsTest {
    private static final int CUTS = 100;

    @TempDir
    Path folder;

    private final AtomicInteger runs = new AtomicInteger();
    private final Set<String> forms = new TreeSet<>();
    private int crossing;

    @Test
    void aHundredImportsLeaveNoSeam() throws Exception {
        Programs.run(Kind.STREAM, CUTS, this::imported);
        assertThat(forms).as("ways of handing over").hasSize(3);
        assertThat(crossing).as("repeated events with a cut between them").isGreaterThan(CUTS / 2);
    }

    private Optional<String> imported(RandomProgram program, Programs.Met met) throws Exception {
        ImportedPrograms drawn = ImportedPrograms.of(program, new Random(program.seed()));
        RandomProgram imported = drawn.counted();
        forms.add(drawn.handover().getClass().getSimpleName());
        crossing += crossing(imported);
        List<Arrival> arrivals = drawn.arrivals("program" + runs.incrementAndGet(), folder);
        assertThat(arrivals).as("what arrives, seed %d", program.seed()).isEqualTo(imported.arrivals());
        assertThat(distinct(imported))
                .as("what counts, seed %d", program.seed())
                .isEqualTo(distinct(program));
        FakeConnector connector = new FakeConnector();
        for (List<String> entity : imported.entities()) {
            new ProgramHarness(imported, entity, connector, true).run();
        }
        return StoredPrograms.difference(imported, connector.world().store, met);
    }

    /** What happened and became known when, however often it was told. */
    private static Set<List<Object>> distinct(RandomProgram program) {
        return program.arrivals().stream()
                .map(Arrival::change)
                .map(change -> List.<Object>of(change.eventTime(), change.knownTime(), change.row()))
                .collect(Collectors.toSet());
    }

    /** How many events are imported and come again from Kafka. */
    private static int crossing(RandomProgram program) {
        List<String> imported = program.arrivals().stream()
                .filter(arrival -> arrival.partition() == ImportedPrograms.IMPORT)
                .map(arrival -> arrival.change().id().toString())
                .toList();
        return (int) program.arrivals().stream()
                .filter(arrival -> arrival.partition() != ImportedPrograms.IMPORT)
                .filter(arrival -> imported.contains(arrival.change().id().toString()))
                .count();
    }
}
