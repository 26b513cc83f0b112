package dev.tidewheel.history.served;

import dev.tidewheel.definitions.Channels;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All announced flushes: from what a value says of the flush that wrote it to the offsets that it contains. A flush is
 * announced before it is written, so the cut of any value that was ever read is known. Filled by one thread, then only
 * read.
 */
public final class FrontierIndex {
    private final Map<StageOf, String> stages = new HashMap<>();
    private final Map<SubtaskOf, Flushes> flushes = new HashMap<>();
    private final Map<StageOf, Set<Integer>> imports = new HashMap<>();

    private record StageOf(String view, long lineage) {}

    private record SubtaskOf(String stage, long attempt, int subtask) {}

    /** Takes a record of the topic of frontiers, in the order of the topic. */
    public void add(Frontier frontier) {
        for (ViewLineage view : frontier.getViews()) {
            Set<Integer> ofView =
                    imports.computeIfAbsent(new StageOf(view.getView(), view.getLineage()), unseen -> new TreeSet<>());
            frontier.getImports().forEach(each -> ofView.add(each.getPartition()));
        }
        if (frontier.getPhase() != FrontierPhase.ANNOUNCED) {
            return;
        }
        String stage = frontier.getJob() + "/" + frontier.getStage();
        for (ViewLineage view : frontier.getViews()) {
            stages.put(new StageOf(view.getView(), view.getLineage()), stage);
        }
        SubtaskOf subtask = new SubtaskOf(stage, frontier.getAttempt(), frontier.getSubtask());
        flushes.computeIfAbsent(subtask, unseen -> new Flushes())
                .add(frontier.getFlush(), new Offsets(frontier.getPartitions()));
    }

    /**
     * The cut of a value; empty if its flush was never announced, which is a defect of the job.
     *
     * @param channels of the view's source
     */
    public Optional<Cut> find(ViewCut flush, Channels channels) {
        if (flush.getAttempt() == 0) {
            return Optional.of(Cut.EMPTY);
        }
        String stage = stages.get(new StageOf(flush.getView(), flush.getLineage()));
        if (stage == null) {
            return Optional.empty();
        }
        Flushes ofSubtask = flushes.get(new SubtaskOf(stage, flush.getAttempt(), flush.getSubtask()));
        return Optional.ofNullable(ofSubtask)
                .flatMap(known -> known.find(flush.getFlush()))
                .map(offsets -> offsets.in(channels));
    }

    /**
     * The partitions of the imports that a lineage is computed with, whether it has read them yet or not; empty if nobody has
     * computed it yet.
     */
    public Optional<Set<Integer>> imports(String view, long lineage) {
        return Optional.ofNullable(imports.get(new StageOf(view, lineage))).map(Set::copyOf);
    }

    /** Which cohort computes a lineage; 0, the main pipeline, for one that was never announced. */
    public long cohort(String view, long lineage) {
        String stage = stages.getOrDefault(new StageOf(view, lineage), "");
        int at = stage.lastIndexOf('@');
        return at < 0 ? 0 : Long.parseLong(stage.substring(at + 1));
    }

    /** What a flush contains, as its frontier says it: which source's topics these are, is known to whoever asks. */
    private record Offsets(List<PartitionFrontier> partitions) {
        Cut in(Channels channels) {
            if (partitions.isEmpty()) {
                return Cut.EMPTY;
            }
            Map<Integer, Long> next = new TreeMap<>();
            for (PartitionFrontier each : partitions) {
                next.put(channel(each, channels), each.getNextOffset());
            }
            return Cut.of(channels, next);
        }

        /** A source of one topic has no other, whatever a file that its history was read from is called. */
        private static int channel(PartitionFrontier each, Channels channels) {
            return channels.topics().size() == 1
                    ? each.getPartition()
                    : channels.channel(each.getTopic(), each.getPartition());
        }
    }

    /** The flushes of one subtask in the order of their numbers. */
    private static final class Flushes {
        private final List<Long> numbers = new ArrayList<>();
        private final List<Offsets> offsets = new ArrayList<>();

        void add(long number, Offsets announced) {
            int place = Collections.binarySearch(numbers, number);
            if (place >= 0) {
                requireSame(number, offsets.get(place), announced);
            } else {
                numbers.add(-place - 1, number);
                offsets.add(-place - 1, announced);
            }
        }

        Optional<Offsets> find(long number) {
            int place = Collections.binarySearch(numbers, number);
            return place < 0 ? Optional.empty() : Optional.of(offsets.get(place));
        }

        private static void requireSame(long number, Offsets known, Offsets announced) {
            if (!known.equals(announced)) {
                throw new IllegalStateException("flush " + number + " was announced twice, with " + known + " and "
                        + announced + ": two subtasks used one attempt number");
            }
        }
    }
}
