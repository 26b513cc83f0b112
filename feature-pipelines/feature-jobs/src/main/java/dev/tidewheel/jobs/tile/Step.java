package dev.tidewheel.jobs.tile;

/** Moments of a keyed stage that have a name, so that a test can let something die at one of them. */
public enum Step {
    /** Changed keys are about to be encoded. */
    BEFORE_FLUSH,
    /** They are encoded; nobody has been told. */
    BEFORE_ANNOUNCEMENT,
    /** Kafka has the flush's announcement. */
    AFTER_ANNOUNCEMENT,
    /** The values are about to go to the store; again with each try. */
    BEFORE_WRITE,
    /** The store has taken the values. */
    AFTER_WRITE,
    /** And it was the store that all others had gone to. */
    AFTER_CONFIRMATION,
    /** The flush is through; nobody has been told. */
    BEFORE_ACKNOWLEDGEMENT,
    /** Kafka has the flush's acknowledgement. */
    AFTER_ACKNOWLEDGEMENT,
    /** A checkpoint's barrier is here; what has changed before it is not flushed. */
    BEFORE_BARRIER,
    /** Store and Kafka have confirmed everything before the barrier. */
    AFTER_BARRIER,
    /** The barrier has been sent on; state is about to be saved. */
    BEFORE_SNAPSHOT,
    /** State is saved, or on its way. */
    AFTER_SNAPSHOT,
    /** All subtasks have saved theirs: the checkpoint is what a restart would begin with. */
    AFTER_CHECKPOINT,
    /** The raw table has the rows of a checkpoint. */
    AFTER_RAW_COMMIT,
    /** A restored subtask has met another store, and is about to write all its keys. */
    BEFORE_REFILL,
    /** Some of them are written. */
    DURING_REFILL,
    /** A subtask has begun, restored or not. */
    AFTER_START
}
