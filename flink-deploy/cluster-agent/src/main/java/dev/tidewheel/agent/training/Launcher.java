package dev.tidewheel.agent.training;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs trainers somewhere, one for each run's folder. A trainer outlives the agent that started it; a later agent finds it
 * by its folder. What has to be done and when is decided elsewhere. For one thread.
 */
public interface Launcher {
    /** Reasons are kept in every later decision's state, so they are short; the log has the rest. */
    int LAST_WORDS = 300;

    /** What has become of a folder's trainer. */
    enum Life {
        /** None was started. */
        NONE,
        /** It works. */
        RUNNING,
        /** It has ended, well or not: its result tells. */
        ENDED
    }

    /** Looks for the folder's trainer. */
    Life look(Path folder) throws IOException;

    /**
     * Starts a trainer with {@code trainer.yaml} of the folder. Its output goes to the folder's log.
     *
     * @throws IOException if it cannot be started
     */
    void start(Path folder) throws IOException;

    /**
     * Ends the folder's trainer with all that it has started, and returns when it is gone. Nothing happens if there is
     * none.
     */
    void stop(Path folder) throws IOException, InterruptedException;

    /**
     * Where the folder's trainers wrote what they did, below the folder that holds it, and their last words, for people:
     * passwords masked, one line, at most {@value #LAST_WORDS} characters.
     */
    String lastWords(Path folder) throws IOException;
}
