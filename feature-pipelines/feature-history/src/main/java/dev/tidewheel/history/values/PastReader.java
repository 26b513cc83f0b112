package dev.tidewheel.history.values;

import dev.tidewheel.feature.view.FeatureValues;
import java.io.IOException;
import java.util.List;

/**
 * Finds what views said at moments of the past: first {@link #ask} every question, then {@link #answer}, then take the
 * values in the order in which the questions were asked. That number, from 0, is a question's rank, and decides the order
 * of everything that is written; where and by how many values are found decides nothing. For one thread.
 */
public interface PastReader extends AutoCloseable {

    /** Makes one. */
    @FunctionalInterface
    interface Maker {
        /**
         * @param views in the order in which keys and values come
         * @param delayMillis a question at t sees only what was visible so long before; windows still end at t
         */
        PastReader open(List<PastValues.View> views, long delayMillis) throws IOException;
    }

    /**
     * Asks every view at a moment; its rank is how many were asked before.
     *
     * @param t epoch milliseconds
     * @param keys one per view
     */
    void ask(long t, List<String> keys) throws IOException;

    /**
     * Finds all values; to be called once, when everything was asked.
     *
     * @throws IllegalStateException if a key cannot be played
     */
    void answer(PastValues.Progress progress) throws IOException, InterruptedException;

    /**
     * The values of the next question, one per view: by rank, each once.
     *
     * @throws IllegalStateException if all were taken
     */
    List<FeatureValues> next() throws IOException;

    @Override
    void close() throws IOException;
}
