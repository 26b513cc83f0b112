package dev.tidewheel.jobs.tile;

import dev.tidewheel.jobs.route.KeyedChange;
import dev.tidewheel.jobs.route.OffsetMarker;
import dev.tidewheel.jobs.route.Routed;
import dev.tidewheel.jobs.tile.ModelMet.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.jspecify.annotations.Nullable;

/**
 * One run of the job from a restore on: readers of the source, which route as {@link dev.tidewheel.jobs.route.Router} does
 * (a marker some time after a record, and before each barrier), and subtasks of the keyed stage.
 */
final class ModelAttempt {
    static final int KEY_GROUPS = 8;

    /**
     * What one subtask gives to a checkpoint.
     *
     * @param erased keys that it had dropped
     */
    record Snapshot(StageProgress progress, ModelStates states, Set<String> erased) {}

    /** What an attempt starts from. */
    record Checkpoint(Map<Integer, Long> offsets, List<Snapshot> snapshots) {}

    private static final class Reader {
        final List<Integer> partitions = new ArrayList<>();
        final TreeMap<Integer, Long> covered = new TreeMap<>();
        boolean dirty;
    }

    private final ModelRun run;
    private final ModelLog log;
    private final int number;
    private final int parallelism;
    private final List<Reader> readers = new ArrayList<>();
    private final List<ModelSubtask> subtasks = new ArrayList<>();
    private final Set<String> erased;
    private final long[] next = new long[ModelLog.PARTITIONS];
    private final long[] greatest = new long[ModelLog.PARTITIONS];

    private long barriers;
    private @Nullable Map<Integer, Long> taking;
    private final Map<Integer, Snapshot> taken = new HashMap<>();
    private int barriersUnderWay;

    /** @param erased keys that its job leaves out */
    ModelAttempt(
            ModelRun run, int number, int parallelism, int readers, Set<String> erased, @Nullable Checkpoint from) {
        this.run = run;
        this.erased = Set.copyOf(erased);
        this.log = run.log();
        this.number = number;
        this.parallelism = parallelism;
        for (int r = 0; r < readers; r++) {
            this.readers.add(new Reader());
        }
        for (int p = 0; p < ModelLog.PARTITIONS; p++) {
            this.readers.get(p % readers).partitions.add(p);
            greatest[p] = Long.MIN_VALUE;
            next[p] = from == null ? 0 : from.offsets().getOrDefault(p, 0L);
            boolean skips = run.mistake() == ModelMistake.RESTORES_LATER_OFFSETS && from != null;
            next[p] = Math.min(log.partitions().get(p).size(), next[p] + (skips ? 1 : 0));
        }
        for (int s = 0; s < parallelism; s++) {
            subtasks.add(new ModelSubtask(run, this, s, readers, from));
        }
    }

    int number() {
        return number;
    }

    int parallelism() {
        return parallelism;
    }

    /** Keys that its job leaves out. */
    Set<String> erased() {
        return erased;
    }

    List<ModelSubtask> subtasks() {
        return subtasks;
    }

    /** The subtask that has a key. */
    int owner(String key) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(key, KEY_GROUPS, parallelism);
    }

    void kill() {
        subtasks.forEach(ModelSubtask::kill);
        taking = null;
    }

    boolean hasReadAll() {
        for (int p = 0; p < next.length; p++) {
            if (next[p] < log.partitions().get(p).size()) {
                return false;
            }
        }
        return true;
    }

    /** Reads the next record of a partition, if there is one. */
    void read(int partition) {
        if (next[partition] == log.partitions().get(partition).size()) {
            return;
        }
        ModelLog.Entry entry = log.partitions().get(partition).get((int) next[partition]++);
        run.trace("%s reads %s", this, entry);
        Reader reader = readers.get(partition % readers.size());
        reader.covered.put(partition, next[partition]);
        reader.dirty = true;
        for (ModelLog.Part part : entry.parts()) {
            if (!part.change().isLate(ModelLog.HORIZON)) {
                greatest[partition] =
                        Math.max(greatest[partition], part.change().knownTime());
                if (part.change().retraction()) {
                    run.met(Event.ROW_TAKEN_AWAY);
                }
            }
        }
        // Where entities are erased, a record is one event; what it says is gone when it is read.
        if (erased.contains(entry.parts().get(0).key()) && run.mistake() != ModelMistake.READS_WHAT_IS_ERASED) {
            run.met(Event.RECORD_LEFT_OUT);
            return;
        }
        boolean adds = run.mistake() == ModelMistake.ADDS_WHAT_IS_TAKEN_AWAY;
        send(partition % readers.size(), adds ? entry.added().routed() : entry.routed());
    }

    /** What a record takes away and what it adds, together if they go to the same subtask. */
    private void send(int channel, List<KeyedChange> parts) {
        boolean together = parts.size() == 2
                && owner(parts.get(0).key()) == owner(parts.get(1).key());
        if (parts.size() == 2) {
            run.met(together ? Event.RECORD_TO_ONE : Event.RECORD_TO_TWO);
        }
        if (together && run.mistake() != ModelMistake.PARTS_A_RECORD) {
            send(channel, Routed.of(parts.get(0), parts.get(1)));
        } else {
            parts.forEach(part -> send(channel, Routed.of(part.key(), part.change())));
        }
    }

    private void send(int channel, Routed routed) {
        subtasks.get(owner(routed.key())).send(channel, new ModelSubtask.Item(routed, null, null));
    }

    /** A reader's flush timer fires. */
    void mark(int reader) {
        Reader marking = readers.get(reader % readers.size());
        if (marking.dirty) {
            marking.dirty = false;
            run.trace("%s marks %s", this, marking.covered);
            OffsetMarker marker = new OffsetMarker(
                    marking.covered.keySet().stream()
                            .mapToInt(Integer::intValue)
                            .toArray(),
                    marking.covered.values().stream().mapToLong(Long::longValue).toArray());
            broadcast(reader % readers.size(), new ModelSubtask.Item(Routed.of("marker", marker), null, null));
        }
    }

    /** A reader tells how far knownTime is, of all its partitions. */
    void emitWatermark(int reader) {
        long least = Long.MAX_VALUE;
        for (int partition : readers.get(reader % readers.size()).partitions) {
            least = Math.min(least, greatest[partition]);
        }
        if (least != Long.MIN_VALUE) {
            broadcast(reader % readers.size(), new ModelSubtask.Item(null, least - ModelLog.BEHIND, null));
        }
    }

    private void broadcast(int channel, ModelSubtask.Item item) {
        subtasks.forEach(subtask -> subtask.send(channel, item));
    }

    int readers() {
        return readers.size();
    }

    /** Begins a checkpoint, unless the barriers of another one are still on their way. */
    void trigger() {
        if (barriersUnderWay > 0) {
            return;
        }
        barriers++;
        barriersUnderWay = parallelism;
        taken.clear();
        taking = new TreeMap<>();
        run.trace("%s begins checkpoint %d", this, barriers);
        for (int r = 0; r < readers.size(); r++) {
            if (run.mistake() != ModelMistake.CHECKPOINTS_WITHOUT_MARKERS) {
                mark(r);
            }
            broadcast(r, new ModelSubtask.Item(null, null, barriers));
        }
        for (int p = 0; p < next.length; p++) {
            taking.put(p, next[p]);
        }
    }

    /** The checkpoint under way is given up; its barriers are not. */
    void abort() {
        taking = null;
    }

    void confirmed(long checkpoint, int subtask, Snapshot snapshot) {
        ModelViolation.unless(checkpoint == barriers, "checkpoint %d is confirmed during %d", checkpoint, barriers);
        barriersUnderWay--;
        taken.put(subtask, snapshot);
        if (taking != null && taken.size() == parallelism) {
            run.completed(this, new Checkpoint(taking, List.copyOf(taken.values())));
            taking = null;
        }
    }

    @Override
    public String toString() {
        return "attempt " + number;
    }
}
