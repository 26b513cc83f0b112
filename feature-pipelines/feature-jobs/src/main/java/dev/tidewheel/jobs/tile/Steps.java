package dev.tidewheel.jobs.tile;

/**
 * Is told when a step is reached. Does nothing in production. In tests it may end the process, or throw an {@link Error},
 * which fails the task.
 */
@FunctionalInterface
public interface Steps {
    /** Lets everything pass. */
    Steps NONE = step -> {};

    /** On whichever thread reaches it. */
    void reached(Step step);
}
