package dev.tidewheel.workbench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FrontierTrackerTest {
    private static final Map<TopicPartition, Long> SENT = Map.of(new TopicPartition("flights", 0), 10L);

    private final FrontierTracker tracker = new FrontierTracker("flights", Set.of("origin", "route"));

    @Test
    void waitsForEveryStageAndSubtask() {
        acknowledge("origin", 7, 0, 10);
        acknowledge("origin", 8, 1, 10);
        assertThat(tracker.missing(SENT)).hasValue("stage route has published no frontier");

        acknowledge("route", 5, 0, 10);
        assertThat(tracker.missing(SENT)).hasValue("stage route, subtask 1 has published no frontier");

        acknowledge("route", 5, 1, 9);
        assertThat(tracker.missing(SENT))
                .hasValue("stage route, subtask 1, attempt 5 has acknowledged flights-0 up to 9 of 10");

        acknowledge("route", 5, 1, 10);
        assertThat(tracker.missing(SENT)).isEmpty();
    }

    @Test
    void anAnnouncementIsNoAcknowledgement() {
        allAcknowledge(9);
        tracker.accept(frontier("origin", 1, 0, 10, FrontierPhase.ANNOUNCED));
        acknowledge("origin", 1, 1, 10);
        acknowledge("route", 1, 0, 10);
        acknowledge("route", 1, 1, 10);

        assertThat(tracker.missing(SENT)).isPresent();
    }

    @Test
    void aNewAttemptStartsOverAndTheOldOneIsNotHeardAnyMore() {
        allAcknowledge(10);
        acknowledge("origin", 2, 0, 4);
        assertThat(tracker.missing(SENT)).isPresent();

        acknowledge("origin", 1, 0, 12);
        assertThat(tracker.missing(SENT)).as("a zombie's word").isPresent();

        acknowledge("origin", 2, 0, 10);
        assertThat(tracker.missing(SENT)).isEmpty();
    }

    @Test
    void otherJobsDoNotMatter() {
        allAcknowledge(9);
        Frontier other = frontier("origin", 9, 0, 99, FrontierPhase.ACKNOWLEDGED);
        other.setJob("trains");
        tracker.accept(other);

        assertThat(tracker.missing(Map.of(new TopicPartition("flights", 0), 9L)))
                .isEmpty();
        assertThat(tracker.missing(SENT)).isPresent();
    }

    private void allAcknowledge(long next) {
        for (String stage : List.of("origin", "route")) {
            acknowledge(stage, 1, 0, next);
            acknowledge(stage, 1, 1, next);
        }
    }

    private void acknowledge(String stage, long attempt, int subtask, long next) {
        tracker.accept(frontier(stage, attempt, subtask, next, FrontierPhase.ACKNOWLEDGED));
    }

    private static Frontier frontier(String stage, long attempt, int subtask, long next, FrontierPhase phase) {
        return Frontier.newBuilder()
                .setJob("flights")
                .setStage(stage)
                .setViews(List.of())
                .setAttempt(attempt)
                .setSubtask(subtask)
                .setParallelism(2)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(1)
                .setFlush(1)
                .setPhase(phase)
                .setPartitions(List.of(PartitionFrontier.newBuilder()
                        .setTopic("flights")
                        .setPartition(0)
                        .setNextOffset(next)
                        .build()))
                .build();
    }
}
