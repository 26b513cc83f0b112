package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.stack.OneMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes die at random moments; at the end nothing is lost, nothing counted twice, and every value is right. */
@Tag("processes")
class KillTest {
    private static final List<String> VICTIMS = List.of(
            OneMachine.TASK_MANAGER, OneMachine.JOB_MANAGER, OneMachine.REDIS, OneMachine.BROKER, OneMachine.SERVING);
    private static final int TIMES = 3;
    private static final int MOST_STEPS_BETWEEN = 30;

    /** The books hold every value of every key in the store against the naive oracle, at rest. */
    @Test
    void whatDiesComesBackAndNothingIsWrong(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("tidewheel.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> order = order(random);
        System.out.println("KillTest: -Dtidewheel.seed=" + seed + " kills " + order);
        try (DemoProcess demo = DemoProcess.start("kill", Slice.in(folder).options(4))) {
            demo.awaitStep(2);
            for (String victim : order) {
                demo.awaitStep(demo.position().step() + 1 + random.nextInt(MOST_STEPS_BETWEEN));
                demo.kill(victim);
            }
            assertThat(demo.awaitExit()).as("seed %d%n%s", seed, demo.said()).isZero();

            Report report = demo.report();
            assertThat(report.books()).as("seed %d", seed).allMatch(BookEntry::balanced);
            assertThat(report.parity().orElseThrow().unexplained())
                    .as("seed %d", seed)
                    .isZero();
            for (String victim : VICTIMS) {
                assertThat(report.restarts()).containsEntry(victim, TIMES);
            }
        }
    }

    @Test
    void aStartAfterItsOwnDeathGoesOn(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start("crash", Slice.in(folder).options(2))) {
            demo.awaitStep(50);
            demo.killWorkbench();
            long reached = demo.position().step();

            demo.startAgain();

            assertThat(demo.awaitExit()).as(demo::said).isZero();
            assertThat(demo.said()).contains("Going on with what an earlier start has left");
            assertThat(demo.position().step()).isGreaterThan(reached);
            assertThat(demo.report().sound()).isTrue();
            assertThat(demo.running()).isEmpty();
        }
    }

    @Test
    void ctrlCEndsWithAReportAndLeavesNoProcess(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start("interrupt", Slice.in(folder).options(3))) {
            demo.awaitStep(50);
            demo.interrupt();

            assertThat(demo.awaitExit()).as(demo::said).isEqualTo(130);
            assertThat(demo.report().outcome()).isEqualTo(Report.Outcome.INTERRUPTED);
            assertThat(demo.report().sound()).isTrue();
            assertThat(demo.running()).isEmpty();
        }
    }

    private static List<String> order(Random random) {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            order.addAll(VICTIMS);
        }
        Collections.shuffle(order, random);
        return order;
    }
}
