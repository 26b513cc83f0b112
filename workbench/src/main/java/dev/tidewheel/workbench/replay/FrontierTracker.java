package dev.tidewheel.workbench.replay;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frontiers of one job: how far every subtask of every stage has acknowledged its source. Only the
 * newest attempt of a subtask counts; an attempt that has not said anything yet is not known. Not thread-safe.
 */
public final class FrontierTracker {
    private final String job;
    private final Set<String> stages;
    private final Map<Subtask, Progress> newest = new HashMap<>();

    /**
     * @param job the source whose views the job computes, or {@code monitoring}
     * @param stages the stages to wait for, each an entity's key columns joined by '+'
     */
    public FrontierTracker(String job, Set<String> stages) {
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("no stages to wait for");
        }
        this.job = job;
        this.stages = Set.copyOf(stages);
    }

    /** For people. */
    String job() {
        return "job " + job;
    }

    private record Subtask(String stage, int index) {}

    private record Progress(long attempt, int parallelism, Map<TopicPartition, Long> acknowledged) {}

    /** Takes the next record of the topic. */
    public void accept(Frontier frontier) {
        if (!frontier.getJob().equals(job) || !stages.contains(frontier.getStage())) {
            return;
        }
        Subtask subtask = new Subtask(frontier.getStage(), frontier.getSubtask());
        @Nullable Progress known = newest.get(subtask);
        if (known == null || known.attempt() < frontier.getAttempt()) {
            known = new Progress(frontier.getAttempt(), frontier.getParallelism(), new HashMap<>());
            newest.put(subtask, known);
        }
        if (known.attempt() == frontier.getAttempt() && frontier.getPhase() == FrontierPhase.ACKNOWLEDGED) {
            known.acknowledged().putAll(offsets(frontier.getPartitions()));
        }
    }

    /**
     * Empty if every stage has acknowledged all records before these offsets; else what is missing, for people.
     *
     * @param sent the next offset of each partition
     */
    public Optional<String> missing(Map<TopicPartition, Long> sent) {
        for (String stage : stages) {
            Optional<String> missing = missing(stage, sent);
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }

    private Optional<String> missing(String stage, Map<TopicPartition, Long> sent) {
        int parallelism = parallelism(stage);
        if (parallelism == 0) {
            return Optional.of("stage " + stage + " has published no frontier");
        }
        for (int index = 0; index < parallelism; index++) {
            @Nullable Progress progress = newest.get(new Subtask(stage, index));
            if (progress == null) {
                return Optional.of("stage " + stage + ", subtask " + index + " has published no frontier");
            }
            for (Map.Entry<TopicPartition, Long> target : sent.entrySet()) {
                long reached = progress.acknowledged().getOrDefault(target.getKey(), 0L);
                if (reached < target.getValue()) {
                    return Optional.of("stage " + stage + ", subtask " + index + ", attempt " + progress.attempt()
                            + " has acknowledged " + target.getKey() + " up to " + reached + " of "
                            + target.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** The newest attempt tells how many subtasks there are: a job may come back with another parallelism. */
    private int parallelism(String stage) {
        return newest.entrySet().stream()
                .filter(entry -> entry.getKey().stage().equals(stage))
                .map(Map.Entry::getValue)
                .max((a, b) -> Long.compare(a.attempt(), b.attempt()))
                .map(Progress::parallelism)
                .orElse(0);
    }

    private static Map<TopicPartition, Long> offsets(List<PartitionFrontier> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (PartitionFrontier partition : partitions) {
            offsets.put(new TopicPartition(partition.getTopic(), partition.getPartition()), partition.getNextOffset());
        }
        return offsets;
    }
}
