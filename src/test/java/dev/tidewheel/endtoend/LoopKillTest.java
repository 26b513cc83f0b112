package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.workbench.report.Report.BookEntry;
import dev.tidewheel.workbench.stack.OneMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monitoring, lifecycle, agent and trainers die at random moments, and the same is decided as in a run without deaths. */
@Tag("processes")
class LoopKillTest {
    private static final int TIMES = 2;
    /** All have died before this step of a story that has some 700. */
    private static final int LAST_STEP = 500;

    /** Who asked is part of an observation's id, and how often it was looked at. */
    private static final Pattern LOOK = Pattern.compile("^(observation/.+/\\d+)/\\d+/[^/]+$");

    /** Latencies are as the machine was. */
    private static final Pattern LATENCY = Pattern.compile(", p99 at most [0-9.,]+ ms");

    @Test
    void whateverDiesTheSameIsDecided(@TempDir Path folder) throws Exception {
        LoopRun undisturbed = LoopRun.undisturbed();
        long seed = Long.getLong("tidewheel.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> order = order(random);
        System.out.println("LoopKillTest: -Dtidewheel.seed=" + seed + " kills " + order + " and trainers");
        LoopRun disturbed;
        int trainers;
        try (DemoProcess demo = LoopRun.start("loop-kill", folder)) {
            TrainerHunter hunter = TrainerHunter.start(demo, new Random(random.nextLong()), TIMES);
            int[] steps = random.ints(order.size(), 2, LAST_STEP).sorted().toArray();
            for (int i = 0; i < steps.length; i++) {
                demo.awaitStep(steps[i]);
                demo.kill(order.get(i));
            }
            disturbed = LoopRun.finished(demo);
            trainers = hunter.stop();
        }

        String told = "seed " + seed + "\n" + disturbed.said();
        assertThat(disturbed.exitCode()).as(told).isZero();
        assertThat(disturbed.report().books()).as(told).allMatch(BookEntry::balanced);
        assertThat(disturbed.report().parity().orElseThrow().unexplained())
                .as(told)
                .isZero();
        assertThat(trainers).as(told).isGreaterThanOrEqualTo(TIMES);
        assertThat(disturbed.report().restarts().get(OneMachine.TASK_MANAGER))
                .as(told)
                .isGreaterThanOrEqualTo(TIMES);
        assertThat(disturbed.report().restarts().get(OneMachine.CONTROL))
                .as(told)
                .isGreaterThanOrEqualTo(TIMES);
        LoopSliceTest.assertAllAlertsAreDecidedUpon(disturbed.log());
        assertSameDecisions(disturbed.log(), undisturbed.log(), told);
    }

    /** Events of different kinds come by different ways, and so in any order between two ticks: each kind has its own. */
    private static void assertSameDecisions(LoopLog disturbed, LoopLog undisturbed, String told) {
        // Starting the same version twice would fail here, too.
        assertThat(disturbed.starts().keySet())
                .as(told)
                .containsExactlyElementsOf(undisturbed.starts().keySet());
        assertThat(effects(disturbed)).as(told).containsExactlyElementsOf(effects(undisturbed));
        for (String kind : List.of("tick/", "alert/", "health/", "definition/")) {
            assertThat(decided(disturbed, decision -> decision.getEventId().startsWith(kind)))
                    .as("%s%n%s", kind, told)
                    .containsExactlyInAnyOrderElementsOf(decided(
                            undisturbed, decision -> decision.getEventId().startsWith(kind)));
        }
    }

    /** What left one state for another or made the cluster do something, in its order. */
    private static List<String> effects(LoopLog log) {
        return decided(
                log,
                decision -> decision.getOutcome() == DecisionOutcome.CHANGED
                        && (!decision.getFrom().equals(decision.getTo())
                                || !decision.getDesired().isEmpty()));
    }

    private static List<String> decided(LoopLog log, Predicate<LifecycleDecision> wanted) {
        return log.firstDecisions().stream()
                .filter(wanted)
                .map(LoopKillTest::told)
                .toList();
    }

    /** What changed nothing may have been decided a moment before or after something that did. */
    private static String told(LifecycleDecision decision) {
        String told = String.join(
                " | ",
                LOOK.matcher(decision.getEventId()).replaceFirst("$1"),
                decision.getOutcome().toString(),
                LATENCY.matcher(decision.getReason()).replaceAll(""));
        return decision.getOutcome() == DecisionOutcome.CHANGED
                ? String.join(
                        " | ",
                        told,
                        decision.getFrom(),
                        decision.getTo(),
                        decision.getDesired().toString())
                : told;
    }

    private static List<String> order(Random random) {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            order.add(OneMachine.TASK_MANAGER);
            order.add(OneMachine.CONTROL);
        }
        Collections.shuffle(order, random);
        return order;
    }
}
