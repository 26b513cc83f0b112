package dev.tidewheel.historyjobs;

import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.values.ViewPart.Terms;
import java.io.IOException;
import java.io.Serializable;

/** The views of a batch, by their numbers. Travels in the job graph, and makes where it arrives what does not travel. */
interface ClusterViews extends Serializable {

    /** What a view means. */
    Terms terms(int view) throws IOException;

    /** Opens the history of a view's source. */
    OpenScan open(int view) throws IOException;

    /** Whether the history of a view's source is held whole by whoever reads it: then one subtask does. */
    boolean isHeld(int view) throws IOException;

    /** A history that can be read until it is closed. */
    interface OpenScan extends AutoCloseable {
        ChangeScan scan();

        @Override
        void close() throws IOException;
    }
}
