package dev.tidewheel.jobs.tile;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewLineage;
import dev.tidewheel.store.FlushId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/** Builds the frontiers of one subtask. */
final class FrontierFactory {
    private final StageSpec stage;
    private final List<ViewLineage> views;
    private final int parallelism;
    private final KeyGroupRange keyGroups;
    private final long registry;

    /** @param registry what the job was built from, see {@link RegistryPosition} */
    FrontierFactory(StageSpec stage, List<StageView> views, TaskInfo task, long registry) {
        this.stage = stage;
        this.registry = registry;
        this.views = views.stream()
                .map(view -> new ViewLineage(view.name(), view.lineage()))
                .toList();
        this.parallelism = task.getNumberOfParallelSubtasks();
        this.keyGroups = KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                task.getMaxNumberOfParallelSubtasks(), parallelism, task.getIndexOfThisSubtask());
    }

    Frontier frontier(FrontierPhase phase, FlushId flush, Map<Integer, Long> cut, int keysWritten) {
        return Frontier.newBuilder()
                .setJob(stage.job())
                .setStage(stage.name())
                .setViews(views)
                .setAttempt(flush.attempt())
                .setSubtask(flush.subtask())
                .setParallelism(parallelism)
                .setFirstKeyGroup(keyGroups.getStartKeyGroup())
                .setLastKeyGroup(keyGroups.getEndKeyGroup())
                .setFlush(flush.flush())
                .setPhase(phase)
                .setPartitions(partitions(cut))
                .setKeysWritten(keysWritten)
                .setRegistry(registry)
                .setImports(imports(cut))
                .build();
    }

    private List<PartitionFrontier> partitions(Map<Integer, Long> cut) {
        List<PartitionFrontier> partitions = new ArrayList<>(cut.size());
        cut.forEach((channel, next) -> partitions.add(partition(channel, next)));
        return partitions;
    }

    /** Where those end that the stage reads: one that went on without them has none in its cut. */
    private List<PartitionFrontier> imports(Map<Integer, Long> cut) {
        return stage.imports().entrySet().stream()
                .filter(each -> cut.containsKey(each.getKey()))
                .map(each -> partition(each.getKey(), each.getValue()))
                .toList();
    }

    private PartitionFrontier partition(int channel, long next) {
        return new PartitionFrontier(
                stage.channels().topic(channel), stage.channels().partition(channel), next);
    }
}
