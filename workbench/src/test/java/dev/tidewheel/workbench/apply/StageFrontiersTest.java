package dev.tidewheel.workbench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewLineage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StageFrontiersTest {
    private static final int IMPORT = Channels.importPartition(0);

    private final StageFrontiers stages = new StageFrontiers();

    /** The stage that began later reads an import that the other knows nothing of. */
    @Test
    void eachStageHasToReachTheEndOfTheImportsThatItReads() {
        accept("origin", 0, List.of(at(0, 50)), List.of());
        accept("origin@1", 0, List.of(at(0, 50), at(IMPORT, 0)), List.of(at(IMPORT, 900)));
        accept("origin@1", 1, List.of(at(0, 50), at(IMPORT, 300)), List.of(at(IMPORT, 900)));

        assertThat(stages.greatest("flights")).isEqualTo(Map.of(partition(0), 50L));
        assertThat(stages.imports("flights", "origin")).isEmpty();
        assertThat(stages.imports("flights", "origin@1")).isEqualTo(Map.of(partition(IMPORT), 900L));
        assertThat(LiveProgress.missing(
                        stages.imports("flights", "origin@1"), stages.cut("flights", "origin@1"), Set.of()))
                .as("of the slower subtask")
                .contains(900L);
    }

    private void accept(
            String stage, int subtask, List<PartitionFrontier> partitions, List<PartitionFrontier> imports) {
        stages.accept(Frontier.newBuilder()
                .setJob("flights")
                .setStage(stage)
                .setViews(List.of(new ViewLineage("delays", 1L)))
                .setAttempt(7L)
                .setSubtask(subtask)
                .setParallelism(stage.equals("origin") ? 1 : 2)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(127)
                .setFlush(1L)
                .setPhase(FrontierPhase.ACKNOWLEDGED)
                .setPartitions(partitions)
                .setImports(imports)
                .build());
    }

    private static PartitionFrontier at(int partition, long next) {
        return new PartitionFrontier("flights", partition, next);
    }

    private static TopicPartition partition(int partition) {
        return new TopicPartition("flights", partition);
    }
}
