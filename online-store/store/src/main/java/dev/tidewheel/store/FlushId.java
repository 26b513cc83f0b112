package dev.tidewheel.store;

/**
 * Which flush of which subtask wrote a value: looked up on the topic of frontiers, it becomes the cut of source offsets
 * that the value contains.
 *
 * @param attempt unique per start of the subtask
 * @param subtask the subtask's index
 * @param flush the flush's number within the attempt, from 1
 */
public record FlushId(long attempt, int subtask, long flush) {
    /** For values that no flush wrote. */
    public static final FlushId NONE = new FlushId(0, 0, 0);
}
