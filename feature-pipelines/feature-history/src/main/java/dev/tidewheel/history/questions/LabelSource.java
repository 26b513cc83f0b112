package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;

/** Knows the labels of a table of questions, by the question's row. Immutable and thread-safe. */
interface LabelSource {

    /** The label's name and type. */
    Column column();

    /** What is known of a row's label by the moment as of which the set is built. */
    Skipped.Label state(int row);

    /** Puts a label that is known into the only slot of a row. */
    void copy(int row, Row to);
}
