package dev.tidewheel.history.served;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewCut;
import dev.tidewheel.records.ViewLineage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All announced flushes: from what a value says of the flush that wrote it to the offsets that it contains. A flush is
 * announced before it is written, so the cut of any value that was ever read is known. Filled by one thread, then only
 * read.
 */
public final class FrontierIndex {
    private final Map<StageOf, String> stages = new HashMap<>();
    private final Map<SubtaskOf, Flushes> flushes = new HashMap<>();

    private record StageOf(String view, long lineage) {}

    private record SubtaskOf(String stage, long attempt, int subtask) {}

    /** Takes a record of the topic of frontiers, in the order of the topic. */
    public void add(Frontier frontier) {
        if (frontier.getPhase() != FrontierPhase.ANNOUNCED) {
            return;
        }
        String stage = frontier.getJob() + "/" + frontier.getStage();
        for (ViewLineage view : frontier.getViews()) {
            stages.put(new StageOf(view.getView(), view.getLineage()), stage);
        }
        SubtaskOf subtask = new SubtaskOf(stage, frontier.getAttempt(), frontier.getSubtask());
        flushes.computeIfAbsent(subtask, unseen -> new Flushes()).add(frontier.getFlush(), cut(frontier));
    }

    /** The cut of a value; empty if its flush was never announced, which is a defect of the job. */
    public Optional<Cut> find(ViewCut flush) {
        if (flush.getAttempt() == 0) {
            return Optional.of(Cut.EMPTY);
        }
        String stage = stages.get(new StageOf(flush.getView(), flush.getLineage()));
        if (stage == null) {
            return Optional.empty();
        }
        Flushes ofSubtask = flushes.get(new SubtaskOf(stage, flush.getAttempt(), flush.getSubtask()));
        return Optional.ofNullable(ofSubtask).flatMap(known -> known.find(flush.getFlush()));
    }

    private static Cut cut(Frontier frontier) {
        Map<Integer, Long> next = new TreeMap<>();
        for (PartitionFrontier partition : frontier.getPartitions()) {
            next.put(partition.getPartition(), partition.getNextOffset());
        }
        String topic = frontier.getPartitions().isEmpty()
                ? ""
                : frontier.getPartitions().get(0).getTopic();
        return Cut.of(topic, next);
    }

    /** The flushes of one subtask in the order of their numbers. */
    private static final class Flushes {
        private final List<Long> numbers = new ArrayList<>();
        private final List<Cut> cuts = new ArrayList<>();

        void add(long number, Cut cut) {
            int place = Collections.binarySearch(numbers, number);
            if (place >= 0) {
                requireSame(number, cuts.get(place), cut);
            } else {
                numbers.add(-place - 1, number);
                cuts.add(-place - 1, cut);
            }
        }

        Optional<Cut> find(long number) {
            int place = Collections.binarySearch(numbers, number);
            return place < 0 ? Optional.empty() : Optional.of(cuts.get(place));
        }

        private static void requireSame(long number, Cut known, Cut cut) {
            if (!Objects.equals(known, cut)) {
                throw new IllegalStateException("flush " + number + " was announced twice, with " + known + " and "
                        + cut + ": two subtasks used one attempt number");
            }
        }
    }
}
