package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.stack.OneMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The TaskManager's process dies at named steps of the writer, as suddenly as a power cut; at the end the books hold every
 * value of every key in the store against the naive oracle. {@code -Dkill.seed=S} orders
 * the same deaths again.
 */
@Tag("processes")
class StepDeathTest {
    /** Steps by how often they are reached; those of a refill need a lost Redis, too: StepKillTest has them. */
    private static final List<String> OF_FLUSHES = List.of(
            "BEFORE_FLUSH",
            "BEFORE_ANNOUNCEMENT",
            "AFTER_ANNOUNCEMENT",
            "BEFORE_WRITE",
            "AFTER_WRITE",
            "AFTER_CONFIRMATION",
            "BEFORE_ACKNOWLEDGEMENT",
            "AFTER_ACKNOWLEDGEMENT");

    private static final List<String> OF_CHECKPOINTS = List.of(
            "BEFORE_BARRIER",
            "AFTER_BARRIER",
            "BEFORE_SNAPSHOT",
            "AFTER_SNAPSHOT",
            "AFTER_CHECKPOINT",
            "AFTER_RAW_COMMIT",
            "AFTER_START");

    /** The workbench starts a process again five times, not more: who wants more deaths plays more seeds. */
    private static final int DEATHS = 4;

    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

    @Test
    void aPowerCutAtAStepLosesNothing(@TempDir Path folder) throws Exception {
        List<String> orders = orders(new Random(SEED));
        System.out.println("StepDeathTest: -Dkill.seed=" + SEED + " orders " + orders);
        Path deaths = Files.write(folder.resolve("deaths"), orders);
        Path definitions = Files.createDirectory(folder.resolve("definitions"));
        List<String> options = Slice.in(definitions).options(2, "--inject=deaths=" + deaths);
        try (DemoProcess demo = DemoProcess.start("step-death", options)) {
            assertThat(demo.awaitExit()).as("seed %d%n%s", SEED, demo.said()).isZero();

            Report report = demo.report();
            assertThat(report.books()).as("seed %d", SEED).allMatch(BookEntry::balanced);
            assertThat(report.parity().orElseThrow().unexplained())
                    .as("seed %d", SEED)
                    .isZero();
            List<String> done = Files.readAllLines(Path.of(deaths + ".done"));
            assertThat(done)
                    .as("each of the ordered deaths, seed %d", SEED)
                    .containsExactlyElementsOf(
                            orders.stream().map(order -> order.split(" ")[0]).toList());
            assertThat(report.restarts()).containsEntry(OneMachine.TASK_MANAGER, orders.size());
        }
    }

    /** Different steps, in any order. */
    private static List<String> orders(Random random) {
        List<String> orders = new ArrayList<>();
        OF_FLUSHES.forEach(step -> orders.add(step + " " + (1 + random.nextInt(120))));
        OF_CHECKPOINTS.forEach(step -> orders.add(step + " " + (1 + random.nextInt(4))));
        Collections.shuffle(orders, random);
        return orders.subList(0, DEATHS);
    }
}
