package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.program.Programs;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.program.RandomProgram.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Random programs through Flink's operator, with checkpoints, crashes and both state backends: what is stored is true. */
class ProgramsThroughOperatorTest {
    private static final int PROGRAMS = 40;

    @Test
    void everyStoredValueEqualsTheOracle() throws Exception {
        AtomicInteger crashes = new AtomicInteger();
        Programs.run(Kind.EVERYTHING, PROGRAMS, (program, met) -> throughOperator(program, met, false, crashes));
        assertThat(crashes).hasPositiveValue();
    }

    @Test
    void everyStoredValueEqualsTheOracleWhileMemoryIsFreed() throws Exception {
        AtomicInteger crashes = new AtomicInteger();
        Programs.run(Kind.STREAM, PROGRAMS / 3, (program, met) -> throughOperator(program, met, true, crashes));
        assertThat(crashes).hasPositiveValue();
    }

    @Test
    void aRecordThatIsLostOnTheWayIsFound() throws Exception {
        RandomProgram program = RandomProgram.of(1, Kind.ADDITIONS);
        List<Arrival> fewer = new ArrayList<>(program.arrivals());
        fewer.remove(fewer.size() / 2);
        FakeConnector connector = new FakeConnector();
        for (List<String> entity : program.entities()) {
            RandomProgram lossy = new RandomProgram(1, program.declaresIds(), program.views(), fewer);
            new ProgramHarness(lossy, entity, connector, false).run();
        }
        assertThat(StoredPrograms.difference(program, connector.world().store, new Programs.Met()))
                .hasValueSatisfying(difference -> assertThat(difference).contains("the oracle has"));
    }

    private static Optional<String> throughOperator(
            RandomProgram program, Programs.Met met, boolean watermarks, AtomicInteger crashes) throws Exception {
        FakeConnector connector = new FakeConnector();
        for (List<String> entity : program.entities()) {
            ProgramHarness harness = new ProgramHarness(program, entity, connector, watermarks);
            harness.run();
            crashes.addAndGet(harness.crashes());
        }
        return StoredPrograms.difference(program, connector.world().store, met);
    }
}
