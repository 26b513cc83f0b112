package dev.tidewheel.historyjobs;

import java.io.Serializable;

/**
 * Hears how far the tasks of a batch are, from the task's own thread and before it goes on: whoever wants to see what a death
 * does lets it come there. Travels in the job graph.
 */
interface Steps extends Serializable {
    /** Nobody hears it. */
    Steps UNHEARD = step -> {};

    /** What a task does again and again. */
    enum Step {
        /** A question was answered, in the midst of playing keys. */
        ANSWERED,
        /** The values of a rank were written, into a file that is not complete. */
        WRITTEN
    }

    void reached(Step step);
}
