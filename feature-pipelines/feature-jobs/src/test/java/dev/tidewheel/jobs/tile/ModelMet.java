package dev.tidewheel.jobs.tile;

import java.util.EnumMap;
import java.util.Map;

/** What runs came across: a check that never meets a zombie proves nothing about zombies. */
final class ModelMet {

    enum Event {
        CHECKPOINT_COMPLETE,
        CHECKPOINT_GIVEN_UP,
        RESTORE_OF_THE_LAST,
        RESTORE_OF_ONE_BEFORE,
        RESTORE_WITH_OTHER_PARALLELISM,
        FAILURE_WHILE_A_SUBTASK_WAITS,
        ZOMBIE_WRITE,
        WRITE_OF_A_DEAD_ATTEMPT,
        WRITE_SUPERSEDED,
        WRITE_IN_PART,
        FLUSH_IN_PORTIONS,
        WRITE_AGAIN_LATER,
        ANSWER_LOST,
        WRITE_REFUSED,
        FRONTIER_LOST,
        FRONTIER_TWICE,
        STORE_FAILED_OVER,
        STORE_EMPTIED,
        STORE_FOUND_REPLACED,
        STORE_REFILLED,
        WRITE_OF_AN_ERASED_KEY,
        JOB_LEAVES_OUT_MORE,
        RECORD_LEFT_OUT,
        ERASED_KEY_DROPPED,
        BASE_WRITTEN,
        IDS_FREED,
        RECORD_TO_ONE,
        RECORD_TO_TWO,
        ROW_TAKEN_AWAY,
        LATE,
        REJECTED,
        FILTERED,
        DUPLICATE
    }

    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    void met(Event event) {
        counts.merge(event, 1L, Long::sum);
    }

    long count(Event event) {
        return counts.getOrDefault(event, 0L);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Event event : Event.values()) {
            text.append(String.format("%,12d  %s%n", count(event), event));
        }
        return text.toString();
    }
}
