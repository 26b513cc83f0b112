package dev.tidewheel.history.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.view.Status;
import dev.tidewheel.history.OnlineSimulation;
import dev.tidewheel.history.OnlineSimulation.Fault;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.ViewCut;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParityTest {
    private static final int FLIGHTS = 2_000;
    private static final int QUESTIONS = 600;

    private long seed;

    @BeforeEach
    void choose() {
        seed = new Random().nextLong();
    }

    @Test
    void whatIsServedAsItShouldIsExplained() throws Exception {
        ParityReport report = run(Fault.NONE).judge();

        assertThat(report.unexplained()).as("seed %d: %s", seed, report).isZero();
        assertThat(report.untimely()).as("seed %d", seed).isZero();
        assertThat(report.pending()).isZero();
        assertThat(report.inferences()).isEqualTo(QUESTIONS);
        assertThat(report.views()).extracting(ViewParity::matched).containsOnly((long) QUESTIONS);
        assertThat(report.views())
                .extracting(ViewParity::view)
                .containsExactly("origin_delays", "route_delays", ParityReport.COMPUTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"DROP", "DUPLICATE", "BOUNDARY"})
    void whatIsServedWronglyIsUnexplained(Fault fault) throws Exception {
        ParityReport report = run(fault).judge();

        assertThat(report.unexplained()).as("seed %d", seed).isPositive();
        assertThat(report.differences()).as("seed %d", seed).isNotEmpty().allSatisfy(difference -> {
            assertThat(difference.served()).isNotEqualTo(difference.expected());
            assertThat(difference.column()).isNotEmpty();
        });
    }

    @Test
    void whatIsServedTooLateIsUntimelyAndExplained() throws Exception {
        ParityReport report = run(Fault.STALE).judge();

        assertThat(report.views())
                .as("seed %d: %s", seed, report)
                .extracting(ViewParity::unexplainedValues)
                .containsOnly(0L);
        assertThat(report.differences())
                .as("seed %d: a key that is not there says nothing of how far behind it is", seed)
                .allSatisfy(difference -> assertThat(difference.served()).isEqualTo("no such key"));
        assertThat(report.untimely()).as("seed %d", seed).isPositive();
        assertThat(report.views().get(0).lagMillis().max()).as("seed %d", seed).isPositive();
    }

    @Test
    void rawRowsThatAreNotCommittedYetMakeReadsPending() throws Exception {
        OnlineSimulation run = run(Fault.NONE);

        ParityReport report = run.judge(run.raw(run.topic.size() / 2));

        assertThat(report.pending()).as("seed %d", seed).isPositive();
        assertThat(report.unexplained()).as("seed %d", seed).isZero();
    }

    @Test
    void aRepeatedRecordCountsOnceAndAContradictionIsSeen() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference first = run.log.get(0);
        run.log.add(first);
        run.log.add(Inference.newBuilder(first).setT(first.getT() + 1).build());

        ParityReport report = run.judge();

        assertThat(report.repeated()).isEqualTo(1);
        assertThat(report.contradictory()).isEqualTo(1);
        assertThat(report.inferences()).isEqualTo(QUESTIONS);
        assertThat(report.views().get(0).vectors()).isEqualTo(QUESTIONS + 1);
    }

    @Test
    void aRowThatIsServedWhenAskedAgainIsServed() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference last = run.log.get(run.log.size() - 1);
        Inference failed = Inference.newBuilder(last)
                .setStatus(InferenceStatus.FEATURES_UNAVAILABLE)
                .build();
        run.log.add(run.log.size() - 1, failed);
        run.log.add(Inference.newBuilder(failed).setRequestId("never answered").build());

        ParityReport report = run.judge();

        assertThat(report.unserved()).isEqualTo(1);
        assertThat(report.inferences()).isEqualTo(QUESTIONS + 1);
    }

    @Test
    void anEmptiedStoreIsUnexplained() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        for (int i = QUESTIONS / 2; i < QUESTIONS; i++) {
            run.log.set(i, run.absent(run.log.get(i)));
        }

        ParityReport report = run.judge();

        assertThat(report.unexplained()).as("seed %d", seed).isPositive();
        assertThat(report.differences())
                .allSatisfy(difference -> assertThat(difference.served()).isEqualTo("no such key"));
        assertThat(report.absent())
                .as("seed %d: not a single key was new in the second half", seed)
                .isLessThan(QUESTIONS);
    }

    @Test
    void aStateThatCannotBeReadIsUnexplained() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference last = run.log.get(run.log.size() - 1);
        ByteBuffer statuses = ByteBuffer.allocate(last.getStatuses().remaining());
        while (statuses.hasRemaining()) {
            statuses.put(Status.UNAVAILABLE.code());
        }
        run.log.set(
                run.log.size() - 1,
                Inference.newBuilder(last)
                        .setStatus(InferenceStatus.OTHER)
                        .setError("format 9 is unknown")
                        .setStatuses(statuses.flip())
                        .setCuts(List.of())
                        .build());

        ParityReport report = run.judge();

        assertThat(report.unexplained()).as("seed %d", seed).isEqualTo(2);
        assertThat(report.differences().get(0).served()).isEqualTo("format 9 is unknown");
    }

    @Test
    void whatTheJobRefusedAsFreedIsSeenAndExplained() throws Exception {
        OnlineSimulation run = run(Fault.FREED);

        ParityReport report = run.judge();

        assertThat(report.unexplained()).as("seed %d: %s", seed, report).isZero();
        assertThat(report.freed()).as("seed %d", seed).isPositive();
        run.deadLetters.clear();
        assertThat(run.judge().unexplained())
                .as("seed %d: without letters", seed)
                .isPositive();
    }

    @Test
    void whatACohortRefusedExplainsWhatItServesAndNothingElse() throws Exception {
        OnlineSimulation run = run(Fault.FREED);
        run.frontiers.replaceAll(frontier -> Frontier.newBuilder(frontier)
                .setStage(frontier.getStage() + "@1")
                .build());

        assertThat(run.judge().unexplained())
                .as("seed %d: by the letters of the main pipeline", seed)
                .isPositive();
        run.deadLetters.replaceAll(letter ->
                DeadLetter.newBuilder(letter).setStage(letter.getStage() + "@1").build());
        assertThat(run.judge().unexplained())
                .as("seed %d: by its own letters", seed)
                .isZero();
    }

    @Test
    void whatContainsAnErasedEntityCannotBeJudgedAndAllElseIs() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        String erased = run.topic.get(FLIGHTS / 2).getString(3);

        ParityReport report = run.judge(run.rawWithout(erased));

        assertThat(report.unexplained()).as("seed %d: %s", seed, report).isZero();
        ViewParity origins = report.views().get(0);
        assertThat(origins.erased()).as("seed %d", seed).isPositive();
        assertThat(origins.matched()).as("seed %d: others' values", seed).isPositive();
        assertThat(origins.matched() + origins.erased()).isEqualTo(QUESTIONS);
    }

    @Test
    void whatIsLoggedOfAnErasedEntityIsNotJudgedAndCounted() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference emptied = Inference.newBuilder(run.log.get(0)).build();
        ErasedInferences.empty(emptied, "01234567");
        run.log.set(0, emptied);

        ParityReport report = run.judge();

        assertThat(report.unexplained()).as("seed %d: %s", seed, report).isZero();
        assertThat(report.inferences()).isEqualTo(QUESTIONS);
        assertThat(report.views().subList(0, 2)).allSatisfy(view -> {
            assertThat(view.erased()).isEqualTo(1);
            assertThat(view.matched()).isEqualTo(QUESTIONS - 1);
            assertThat(view.vectors()).isEqualTo(QUESTIONS);
        });
    }

    @Test
    void whatIsServedWronglyBeforeAnythingWasErasedIsUnexplained() throws Exception {
        OnlineSimulation run = run(Fault.DROP);
        String erased = run.topic.get(FLIGHTS / 2).getString(3);

        ParityReport whole = run.judge();
        ParityReport without = run.judge(run.rawWithout(erased));

        assertThat(without.unexplained()).as("seed %d", seed).isLessThanOrEqualTo(whole.unexplained());
        assertThat(without.unexplained() + without.erased())
                .as("seed %d: nothing wrong passes as right but what only the erased one could show", seed)
                .isPositive();
    }

    @Test
    void aStatusIsComparedLikeAValue() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference last = run.log.get(run.log.size() - 1);
        byte[] statuses = new byte[last.getStatuses().remaining()];
        last.getStatuses().duplicate().get(statuses);
        int firstFeature = run.service.request().size();
        statuses[firstFeature] = Status.TRUNCATED.code();
        run.log.set(
                run.log.size() - 1,
                Inference.newBuilder(last)
                        .setStatuses(ByteBuffer.wrap(statuses))
                        .build());

        ParityReport report = run.judge();

        assertThat(report.unexplained()).as("seed %d", seed).isEqualTo(1);
        assertThat(report.differences().get(0).served()).endsWith("TRUNCATED");
        assertThat(report.differences().get(0).column())
                .isEqualTo(run.service.columns().column(firstFeature).name());
    }

    @Test
    void computedColumnsAreHeldAgainstAnotherComputation() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference last = run.log.get(run.log.size() - 1);
        byte[] statuses = new byte[last.getStatuses().remaining()];
        last.getStatuses().duplicate().get(statuses);
        statuses[statuses.length - 1] = Status.ERROR.code();
        run.log.set(
                run.log.size() - 1,
                Inference.newBuilder(last)
                        .setStatuses(ByteBuffer.wrap(statuses))
                        .build());

        ParityReport report = run.judge();
        ViewParity computed = report.views().get(report.views().size() - 1);

        assertThat(computed.unexplained()).as("seed %d", seed).isEqualTo(1);
        assertThat(computed.values())
                .as("the request's own columns do not count")
                .isEqualTo((long) QUESTIONS * run.service.onDemand().size());
    }

    @Test
    void aFlushThatNobodyAnnouncedIsUnexplained() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference last = run.log.get(run.log.size() - 1);
        ViewCut invented = new ViewCut("origin_delays", 1L, 78L, 0, 1L, 0L, 0L);
        run.log.set(
                run.log.size() - 1,
                Inference.newBuilder(last)
                        .setCuts(List.of(invented, last.getCuts().get(1)))
                        .build());

        ParityReport report = run.judge();

        assertThat(report.unexplained()).as("seed %d", seed).isEqualTo(1);
        assertThat(report.differences().get(0).expected()).isEqualTo("an announced flush");
    }

    @Test
    void aVectorOfAnotherServiceIsUnexplained() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        run.log.set(
                0,
                Inference.newBuilder(run.log.get(0))
                        .setServiceHash("sha256:other")
                        .build());

        assertThat(run.judge().unexplained()).isEqualTo(1);
    }

    @Test
    void everyArmIsJudgedByTheVersionOfTheServiceThatItNames() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        Inference one = run.log.get(0);
        Inference other = run.log.get(1);
        run.log.add(
                Inference.newBuilder(one).setArm("shadow").setModelVersion("2").build());
        run.log.add(Inference.newBuilder(one)
                .setArm("canary")
                .setModelVersion("2")
                .setStatus(InferenceStatus.MODEL_ERROR)
                .setPrediction(List.of())
                .build());
        run.log.add(Inference.newBuilder(other)
                .setArm("shadow")
                .setServiceHash("sha256:pinned")
                .build());

        ParityReport report = run.judge("sha256:pinned");

        assertThat(report.unexplained()).as("seed %d: %s", seed, report).isZero();
        assertThat(report.arms())
                .containsEntry("canary", 1L)
                .containsEntry("shadow", 2L)
                .containsEntry("champion", (long) QUESTIONS);
        assertThat(report.inferences()).isEqualTo(QUESTIONS + 3);
        assertThat(report.views())
                .filteredOn(view -> view.view().equals("origin_delays@sha256:pinned"))
                .singleElement()
                .satisfies(view -> assertThat(view.matched()).isEqualTo(1));
        assertThat(run.judge().unexplained())
                .as("without the pin nothing explains its vector")
                .isEqualTo(1);
    }

    @Test
    void aRecordThatCannotBeUnderstoodIsUnexplained() throws Exception {
        OnlineSimulation run = run(Fault.NONE);
        run.log.set(
                0,
                Inference.newBuilder(run.log.get(0))
                        .setStatuses(ByteBuffer.allocate(3))
                        .build());

        ParityReport report = run.judge();

        assertThat(report.unexplained()).isEqualTo(1);
        assertThat(report.differences().get(0).served()).contains("has 3 statuses");
        assertThat(report.toJson()).contains("\"unexplained\" : 1");
    }

    private OnlineSimulation run(Fault fault) {
        return new OnlineSimulation(new Random(seed), FLIGHTS, fault).ask(QUESTIONS);
    }
}
