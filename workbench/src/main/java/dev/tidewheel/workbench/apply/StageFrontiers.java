package dev.tidewheel.workbench.apply;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewLineage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far every stage of every feature job has come, folded from the topic of frontiers in its order. Only the newest
 * attempt of a subtask counts. Mutable, not thread-safe.
 */
public final class StageFrontiers {
    private final Map<String, Map<String, Stage>> jobs = new TreeMap<>();

    /** One keyed stage. */
    private static final class Stage {
        private final Map<Integer, Subtask> subtasks = new HashMap<>();
        /** By subtask its newest attempt that has acknowledged anything. */
        private final Map<Integer, Long> acknowledged = new HashMap<>();

        private long newestAttempt = Long.MIN_VALUE;
        private int parallelism;
        private long registry = -1;
        private Set<String> views = Set.of();

        void accept(Frontier frontier) {
            if (frontier.getAttempt() > newestAttempt) {
                newestAttempt = frontier.getAttempt();
                parallelism = frontier.getParallelism();
                registry = frontier.getRegistry();
                views = frontier.getViews().stream().map(Stage::id).collect(Collectors.toCollection(TreeSet::new));
            }
            Subtask known = subtasks.get(frontier.getSubtask());
            if (known == null || known.attempt() < frontier.getAttempt()) {
                known = new Subtask(frontier.getAttempt(), frontier.getRegistry(), new HashMap<>(), new HashMap<>());
                subtasks.put(frontier.getSubtask(), known);
            }
            if (known.attempt() == frontier.getAttempt() && frontier.getPhase() == FrontierPhase.ACKNOWLEDGED) {
                acknowledged.put(frontier.getSubtask(), frontier.getAttempt());
                put(frontier.getPartitions(), known.acknowledged());
                put(frontier.getImports(), known.imports());
            }
        }

        private static void put(List<PartitionFrontier> partitions, Map<TopicPartition, Long> into) {
            partitions.forEach(partition -> into.put(
                    new TopicPartition(partition.getTopic(), partition.getPartition()), partition.getNextOffset()));
        }

        private static String id(ViewLineage view) {
            return view.getView() + "@" + view.getLineage();
        }

        /** What all subtasks contain. */
        Map<TopicPartition, Long> cut() {
            return IntStream.range(0, parallelism)
                    .mapToObj(this::acknowledged)
                    .reduce((some, others) -> {
                        Map<TopicPartition, Long> common = new HashMap<>(some);
                        common.keySet().retainAll(others.keySet());
                        common.replaceAll((partition, next) -> Math.min(next, others.getOrDefault(partition, next)));
                        return common;
                    })
                    .orElse(Map.of());
        }

        /** Where the imports end that any subtask reads. */
        Map<TopicPartition, Long> imports() {
            Map<TopicPartition, Long> imports = new HashMap<>();
            for (int subtask = 0; subtask < parallelism; subtask++) {
                Subtask known = subtasks.get(subtask);
                if (known != null) {
                    imports.putAll(known.imports());
                }
            }
            return imports;
        }

        /** Whether each subtask was built after a record of the registry, and has said what it contains since. */
        boolean hasBegunAfter(long offset) {
            return parallelism > 0
                    && IntStream.range(0, parallelism).allMatch(number -> {
                        Subtask known = subtasks.get(number);
                        return known != null
                                && known.registry() > offset
                                && acknowledged.getOrDefault(number, Long.MIN_VALUE) == known.attempt();
                    });
        }

        private Map<TopicPartition, Long> acknowledged(int subtask) {
            Subtask known = subtasks.get(subtask);
            return known == null ? Map.of() : known.acknowledged();
        }
    }

    /** @param imports the offset after the last record of each import that it reads */
    private record Subtask(
            long attempt, long registry, Map<TopicPartition, Long> acknowledged, Map<TopicPartition, Long> imports) {}

    /** Takes the next record of the topic. */
    public void accept(Frontier frontier) {
        jobs.computeIfAbsent(frontier.getJob(), unseen -> new TreeMap<>())
                .computeIfAbsent(frontier.getStage(), unseen -> new Stage())
                .accept(frontier);
    }

    /** Whether the job has ever said how far it came. */
    public boolean hasRun(String job) {
        return jobs.containsKey(job);
    }

    /** The stage that computes a lineage in its newest attempt, or did when it was last seen. */
    public Optional<String> stageOf(String job, String lineage) {
        return jobs.getOrDefault(job, Map.of()).entrySet().stream()
                .filter(stage -> stage.getValue().views.contains(lineage))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What the stage contains, by partition; empty if it has never said so. */
    public Map<TopicPartition, Long> cut(String job, String stage) {
        @Nullable Stage found = jobs.getOrDefault(job, Map.of()).get(stage);
        return found == null ? Map.of() : found.cut();
    }

    /** Where the imports end that the stage reads, by partition. */
    public Map<TopicPartition, Long> imports(String job, String stage) {
        @Nullable Stage found = jobs.getOrDefault(job, Map.of()).get(stage);
        return found == null ? Map.of() : found.imports();
    }

    /**
     * The greatest offsets that any stage of the job contains: what a newcomer has to reach. Of imports each stage has its own,
     * see {@link #imports}.
     */
    public Map<TopicPartition, Long> greatest(String job) {
        Map<TopicPartition, Long> greatest = new HashMap<>();
        jobs.getOrDefault(job, Map.of())
                .values()
                .forEach(stage -> stage.cut().forEach((partition, next) -> greatest.merge(partition, next, Math::max)));
        greatest.keySet().removeIf(partition -> Channels.isImport(partition.partition()));
        return greatest;
    }

    /**
     * Whether the job was built after a record of the registry had been written, whatever it was. That its tasks were
     * started again says nothing: after a failure they compute what they did before.
     *
     * @param offset of the record
     */
    public boolean isBuiltAfter(String job, long offset) {
        return jobs.getOrDefault(job, Map.of()).values().stream().anyMatch(stage -> stage.registry > offset);
    }

    /**
     * The same of all that computes some lineages, down to the last subtask: each has said, since it was built, what it
     * contains. Only then is the {@linkplain #cut cut} one of the new job, and none of the former still writes.
     *
     * @param lineages as {@code view@lineage}
     */
    public boolean hasBegunAfter(String job, Set<String> lineages, long offset) {
        return lineages.stream()
                .allMatch(lineage -> jobs.getOrDefault(job, Map.of()).values().stream()
                        .anyMatch(stage -> stage.views.contains(lineage) && stage.hasBegunAfter(offset)));
    }
}
