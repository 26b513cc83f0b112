package dev.tidewheel.benchmarks;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.store.FlushId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the store has confirmed of one job, and when: from each subtask's flushes and their cuts. The job finds it by name,
 * because its connector travels serialised. Thread-safe.
 */
final class Confirmed {
    private static final Map<String, Confirmed> BY_RUN = new ConcurrentHashMap<>();

    /** From a moment on, a subtask's values contain all before the offsets. */
    record Reached(long nanos, long[] nextOffsets) {}

    /** A flush on its way: its cut, and how many of its values are not in the store yet. */
    private record OnItsWay(long[] cut, AtomicInteger missing) {}

    private final Map<FlushId, OnItsWay> announced = new ConcurrentHashMap<>();
    private final Map<Integer, List<Reached>> reached = new ConcurrentHashMap<>();
    private final Map<Integer, long[]> acknowledged = new ConcurrentHashMap<>();
    private final LongAdder states = new LongAdder();
    private final LongAdder headBytes = new LongAdder();
    private final LongAdder flushes = new LongAdder();
    private final AtomicInteger failuresWanted = new AtomicInteger();
    private final Map<Long, Boolean> attempts = new ConcurrentHashMap<>();

    /** That of a run, made when it is first asked for. */
    static Confirmed of(String run) {
        return BY_RUN.computeIfAbsent(run, name -> new Confirmed());
    }

    /** Has one write fail as a broken job fails: it restores from its last checkpoint. */
    void failOnce() {
        failuresWanted.set(1);
    }

    boolean takesFailure() {
        return failuresWanted.getAndUpdate(wanted -> Math.max(0, wanted - 1)) > 0;
    }

    void published(Frontier frontier) {
        FlushId flush = new FlushId(frontier.getAttempt(), frontier.getSubtask(), frontier.getFlush());
        long[] cut = cut(frontier);
        attempts.put(frontier.getAttempt(), true);
        if (frontier.getPhase() == FrontierPhase.ANNOUNCED) {
            announced.put(flush, new OnItsWay(cut, new AtomicInteger(frontier.getKeysWritten())));
        } else {
            acknowledged.put(frontier.getSubtask(), cut);
        }
    }

    private static long[] cut(Frontier frontier) {
        long[] cut = new long[Workload.PARTITIONS];
        for (PartitionFrontier partition : frontier.getPartitions()) {
            cut[partition.getPartition()] = partition.getNextOffset();
        }
        return cut;
    }

    /** A portion of a flush, the last of which reaches its cut. */
    void written(FlushId flush, int count, long bytes, long nanos) {
        states.add(count);
        headBytes.add(bytes);
        OnItsWay whole = announced.get(flush);
        if (whole != null && whole.missing().addAndGet(-count) == 0) {
            flushes.increment();
            announced.remove(flush);
            List<Reached> list = reached.computeIfAbsent(flush.subtask(), none -> new ArrayList<>());
            synchronized (list) {
                list.add(new Reached(nanos, whole.cut()));
            }
        }
    }

    /** How many events are confirmed: of all subtasks the mean, as each has its own part of the keys. */
    long events(int parallelism) {
        return acknowledged.values().stream().flatMapToLong(Arrays::stream).sum() / parallelism;
    }

    /** Whether every subtask has acknowledged so many of the first events. */
    boolean covers(long events, int parallelism) {
        if (acknowledged.size() < parallelism) {
            return false;
        }
        for (long[] cut : acknowledged.values()) {
            for (int partition = 0; partition < Workload.PARTITIONS; partition++) {
                if (cut[partition] < Workload.nextOffset(events, partition)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** By subtask, in the order of time. */
    Map<Integer, List<Reached>> reached() {
        Map<Integer, List<Reached>> copy = new HashMap<>();
        reached.forEach((subtask, list) -> {
            synchronized (list) {
                copy.put(subtask, List.copyOf(list));
            }
        });
        return copy;
    }

    long statesWritten() {
        return states.sum();
    }

    long headBytes() {
        return headBytes.sum();
    }

    long flushes() {
        return flushes.sum();
    }

    /** How often a subtask has begun. */
    int attempts() {
        return attempts.size();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("acknowledged");
        acknowledged.forEach(
                (subtask, cut) -> text.append(" ").append(subtask).append(":").append(Arrays.toString(cut)));
        return text.toString();
    }
}
