package dev.tidewheel.feature.view;

import dev.tidewheel.feature.row.Row;

/** What a view's expressions make of a source row. */
sealed interface Evaluation {

    /**
     * The row counts.
     *
     * @param inputs one slot per input of the plan; null where the row does not count
     */
    record Counts(Row inputs) implements Evaluation {}

    /** The view's {@code where} is not true. */
    record Filtered() implements Evaluation {
        static final Filtered INSTANCE = new Filtered();
    }

    /**
     * An expression failed.
     *
     * @param reason which one, how, and on what
     */
    record Failed(String reason) implements Evaluation {}
}
